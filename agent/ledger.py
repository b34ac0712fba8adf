"""The books of a run: what was done, from where, and at what cost."""

import time
from dataclasses import dataclass, field
from typing import Any

from agent.outcomes import Outcome


@dataclass(slots=True)
class Ledger:
    """Counts over the outcomes of a run, for the closing line.

    `requests` and the tokens are those of this run: what came from the cache cost nothing now. `price_in` and
    `price_out` are money per million tokens, if known.
    """

    price_in: float | None = None
    price_out: float | None = None
    records: int = 0
    by_rules: int = 0
    from_cache: int = 0
    asked: int = 0
    reasked: int = 0
    fallen_back: int = 0
    dropped: int = 0
    failed: int = 0
    skipped: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    _started: float = field(default_factory=time.monotonic)

    def enter(self, outcome: Outcome[Any]) -> None:
        """Book one outcome."""
        self.failed += bool(outcome.failure)
        self.records += not outcome.failure
        self.dropped += outcome.dropped
        self.fallen_back += outcome.fallback is not None
        self.by_rules += outcome.engine == "rules" and outcome.fallback is None
        self.from_cache += outcome.from_cache
        if not outcome.from_cache:
            self.asked += outcome.requests > 0
            self.reasked += max(outcome.requests - 1, 0)
            self.input_tokens += outcome.input_tokens
            self.output_tokens += outcome.output_tokens

    @property
    def money(self) -> float | None:
        """What the tokens cost, in the unit of the prices; None where no price is known."""
        if self.price_in is None and self.price_out is None:
            return None
        return (self.input_tokens * (self.price_in or 0) + self.output_tokens * (self.price_out or 0)) / 1e6

    def closing_line(self) -> str:
        """The whole run in one line: the counts that are not zero, tokens, money, seconds."""
        counts = (
            (self.by_rules, "by rules"),
            (self.from_cache, "from cache"),
            (self.asked, "asked"),
            (self.reasked, "re-asks"),
            (self.fallen_back, "fallen back to rules"),
            (self.dropped, "items dropped"),
            (self.failed, "failed"),
            (self.skipped, "entries skipped"),
        )
        parts = [f"{self.records} records", *(f"{count} {what}" for count, what in counts if count)]
        if self.input_tokens or self.output_tokens:
            parts.append(f"{self.input_tokens:,} tokens in, {self.output_tokens:,} out")
        if self.money is not None:
            parts.append(f"cost {self.money:.4f}")
        return ", ".join(parts) + f" in {time.monotonic() - self._started:.1f} s"
