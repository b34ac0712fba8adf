"""The rules at work: in this process for a feed of the usual size, spread over all cores for a large one."""

import asyncio
import os
import signal
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import islice

from agent.outcomes import Outcome, View, outcome_of
from agent.papers import Paper
from agent.records import compose
from agent.rules import find_claims
from schemas import Provenance, Record

LARGE = 1_000
"""Papers; a feed of more than these is spread, a smaller one is done before the processes would have started."""
CHUNK = 64
"""Papers that are sent to a process at a time."""
AHEAD = 4
"""Chunks for each process that may be under way or waiting to be taken, which is what bounds the memory."""


def by_rules(paper: Paper, fallback: str | None = None) -> Record:
    """The record of a paper by the rules; `fallback` is why they answer, where a model was asked."""
    return compose(paper, find_claims(paper), Provenance(engine="rules", model=None, prompt=None, fallback=fallback))


def outcome_by_rules(paper: Paper, view: Callable[[Record], View], fallback: str | None = None) -> Outcome[View]:
    """The outcome of a paper by the rules."""
    return outcome_of(by_rules(paper, fallback), view)


async def outcomes_by_rules(
    papers: Iterable[Paper], view: Callable[[Record], View], processes: int | None = None
) -> AsyncGenerator[Outcome[View], None]:
    """The outcomes of all papers by the rules, in their order, in bounded memory.

    `view` is called in the worker processes (as many as there are cores, unless `processes` says otherwise), so it
    must be a function of a module. A worker that dies loses nothing: its papers are done in this process.
    """
    stream = iter(papers)
    for paper in islice(stream, LARGE):
        yield outcome_by_rules(paper, view)
        await asyncio.sleep(0)
    chunks = iter(lambda: list(islice(stream, CHUNK)), [])
    if (first := next(chunks, None)) is None:
        return
    work = partial(_outcomes, view=view)
    with ProcessPoolExecutor(processes or os.cpu_count(), initializer=_leave_interrupts_to_the_parent) as pool:
        try:
            async for done in _in_order(pool, work, _chain(first, chunks), AHEAD * (processes or os.cpu_count() or 1)):
                for outcome in done:
                    yield outcome
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


async def _in_order(
    pool: ProcessPoolExecutor,
    work: Callable[[list[Paper]], list[Outcome[View]]],
    chunks: Iterator[list[Paper]],
    ahead: int,
) -> AsyncGenerator[list[Outcome[View]], None]:
    under_way: deque[tuple[list[Paper], Future[list[Outcome[View]]] | None]] = deque()
    broken = False
    while True:
        for chunk in islice(chunks, ahead - len(under_way)):
            under_way.append((chunk, None if broken else _submitted(pool, work, chunk)))
        if not under_way:
            return
        chunk, future = under_way.popleft()
        try:
            yield await asyncio.wrap_future(future) if future else work(chunk)
        except BrokenProcessPool:
            broken = True
            yield work(chunk)


def _submitted(
    pool: ProcessPoolExecutor, work: Callable[[list[Paper]], list[Outcome[View]]], chunk: list[Paper]
) -> Future[list[Outcome[View]]] | None:
    try:
        return pool.submit(work, chunk)
    except BrokenProcessPool:
        return None


def _outcomes(papers: list[Paper], view: Callable[[Record], View]) -> list[Outcome[View]]:
    return [outcome_by_rules(paper, view) for paper in papers]


def _chain(first: list[Paper], rest: Iterator[list[Paper]]) -> Iterator[list[Paper]]:
    yield first
    yield from rest


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
