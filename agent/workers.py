"""The rules at work: in this process for a feed of the usual size, spread over all cores for a large one."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
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
RENEWALS = 10
"""How often worker processes that died are replaced; after that this process goes on alone."""

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

    `view` is called in the worker processes (as many as there are cores for this one, unless `processes` says
    otherwise), so it must be a function of a module. A worker that dies loses nothing: what it had is done here, and
    others take its place.
    """
    stream = aiter(papers)
    processes = processes or _cores()
    done = 0
    while processes == 1 or done < LARGE:
        if (paper := await anext(stream, None)) is None:
            return
        yield outcome_of(by_rules(paper), view)
        done += 1
    crew = _Crew(partial(_outcomes, view=view), processes)
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


def _cores() -> int:
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


async def _some(stream: AsyncIterator[Paper]) -> AsyncGenerator[Paper, None]:
    for _ in range(CHUNK):
        if (paper := await anext(stream, None)) is None:
            return
        yield paper


def _outcomes(papers: list[Paper], view: Callable[[Record], View]) -> list[Outcome[View]]:
    return [outcome_of(by_rules(paper), view) for paper in papers]


@dataclass(frozen=True, slots=True)
class _Chunk(Generic[View]):
    papers: list[Paper]
    pool: ProcessPoolExecutor | None
    future: Future[list[Outcome[View]]] | None


class _Crew(Generic[View]):
    def __init__(self, work: Callable[[list[Paper]], list[Outcome[View]]], processes: int) -> None:
        self._work, self._processes = work, processes
        self._pool: ProcessPoolExecutor | None = _pool_of(processes)
        self._renewals = 0
        self._chunks: deque[_Chunk[View]] = deque()

    @property
    def is_working(self) -> bool:
        return bool(self._chunks)

    @property
    def is_busy(self) -> bool:
        return len(self._chunks) >= AHEAD * self._processes

    def send(self, papers: list[Paper]) -> None:
        pool, future = self._pool, None
        if pool is not None:
            try:
                future = pool.submit(self._work, papers)
            except BrokenProcessPool:
                self._renew(pool)
        self._chunks.append(_Chunk(papers, pool, future))

    async def next_done(self) -> list[Outcome[View]]:
        chunk = self._chunks.popleft()
        if chunk.future is not None:
            try:
                return await asyncio.wrap_future(chunk.future)
            except BrokenProcessPool:
                self._renew(chunk.pool)
        return self._work(chunk.papers)

    def dismiss(self) -> None:
        if self._pool is not None:  # not waiting lets the interpreter's own exit write to a pipe that is closed by then
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _renew(self, broken: ProcessPoolExecutor | None) -> None:
        if broken is self._pool:
            self.dismiss()
            self._renewals += 1
            self._pool = _pool_of(self._processes) if self._renewals <= RENEWALS else None


def _pool_of(processes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(processes, initializer=_follow_the_parent)


def _follow_the_parent() -> None:
    """Leave interrupts to the parent, end when it says so, and end with it where it was killed and could not say so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if (parent := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True, name="parent").start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
