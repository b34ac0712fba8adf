"""What came of one paper in a run, as small as it can cross from one process to another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from agent.model.usage import Usage
from agent.papers import Paper
from schemas import Record

View = TypeVar("View")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[View]):
    """A paper's record as its reader wants it (`view`: the record, or its row of an export), or why there is none.

    `from_cache` says that no request was sent for it in this run; the token counts are those of the record.
    """

    id: str
    title: str
    view: View | None
    failure: str = ""
    engine: str = ""
    fallback: str | None = None
    dropped: int = 0
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    from_cache: bool = False
    headline: str = ""
    factor: float = 0.0

    @property
    def place(self) -> str:
        """How a message names the paper."""
        return f"{self.id} ({self.title[:60]})" if self.title else self.id


def outcome_of(record: Record, view: Callable[[Record], View], *, from_cache: bool = False) -> Outcome[View]:
    """The outcome of a paper that has its record."""
    provenance = record.provenance
    return Outcome(
        id=record.id,
        title=record.title,
        view=view(record),
        engine=provenance.engine,
        fallback=provenance.fallback,
        dropped=len(provenance.dropped),
        requests=provenance.requests,
        input_tokens=provenance.input_tokens,
        output_tokens=provenance.output_tokens,
        from_cache=from_cache,
        headline=record.headline,
        factor=max((claim.factor[1] for claim in record.speedups), default=0.0),
    )


def failed(paper: Paper, reason: str, usage: Usage) -> Outcome[View]:
    """The outcome of a paper that has no record, which only a strict run lets happen; `usage` is what it cost."""
    return Outcome(paper.id, paper.title, None, failure=reason, **usage._asdict())
