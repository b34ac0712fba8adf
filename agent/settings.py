"""What a run is told: which engine, which model, where, how much at once, and what happens when it cannot answer."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from agent.errors import UsageError

EngineChoice = Literal["auto", "llm", "rules"]
_RATE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*/\s*(s|sec|second|m|min|minute|h|hour|d|day)\s*")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True, slots=True)
class Settings:
    """The options that all commands and the Python interface share; the defaults are those of the command line.

    `engine` auto means the model where a key or a base URL is set, else rules. `offline` answers from the cache alone.
    `strict` makes a paper fail that the model could not answer, where otherwise rules answer it. `temperature`,
    `max_tokens` (of one answer), `seed` and `reasoning_effort` are sent only when set, as some models refuse them.
    `timeout` is in seconds for one request. `max_requests` and `max_tokens_total` bound a run; `rate` ("300/min") and
    `tokens_per_minute` bound its speed.
    """

    engine: EngineChoice = "auto"
    model: str | None = field(default_factory=lambda: os.environ.get("PERFCLAIMS_MODEL") or None)
    base_url: str | None = field(default_factory=lambda: os.environ.get("OPENAI_BASE_URL") or None)
    api_key: str | None = field(default_factory=lambda: os.environ.get("OPENAI_API_KEY") or None, repr=False)
    concurrency: int = 32
    cache: Path | None = None
    use_cache: bool = True
    offline: bool = False
    strict: bool = False
    temperature: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    reasoning_effort: str | None = None
    timeout: float = 90.0
    max_requests: int | None = None
    max_tokens_total: int | None = None
    rate: str | None = None
    tokens_per_minute: int | None = None
    explain_misses: bool = False

    def __post_init__(self) -> None:
        if self.rate is not None:
            per_second(self.rate)
        if self.concurrency < 1:
            raise UsageError(f"concurrency is {self.concurrency}, but at least 1 request must be in flight")
        if self.offline and not self.use_cache:
            raise UsageError("offline answers come from the cache, so it cannot be switched off at the same time")

    @property
    def requests_per_second(self) -> float | None:
        """What `rate` says; None where it says nothing."""
        return None if self.rate is None else per_second(self.rate)

    @property
    def tokens_per_second(self) -> float | None:
        """What `tokens_per_minute` says; None where it says nothing."""
        return None if self.tokens_per_minute is None else self.tokens_per_minute / 60

    @property
    def asks_a_model(self) -> bool:
        """Whether this run goes to a model, in person or by its cached answers."""
        return self.engine == "llm" or (self.engine == "auto" and bool(self.api_key or self.base_url or self.offline))


def per_second(rate: str) -> float:
    """A rate such as "300/min", "5/s" or "10000/day" in events per second; raises UsageError for anything else.

    >>> per_second("300/min")
    5.0
    """
    match = _RATE.fullmatch(rate)
    if match is None or float(match[1]) <= 0:
        raise UsageError(f"the rate {rate!r} cannot be read; write it as 300/min, 5/s or 10000/day")
    return float(match[1]) / _SECONDS[match[2][0]]
