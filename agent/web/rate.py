"""How much one client may ask of the web app."""

import time
from collections import OrderedDict
from collections.abc import Callable

BURST = 240
"""Requests that change something which a client may send at once."""
PER_SECOND = 4.0
"""Requests that change something which a client may send on average."""
CLIENTS = 1_000
"""Clients that are remembered; the one that was silent longest is forgotten first."""


class Rate:
    """A token bucket for each client: `burst` at once, `per_second` on average."""

    def __init__(
        self, burst: int = BURST, per_second: float = PER_SECOND, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst, self._per_second, self._clock = burst, per_second, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> float:
        """Take one request of a client out; 0 if it may go on, else the seconds until it may."""
        now = self._clock()
        left, seen = self._buckets.pop(client, (float(self._burst), now))
        left = min(float(self._burst), left + (now - seen) * self._per_second)
        allowed = left >= 1
        self._buckets[client] = (left - allowed, now)
        if len(self._buckets) > CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._per_second
