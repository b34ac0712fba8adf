"""The gate that every request of a run passes: where one overload slows all, and a dead service is noticed once."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

from agent.errors import ServiceError

FAILURES = 5
"""Requests in a row that fail with no answer in between, before only one at a time is let through."""
PROBES = 5
"""Requests that then fail one after another, before the run stops asking. Also the requests given up in a row."""
LONGEST_PAUSE = 3.0
"""Seconds between two probes at most: a service is given up after some ten seconds without an answer."""

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]
Jitter = Callable[[], float]


class Gate:
    """Lets requests through, holds them back while the service asks for it, and shuts when the service is gone.

    `clock` gives seconds that only go forward, `sleep` waits for some, `jitter` gives numbers in [0, 1).
    """

    def __init__(
        self, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep, jitter: Jitter = random.random
    ) -> None:
        self._clock, self._sleep, self._jitter = clock, sleep, jitter
        self._opens_at = clock()
        self._failures = self._given_up = 0
        self._probe_is_out = False
        self.has_answered = False
        self._turn = asyncio.Event()
        self._shut: ServiceError | None = None

    @property
    def shut(self) -> str | None:
        """Why no more requests are let through; None while they are."""
        return None if self._shut is None else str(self._shut)

    async def enter(self) -> bool:
        """Wait for a turn; True if this request is a probe. Whoever has entered must leave.

        Raises the error that the gate was shut with.
        """
        while True:
            if self._shut is not None:
                raise type(self._shut)(str(self._shut))
            pause = self._opens_at - self._clock()
            if pause > 0:
                await self._sleep(pause + self._jitter() * min(1.0, pause / 10))
            elif self._failures < FAILURES:
                return False
            elif not self._probe_is_out:
                self._probe_is_out = True
                return True
            else:
                self._turn.clear()
                await self._turn.wait()

    def leave(self, probe: bool) -> None:
        """Give up a turn that was entered."""
        if probe:
            self._probe_is_out = False
        self._turn.set()

    def answered(self) -> None:
        """Note that the service answered: it is there."""
        self.has_answered = True
        self._failures = self._given_up = 0

    def pause(self, seconds: float) -> None:
        """Hold all requests back for at least this long, as the service is there but asks for it."""
        self._failures = 0
        self.has_answered = True
        self._opens_at = max(self._opens_at, self._clock() + seconds)

    def failed(self, probe: bool, reason: str) -> None:
        """Note a request that got no answer; those under way when probing began say nothing new and do not count."""
        if self._failures >= FAILURES and not probe:
            return
        self._failures += 1
        probes = self._failures - FAILURES
        if probes >= PROBES:
            self.close(ServiceError(f"the service is down: {reason}, {self._failures} times with no answer in between"))
        elif probes >= 0:
            self._opens_at = max(self._opens_at, self._clock() + min(LONGEST_PAUSE, 0.5 * 2**probes))

    def gave_up(self, reason: str) -> None:
        """Note a request that was tried to the end in vain."""
        self._given_up += 1
        if self._given_up >= PROBES:
            self.close(ServiceError(f"the service answers no more: {reason}, for {self._given_up} requests in a row"))

    def close(self, error: ServiceError) -> None:
        """Let nothing through any more; the first error stays."""
        self._shut = self._shut or error
        self._turn.set()
