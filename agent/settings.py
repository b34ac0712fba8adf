"""What a run is told: which engine, which model, where, how much at once, and what happens when it cannot answer."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from agent.errors import UsageError

EngineChoice = Literal["auto", "llm", "rules"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The options that all commands and the Python interface share; the defaults are those of the command line.

    `engine` auto means the model where a key or a base URL is set, else rules. `offline` answers from the cache alone.
    `strict` makes a paper fail that the model could not answer, where otherwise rules answer it. `temperature`,
    `max_tokens` (of one answer), `seed` and `reasoning_effort` are sent only when set, as some models refuse them.
    `timeout` is in seconds for one request. `max_requests` and `max_tokens_total` bound a run.
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
    explain_misses: bool = False

    def __post_init__(self) -> None:
        if self.concurrency < 1:
            raise UsageError(f"concurrency is {self.concurrency}, but at least 1 request must be in flight")
        if self.offline and not self.use_cache:
            raise UsageError("offline answers come from the cache, so it cannot be switched off at the same time")

    @property
    def asks_a_model(self) -> bool:
        """Whether this run goes to a model, in person or by its cached answers."""
        return self.engine == "llm" or (self.engine == "auto" and bool(self.api_key or self.base_url or self.offline))
