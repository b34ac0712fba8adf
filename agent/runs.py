"""A run: papers in, outcomes out, in the order of the feed, by whichever engine the settings choose."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Coroutine, Iterable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeVar

from agent.outcomes import Outcome, View
from agent.papers import Paper
from agent.readahead import read_ahead
from agent.settings import Settings
from schemas import Record

if TYPE_CHECKING:
    from agent.model.service import Source

Result = TypeVar("Result")
FEWEST_AHEAD = 256
"""Papers that may be under way or done before their turn: a slow answer holds up no other, in bounded memory."""


async def outcomes(
    papers: Iterable[Paper],
    settings: Settings,
    view: Callable[[Record], View],
    notice: Callable[[str], None],
    source: "Source | None" = None,
) -> AsyncGenerator[Outcome[View], None]:
    """The outcome of every paper, in order; `view` makes of a record what the caller wants to have of it.

    `notice` is told, in a line, what concerns the run as a whole. `source` answers in place of the service. Raises
    ServiceRefused where the service will answer no request of this run, and InputError for what is wrong with the
    settings.
    """
    async with aclosing(read_ahead(papers)) as stream:
        if not settings.asks_a_model and source is None:
            if settings.engine == "auto":
                notice("no key and no base URL, so rules answer; OPENAI_API_KEY or --base-url asks a model")
            from agent.workers import outcomes_by_rules

            async with aclosing(outcomes_by_rules(stream, view)) as found:
                async for outcome in found:
                    yield outcome
            return

        from agent.answering import Answering

        answering = Answering(settings, notice, source)
        ahead = max(FEWEST_AHEAD, 4 * settings.concurrency)
        try:
            async with aclosing(_in_order(stream, lambda paper: answering.outcome(paper, view), ahead)) as found:
                async for outcome in found:
                    yield outcome
        finally:
            await answering.close()


async def _in_order(
    papers: AsyncIterable[Paper], work: Callable[[Paper], Coroutine[None, None, Result]], ahead: int
) -> AsyncGenerator[Result, None]:
    under_way: asyncio.Queue[asyncio.Task[Result] | None] = asyncio.Queue()
    room = asyncio.Semaphore(ahead)

    async def start_all() -> None:
        try:
            async for paper in papers:
                await room.acquire()
                under_way.put_nowait(asyncio.create_task(work(paper)))
        finally:
            under_way.put_nowait(None)

    starting = asyncio.create_task(start_all())
    try:
        while (task := await under_way.get()) is not None:
            yield await task
            room.release()
        await starting
    finally:
        ending: list[asyncio.Task[Any]] = [starting]
        while not under_way.empty():
            if (waiting := under_way.get_nowait()) is not None:
                ending.append(waiting)
        for each in ending:
            each.cancel()
        # The feed may only be closed once nobody reads it any more.
        await asyncio.gather(*ending, return_exceptions=True)
