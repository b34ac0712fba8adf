"""What a service said, cut down to what matters: the answer, how it ended, and what it cost."""

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


def reply_of(completion: object) -> Reply:
    """Read a completion, whatever it is: the client passes on what a server sends without looking.

    Raises Fault for what is no completion: an HTML page, no choices, a choice without a message.
    """
    choices = getattr(completion, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = getattr(choice, "message", None)
    if message is None:
        kind = "a page of text" if isinstance(completion, str) else "a reply without choices"
        raise Fault(f"{kind} instead of an answer")
    usage = getattr(completion, "usage", None)
    return Reply(
        text=_text(getattr(message, "content", None)),
        finish_reason=_text(getattr(choice, "finish_reason", None)),
        refusal=" ".join(_text(getattr(message, "refusal", None)).split())[:200],
        usage=Usage(
            1, _count(getattr(usage, "prompt_tokens", None)), _count(getattr(usage, "completion_tokens", None))
        ),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 10**9 else 0
