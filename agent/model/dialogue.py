"""The dialogue with a model about one paper: asked through Instructor, checked, asked again with what was wrong."""

import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from agent.errors import ModelError, PerfclaimsError, ServiceError, ServiceRefused
from agent.model.answered import Answered
from agent.model.checks import Checked, check_answer, settle
from agent.model.request import ModelOptions, build_body, build_reask
from agent.model.transport import Transport
from agent.model.usage import Usage
from agent.papers import Paper
from prompts import Prompt
from schemas import answer_schema

REASKS = 2
"""How often an answer with problems is asked again at most."""
MOST_PROBLEMS = 20
"""Problems that one re-ask names."""


@dataclass(slots=True)
class _Dialogue:
    paper: Paper
    prompt: Prompt
    body: dict[str, Any]
    answers: list[str] = field(default_factory=list)
    problems: tuple[str, ...] = ()
    checked: Checked | None = None
    usage: Usage = field(default_factory=Usage)

    def request(self) -> dict[str, Any]:
        """The first request, or the same with the last answer and what was wrong with it."""
        if not self.answers:
            return self.body
        more = len(self.problems) - MOST_PROBLEMS
        lines = [*self.problems[:MOST_PROBLEMS], *([f"and {more} more of the kind"] if more > 0 else [])]
        return build_reask(self.body, self.answers[-1], self.prompt.again(lines))

    def take(self, text: str) -> Checked | None:
        """Check the answer just given; None if it has to be asked again."""
        try:
            checked = check_answer(text, self.paper)
            self.problems = checked.problems
        except ModelError as error:
            self.problems = (str(error),)
        else:
            self.checked = None if self.problems else checked
        return self.checked


_current: ContextVar[_Dialogue] = ContextVar("dialogue")


class Asker:
    """Asks one model about papers, many at a time, over one transport."""

    def __init__(self, options: ModelOptions, prompt: Prompt, transport: Transport, *, reasks: int = REASKS) -> None:
        self._options, self._prompt, self._transport, self._reasks = options, prompt, transport, reasks
        self._create = _instructed(self._send)
        self._shape = _answer_shape()

    @property
    def down(self) -> str | None:
        """Why the service is not asked any more; None while it is."""
        return self._transport.gate.shut

    async def ask(self, paper: Paper) -> Answered:
        """Ask about one paper until the answer passes the checks or the re-asks are spent, and keep what is sound.

        Raises ModelError for a refusal, an answer that was cut off and one of which nothing is sound, ServiceError
        where the service gave no answer, ServiceRefused where it gives none in this run. The error's `usage` is what
        it cost.
        """
        dialogue = _Dialogue(paper, self._prompt, build_body(paper, self._options, self._prompt))
        before = _current.set(dialogue)
        try:
            fault = await self._talk(dialogue)
            if isinstance(fault, ServiceRefused) or (fault and not dialogue.answers):
                raise fault
            try:
                checked = dialogue.checked or settle(dialogue.answers, paper)
            except ModelError as error:
                raise (fault or error) from None
        except (ModelError, ServiceError) as error:
            error.usage = dialogue.usage
            raise
        finally:
            _current.reset(before)
        return Answered(checked.claims, checked.dropped, dialogue.usage, tuple(dialogue.answers), fault is None)

    async def close(self) -> None:
        """Close the transport."""
        await self._transport.close()

    async def _talk(self, dialogue: _Dialogue) -> PerfclaimsError | None:
        """Have the dialogue through Instructor, and give back what ended it before its time."""
        from instructor.core import InstructorRetryException, ResponseParsingError

        try:
            await self._create(response_model=self._shape, max_retries=self._reasks, **dialogue.body)
        except InstructorRetryException as error:
            if isinstance(error.__cause__, ResponseParsingError):
                return None
            if isinstance(error.__cause__, PerfclaimsError):
                return error.__cause__
            raise error.__cause__ or error from None
        return None

    async def _send(self, **_: object) -> SimpleNamespace:
        """Send what the dialogue has to say next; the request that Instructor made up is the same less strictness."""
        dialogue = _current.get()
        reply = await self._transport.post(dialogue.request())
        dialogue.usage = dialogue.usage.plus(reply.usage)
        text = reply.whole()
        dialogue.answers.append(text)
        message = SimpleNamespace(role="assistant", content=text)
        return SimpleNamespace(choices=[SimpleNamespace(finish_reason="stop", message=message)], usage=None)


def _instructed(send: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[Checked]]:
    import instructor

    logging.getLogger("instructor").addHandler(logging.NullHandler())  # faults are reported once, by this project
    return cast(Callable[..., Awaitable[Checked]], instructor.patch(create=send, mode=instructor.Mode.JSON_SCHEMA))


def _answer_shape() -> type[object]:
    """The model that Instructor sees: flat, its schema made once, its validation the checks of this project."""
    from instructor import OpenAISchema
    from instructor.core import ResponseParsingError

    class Answer(OpenAISchema):
        @classmethod
        def model_json_schema(cls, *_: object, **__: object) -> dict[str, Any]:
            return answer_schema()

        @classmethod
        def model_validate_json(cls, json_data: str, **_: object) -> Checked:  # type: ignore[override]
            dialogue = _current.get()
            checked = dialogue.take(json_data)
            if checked is None:
                raise ResponseParsingError("; ".join(dialogue.problems))
            return checked

    return Answer
