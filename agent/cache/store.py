"""The cache of answers, on disk: what was paid for once is not asked again."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import RLock
from types import TracebackType
from typing import Self

import diskcache  # type: ignore[import-untyped]

from agent.cache.database import State, Survey, is_damage, prepare, set_aside
from agent.cache.entry import Entry
from agent.cache.folder import cache_folder
from agent.cache.key import Parts
from agent.cache.misses import Miss, Neighbours, tag_of
from agent.cache.rows import FrozenRows, Row, Rows, SharedRows, salvage
from agent.errors import InputError

PATIENCE = 5.0
"""Seconds to wait for another process that holds the database."""


class Cache:
    """The answers in a folder, by the key of the request (`key_of`).

    Nothing that is wrong with the folder ends a run: `notice` is told in one line, and the run goes on. A damaged
    database is renamed, and what can be read of it is taken over; any other that cannot be used is left as it is, and
    no answers are kept. An answer that could not be written is tried again with the next one, and on `close`.

    Any number of threads and processes may use one folder.
    """

    def __init__(
        self, folder: str | os.PathLike[str], notice: Callable[[str], object], patience: float = PATIENCE
    ) -> None:
        self.folder = cache_folder(folder)
        self._notice = notice
        self._patience = patience
        self._told: set[str] = set()
        self._lock = RLock()
        self._writer: ThreadPoolExecutor | None = None
        self._pending: dict[str, Row] = {}
        self._wait_until = 0.0
        self._neighbours: Neighbours | None = None
        self._inode = 0
        self._state = State.UNUSABLE
        self._rows: Rows | None = None
        self._open()

    @property
    def state(self) -> State:
        """WRITABLE, READ_ONLY (answers are found, none is kept) or UNUSABLE (neither)."""
        return self._state

    def get(self, key: str) -> Entry | None:
        """The entry under `key`, None if there is none that is sound."""
        waiting = self._pending.get(key)
        if waiting is not None:
            return Entry.from_text(waiting.text)
        rows = self._rows
        if rows is None:
            return None
        try:
            text = rows.get(key)
            return None if text is None else Entry.from_text(text)
        except InputError as error:
            self._tell(f"{error}: the answer is asked for again", "entry")
        except sqlite3.Error as error:
            self._failed(rows, error)
        return None

    def put(self, key: str, entry: Entry, parts: Parts) -> None:
        """Keeps `entry`; on return it is on disk, or is waiting for a fault to pass that `notice` was told of."""
        self.put_many([(key, entry, parts)])

    def put_many(self, entries: Iterable[tuple[str, Entry, Parts]]) -> None:
        """Keeps many entries in one transaction, ten times as fast as one by one."""
        rows = [Row(key, entry.to_text(), tag_of(parts)) for key, entry, parts in entries]
        for row in rows:
            Entry.from_text(row.text)
        if self._state is State.WRITABLE:
            with self._lock:
                self._pending.update((row.key, row) for row in rows)
                if time.monotonic() >= self._wait_until:
                    self._flush()

    async def put_async(self, key: str, entry: Entry, parts: Parts) -> None:
        """`put` for an event loop, which goes on meanwhile even if another process holds the database."""
        if self._writer is None:
            self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cache")
        await asyncio.get_running_loop().run_in_executor(self._writer, self.put, key, entry, parts)

    def explain(self, parts: Parts) -> Miss:
        """Why there is no entry for a request of these parts. The first call reads the parts of all entries."""
        if self._neighbours is None:
            tags: list[tuple[str, float]] = []
            try:
                tags.extend(self._rows.tags() if self._rows is not None else ())
            except sqlite3.Error as error:
                self._tell(f"its entries cannot be compared ({error})")
            self._neighbours = Neighbours(tags)
        return self._neighbours.explain(parts)

    def close(self) -> None:
        """Writes what is still waiting, and says how many answers could not be kept."""
        if self._writer is not None:
            self._writer.submit(self._rows.close if self._rows is not None else lambda: None)
            self._writer.shutdown()
            self._writer = None
        with self._lock:
            if self._pending:
                self._flush()
            if self._pending:
                self._tell(f"{len(self._pending)} answers could not be kept; the next run asks for them again")
            if self._rows is not None:
                self._rows.close()
            self._rows, self._state = None, State.UNUSABLE

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _open(self) -> None:
        survey = prepare(self.folder, self._patience)
        if survey.state is State.DAMAGED:
            self._renew(survey)
            return
        self._settle(survey)

    def _settle(self, survey: Survey) -> None:
        """Makes the rows that the survey allows, and says what it does not allow."""
        self._inode, self._state, self._rows = survey.inode, survey.state, None
        try:
            if survey.state is State.WRITABLE:
                self._rows = SharedRows(self.folder, self._patience)
                if survey.reason:
                    self._tell(survey.reason)
            elif survey.state is State.READ_ONLY:
                self._rows = FrozenRows(self.folder)
                self._tell(f"it cannot be written ({survey.reason}); answers in it are used, new ones are not kept")
            else:
                self._tell(f"{survey.reason}; going on without a cache (--cache DIR names another)")
        except sqlite3.Error as error:
            if is_damage(error) and survey.state is State.WRITABLE:
                self._renew(survey._replace(state=State.DAMAGED, reason=str(error)))
            else:
                self._state = State.UNUSABLE
                self._tell(f"it cannot be opened ({error}); going on without a cache (--cache DIR names another)")

    def _renew(self, survey: Survey) -> None:
        """Renames the damaged database and begins a new one with what can be read of the old."""
        self._state, self._rows = State.UNUSABLE, None
        try:
            aside = set_aside(self.folder, survey.inode)
        except OSError as error:
            self._tell(f"it is damaged ({survey.reason}) and cannot be renamed ({error.strerror}); going on without it")
            return
        fresh = prepare(self.folder, self._patience)
        if fresh.state is State.DAMAGED:
            fresh = fresh._replace(state=State.UNUSABLE)
        self._settle(fresh)
        if aside is not None and self._rows is not None:
            try:
                saved = salvage(aside, self._rows)
            except sqlite3.Error:
                saved = 0
            self._tell(f"it was damaged ({survey.reason}): renamed to {aside.name}, {saved} entries taken over from it")

    def _flush(self, again: bool = True) -> None:
        """Writes what is waiting, in one transaction; `again` after damage, in the database that takes its place."""
        rows = self._rows
        if rows is None:
            return
        batch = list(self._pending.values())
        try:
            rows.put(batch)
        except diskcache.Timeout:
            self._postpone("another program holds it locked")
        except (sqlite3.Error, OSError) as error:
            first = _first(error)
            if isinstance(first, sqlite3.Error) and is_damage(first) and again:
                self._failed(rows, first)
                self._flush(again=False)
            else:
                self._postpone(str(first))
        else:
            self._wait_until = 0.0
            for row in batch:
                if self._pending.get(row.key) is row:
                    del self._pending[row.key]

    def _postpone(self, reason: str) -> None:
        self._wait_until = time.monotonic() + self._patience
        self._tell(f"an answer cannot be written now ({reason}); it is tried again", "write")

    def _failed(self, rows: Rows, error: sqlite3.Error) -> None:
        if not is_damage(error) or self._state is not State.WRITABLE:
            self._tell(f"an entry cannot be read ({error}): the answer is asked for again", "read")
            return
        with self._lock:
            if self._rows is rows:
                self._renew(Survey(State.DAMAGED, str(error), self._inode))

    def _tell(self, what: str, once: str = "") -> None:
        if once not in self._told or not once:
            self._told.add(once)
            self._notice(f"cache {self.folder}: " + " ".join(what.split()))


def _first(error: BaseException) -> BaseException:
    """The fault itself: a failing ROLLBACK hides the error that it was to undo."""
    return _first(error.__context__) if isinstance(error.__context__, sqlite3.Error | OSError) else error
