"""What a service said, cut down to what matters: the answer, how it ended, and what it cost."""

import json
from dataclasses import dataclass

from agent.errors import ModelError
from agent.model.faults import Fault
from agent.model.usage import Usage


@dataclass(frozen=True, slots=True)
class Reply:
    """One completion: the text, why it ended, what the model said in refusing, and the tokens of this one request."""

    text: str
    finish_reason: str
    refusal: str
    usage: Usage

    def whole(self) -> str:
        """The text of an answer that came to its end.

        Raises ModelError for a refusal, a filtered answer and one that was cut off: to ask again would not help.
        """
        if self.refusal:
            raise ModelError(f"the model refused: {self.refusal}")
        if self.finish_reason == "content_filter":
            raise ModelError("the content filter of the service stopped the answer")
        if self.finish_reason == "length":
            raise ModelError(f"the answer was cut off after {self.usage.output_tokens} tokens")
        return self.text


def reply_of(page: bytes) -> Reply:
    """Read the body of a response with status 200.

    Raises Fault for what is no completion: an HTML page, broken JSON, and what `reply_in` says.
    """
    try:
        completion = json.loads(page)
    except (ValueError, RecursionError):
        kind = "a page of HTML" if page.lstrip()[:1] == b"<" else "a page that is no JSON"
        raise Fault(f"{kind} instead of an answer") from None
    return reply_in(completion)


def reply_in(completion: object) -> Reply:
    """Read a completion as parsed JSON, whatever it is.

    Raises Fault for what is none: no choices, a choice without a message.
    """
    choices = _member(completion, "choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = _member(choice, "message")
    if not isinstance(message, dict):
        raise Fault("a reply without choices instead of an answer")
    usage = _member(completion, "usage")
    return Reply(
        text=_text(message.get("content")),
        finish_reason=_text(_member(choice, "finish_reason")),
        refusal=" ".join(_text(message.get("refusal")).split())[:200],
        usage=Usage(1, _count(_member(usage, "prompt_tokens")), _count(_member(usage, "completion_tokens"))),
    )


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 10**9 else 0
