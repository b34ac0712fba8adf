"""What a run may spend, in requests and in tokens."""

from dataclasses import dataclass
from typing import Any

from agent.errors import ServiceError
from agent.model.gate import Gate
from agent.model.replies import Reply
from agent.model.transport import Transport


class BudgetSpent(ServiceError):
    """The run may ask no more, by its own bound."""


@dataclass(slots=True)
class Budget:
    """A transport that stops at a bound: `requests` sent, or `tokens` in and out together, whichever comes first.

    Requests that are under way when the last token is spent are still paid for, so that tokens may go over the bound
    by as many answers as are in flight.
    """

    transport: Transport
    requests: int | None = None
    tokens: int | None = None
    sent: int = 0
    spent: int = 0

    @property
    def gate(self) -> Gate:
        """The gate of the transport."""
        return self.transport.gate

    @property
    def is_spent(self) -> str | None:
        """Which bound is reached; None while none is."""
        if self.requests is not None and self.sent >= self.requests:
            return f"the bound of {self.requests} requests is reached (--max-requests)"
        if self.tokens is not None and self.spent >= self.tokens:
            return f"the bound of {self.tokens} tokens is reached (--max-tokens-total)"
        return None

    async def post(self, body: dict[str, Any]) -> Reply:
        """Send a request as the transport does; raises BudgetSpent where it may not be sent."""
        if reason := self.is_spent:
            raise BudgetSpent(reason)
        self.sent += 1
        reply = await self.transport.post(body)
        self.spent += reply.usage.input_tokens + reply.usage.output_tokens
        return reply

    async def close(self) -> None:
        """Close the transport."""
        await self.transport.close()
