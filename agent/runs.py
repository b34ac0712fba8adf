"""A run: papers in, outcomes out, in the order of the feed, by whichever engine the settings choose."""

from collections.abc import AsyncGenerator, Callable, Iterable

from agent.outcomes import Outcome, View
from agent.papers import Paper
from agent.settings import Settings
from agent.workers import outcomes_by_rules
from schemas import Record


async def outcomes(
    papers: Iterable[Paper], settings: Settings, view: Callable[[Record], View]
) -> AsyncGenerator[Outcome[View], None]:
    """The outcome of every paper, in order; `view` makes of a record what the caller wants to have of it.

    Raises ServiceRefused where the service will answer no request of this run.
    """
    async for outcome in outcomes_by_rules(papers, view):
        yield outcome
