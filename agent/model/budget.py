"""What a run may spend, in requests and in tokens."""

from dataclasses import dataclass

from agent.errors import ServiceError
from agent.model.usage import Usage


class BudgetSpent(ServiceError):
    """The run may ask no more, by its own bound."""


@dataclass(slots=True)
class Budget:
    """Bounds on a run: `requests` sent, also those sent again, and `tokens` in and out together.

    Requests that are under way when the last token is spent are still paid for, so that tokens may go over the bound
    by as many answers as are in flight.
    """

    requests: int | None = None
    tokens: int | None = None
    sent: int = 0
    spent: int = 0

    def take(self) -> None:
        """Take one request out; raises BudgetSpent where a bound is reached."""
        if self.requests is not None and self.sent >= self.requests:
            raise BudgetSpent(f"the bound of {self.requests} requests is reached (--max-requests)")
        if self.tokens is not None and self.spent >= self.tokens:
            raise BudgetSpent(f"the bound of {self.tokens} tokens is reached (--max-tokens-total)")
        self.sent += 1

    def pay(self, usage: Usage) -> None:
        """Note what an answer cost."""
        self.spent += usage.input_tokens + usage.output_tokens
