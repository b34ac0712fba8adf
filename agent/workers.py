"""The rules at work: in this process for a feed of the usual size, spread over all cores for a large one."""

import asyncio
import os
import signal
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from typing import Generic

from agent.model.usage import Usage
from agent.outcomes import Outcome, View, outcome_of
from agent.papers import Paper
from agent.records import compose
from schemas import Provenance, Record

LARGE = 1_000
"""Papers; a feed of more than these is spread, a smaller one is done before the processes would have started."""
CHUNK = 64
"""Papers that are sent to a process at a time."""
AHEAD = 4
"""Chunks for each process that may be under way or waiting to be taken, which is what bounds the memory."""


NO_COST = Usage()


def by_rules(paper: Paper, fallback: str | None = None, usage: Usage = NO_COST) -> Record:
    """The record of a paper by the rules.

    Where a model was asked, `fallback` is why they answer instead, and `usage` what the asking cost.
    """
    from agent.rules import find_claims  # their words and patterns take long to load; a replay has no use for them

    provenance = Provenance(engine="rules", model=None, prompt=None, fallback=fallback, **usage._asdict())
    return compose(paper, find_claims(paper), provenance)


async def outcomes_by_rules(
    papers: AsyncIterable[Paper], view: Callable[[Record], View], processes: int | None = None
) -> AsyncGenerator[Outcome[View], None]:
    """The outcomes of all papers by the rules, in their order, in bounded memory.

    `view` is called in the worker processes (as many as there are cores, unless `processes` says otherwise), so it
    must be a function of a module. A worker that dies loses nothing: its papers are done in this process.
    """
    stream = aiter(papers)
    for _ in range(LARGE):
        if (paper := await anext(stream, None)) is None:
            return
        yield outcome_of(by_rules(paper), view)
    crew = _Crew(partial(_outcomes, view=view), processes or os.cpu_count() or 1)
    try:
        while chunk := [paper async for paper in _some(stream)]:
            crew.send(chunk)
            if crew.is_busy:
                for outcome in await crew.next_done():
                    yield outcome
        while crew.is_working:
            for outcome in await crew.next_done():
                yield outcome
    finally:
        crew.dismiss()


async def _some(stream: AsyncIterator[Paper]) -> AsyncGenerator[Paper, None]:
    for _ in range(CHUNK):
        if (paper := await anext(stream, None)) is None:
            return
        yield paper


def _outcomes(papers: list[Paper], view: Callable[[Record], View]) -> list[Outcome[View]]:
    return [outcome_of(by_rules(paper), view) for paper in papers]


@dataclass(slots=True)
class _Chunk(Generic[View]):
    papers: list[Paper]
    future: Future[list[Outcome[View]]] | None


class _Crew(Generic[View]):
    def __init__(self, work: Callable[[list[Paper]], list[Outcome[View]]], processes: int) -> None:
        self._work = work
        self._pool: ProcessPoolExecutor | None = ProcessPoolExecutor(
            processes, initializer=_leave_interrupts_to_the_parent
        )
        self._chunks: deque[_Chunk[View]] = deque()
        self._most = AHEAD * processes

    @property
    def is_working(self) -> bool:
        return bool(self._chunks)

    @property
    def is_busy(self) -> bool:
        return len(self._chunks) >= self._most

    def send(self, papers: list[Paper]) -> None:
        future = None
        if self._pool is not None:
            try:
                future = self._pool.submit(self._work, papers)
            except BrokenProcessPool:
                self._pool = None
        self._chunks.append(_Chunk(papers, future))

    async def next_done(self) -> list[Outcome[View]]:
        chunk = self._chunks.popleft()
        if chunk.future is not None:
            try:
                return await asyncio.wrap_future(chunk.future)
            except BrokenProcessPool:
                self._pool = None
        return self._work(chunk.papers)

    def dismiss(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
