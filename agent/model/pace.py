"""How fast requests may be sent, so that a run stays below a provider's limits instead of running into them."""

import asyncio
import time
from typing import Any

from agent.model.gate import Clock, Sleep
from agent.model.request import tokens_of
from agent.model.usage import Usage

TYPICAL_ANSWER = 250
"""Tokens that an answer is reckoned at before it is there."""


class Pace:
    """Spaces requests out evenly: at most `requests` and at most `tokens` a second on average, whichever is slower.

    Each request takes the next free moment, and moves it on by what it costs (a leaky bucket as a meter, ITU-T I.371,
    with no burst). Tokens are estimated before the answer is there and put right after it.
    """

    def __init__(
        self,
        requests: float | None = None,
        tokens: float | None = None,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._requests, self._tokens = requests, tokens
        self._clock, self._sleep = clock, sleep
        self._next_request = self._next_tokens = clock()

    async def turn(self, body: dict[str, Any]) -> int:
        """Wait until this request may be sent; gives the tokens that it was reckoned at."""
        reckoned = tokens_of(body) + TYPICAL_ANSWER if self._tokens else 0
        now = self._clock()
        moment = now
        if self._requests:
            moment = max(moment, self._next_request)
        if self._tokens:
            moment = max(moment, self._next_tokens)
        if self._requests:
            self._next_request = moment + 1 / self._requests
        if self._tokens:
            self._next_tokens = moment + reckoned / self._tokens
        if moment > now:
            await self._sleep(moment - now)
        return reckoned

    def settle(self, reckoned: int, usage: Usage) -> None:
        """Put right what a request was reckoned at, now that its answer says what it cost."""
        if self._tokens and (actual := usage.input_tokens + usage.output_tokens):
            self._next_tokens += (actual - reckoned) / self._tokens
