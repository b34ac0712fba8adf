"""The cache of answers, on disk: what was paid for once is not asked again."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType
from typing import Self

import diskcache  # type: ignore[import-untyped]

from agent.cache.aside import held, set_aside
from agent.cache.database import State, Survey, is_busy, is_damage, prepare
from agent.cache.entry import Entry
from agent.cache.folder import cache_folder
from agent.cache.key import Parts
from agent.cache.misses import Miss, Neighbours, tag_of
from agent.cache.rows import FrozenRows, Row, Rows, SharedRows, salvage
from agent.errors import InputError

PATIENCE = 5.0
"""Seconds to wait, at the start and at the end of a run, for another process that holds the database."""

GLANCE = 0.05
"""Seconds to wait in between, while an event loop stands still; after that an answer waits to be written later."""

PAUSE = 1.0
"""Seconds from one failed try to write to the next."""

_LOCKED = "another program holds it locked"
_RENEWALS = 3
_WITHOUT = "going on without a cache (--cache DIR names another)"


class Cache:
    """The answers in a folder, by the key of the request (`key_of`).

    Nothing that is wrong with the folder ends a run: `notice` is told in one line, and the run goes on. A damaged
    database is renamed, and what can be read of it is taken over; any other that cannot be used is left as it is, and
    no answers are kept. An answer that could not be written is tried again with a later one, and on `close`.

    A Cache belongs to the thread that made it; any number of processes may use one folder.
    """

    def __init__(
        self, folder: str | os.PathLike[str], notice: Callable[[str], object], patience: float = PATIENCE
    ) -> None:
        self.folder = cache_folder(folder)
        self._notice = notice
        self._patience = patience
        self._told: set[str] = set()
        self._waiting: dict[str, Row] = {}
        self._wait_until = 0.0
        self._neighbours: Neighbours | None = None
        self._inode = 0
        self._renewals = 0
        self._state = State.UNUSABLE
        self._rows: Rows | None = None
        self._open()

    @property
    def state(self) -> State:
        """WRITABLE, READ_ONLY (answers are found, none is kept) or UNUSABLE (neither)."""
        return self._state

    def get(self, key: str) -> Entry | None:
        """The entry under `key`, None if there is none that is sound."""
        try:
            if (row := self._waiting.get(key)) is not None:
                return Entry.from_text(row.text)
            text = self._rows.get(key) if self._rows is not None else None
            return None if text is None else Entry.from_text(text)
        except InputError as error:
            self._tell(f"{error}: the answer is asked for again", "entry")
        except sqlite3.Error as error:
            if is_damage(error) and self._state is State.WRITABLE:
                self._renew(str(error))
                return self.get(key)
            self._tell(f"an entry cannot be read ({error}): the answer is asked for again", "read")
        return None

    def put(self, key: str, entry: Entry, parts: Parts) -> None:
        """Keeps `entry`: on return it is on disk, or waits for another process or for room on the disk."""
        self.put_many([(key, entry, parts)])

    def put_many(self, entries: Iterable[tuple[str, Entry, Parts]]) -> None:
        """Keeps many entries in one transaction."""
        rows = {key: Row(key, entry.to_text(), tag_of(parts)) for key, entry, parts in entries}
        for row in rows.values():
            Entry.from_text(row.text)
        if self._state is State.WRITABLE:
            self._waiting.update(rows)
            if time.monotonic() >= self._wait_until:
                self._write()

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
        """Writes what is still waiting, and says how many answers could not be kept, and why."""
        deadline = time.monotonic() + self._patience
        reason = self._write()
        while reason == _LOCKED and time.monotonic() < deadline:
            time.sleep(GLANCE)
            reason = self._write()
        if self._waiting:
            self._tell(f"{len(self._waiting)} answers could not be kept ({reason}); the next run asks for them again")
        if self._rows is not None:
            self._rows.close()
        self._rows, self._state = None, State.UNUSABLE

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _open(self) -> None:
        """Opens what is there, and says what cannot be done with it."""
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with held(self.folder, self._patience):
            survey = self._opened(prepare(self.folder, self._patience))
        if survey.state is State.DAMAGED:
            self._renew(survey.reason)
        elif survey.state is State.UNUSABLE:
            self._tell(f"{survey.reason}; {_WITHOUT}")
        elif survey.state is State.READ_ONLY:
            self._tell(f"{survey.reason}; answers in it are used, new ones are not kept")
        elif survey.reason:
            self._tell(survey.reason)

    def _opened(self, survey: Survey) -> Survey:
        """Opens the rows as the survey allows; gives the survey, or what opening them has shown."""
        rows: Rows | None = None
        try:
            if survey.state is State.WRITABLE:
                rows = SharedRows(self.folder, GLANCE)
            elif survey.state is State.READ_ONLY:
                rows = FrozenRows(self.folder)
        except sqlite3.Error as error:
            damaged = is_damage(error) and survey.state is State.WRITABLE
            survey = Survey(State.DAMAGED if damaged else State.UNUSABLE, str(error), survey.inode)
        self._inode, self._state, self._rows = survey.inode, survey.state, rows
        return survey

    def _renew(self, reason: str) -> None:
        """Renames the damaged database and begins a new one with what can be read of the old."""
        if self._rows is not None:
            # An open connection would delete the log of the new database when it closes, as it goes by the name.
            self._rows.close()
        self._state, self._rows = State.UNUSABLE, None
        self._renewals += 1
        if self._renewals > _RENEWALS:
            self._tell(f"it is damaged again ({reason}); {_WITHOUT}")
            return
        try:
            aside = set_aside(self.folder, self._inode, self._patience)
        except OSError as error:
            self._tell(f"it is damaged ({reason}) and cannot be renamed ({error.strerror}); {_WITHOUT}")
            return
        self._open()
        if aside is not None:
            saved = 0 if self._rows is None else salvage(aside, self._rows)
            self._tell(f"it was damaged ({reason}) and was renamed to {aside.name}; {saved} entries were saved from it")

    def _write(self) -> str:
        """Writes what is waiting, in one transaction. Says why it cannot, nothing if it can."""
        while self._waiting and self._rows is not None:
            try:
                self._rows.put(self._waiting.values())
            except (diskcache.Timeout, sqlite3.Error, OSError) as error:
                first = _first(error)
                if isinstance(first, sqlite3.Error) and is_damage(first):
                    self._renew(str(first))
                    continue
                self._wait_until = time.monotonic() + PAUSE
                if isinstance(first, sqlite3.Error) and is_busy(first):
                    return _LOCKED
                self._tell(f"an answer cannot be written now ({first}); it is tried again", "write")
                return str(first)
            self._waiting.clear()
        return "it is damaged" if self._waiting else ""

    def _tell(self, what: str, once: str = "") -> None:
        if not once or once not in self._told:
            self._told.add(once)
            self._notice(f"cache {self.folder}: " + " ".join(what.split()))


def _first(error: BaseException) -> BaseException:
    """The fault itself: a failing ROLLBACK hides the error that it was to undo, diskcache's Timeout any other."""
    return _first(error.__context__) if isinstance(error.__context__, sqlite3.Error | OSError) else error
