"""The rows of a cache: read and written through diskcache, or only read where that cannot be."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

import diskcache  # type: ignore[import-untyped]

from agent.cache.database import SETTINGS, connect, read_only
from agent.cache.disk import TextDisk
from agent.errors import InputError

_AT_ONCE = 1000

_NEXT_READABLE = (
    "SELECT rowid, key, mode, filename, value, tag FROM Cache"
    " WHERE rowid {beyond} ? AND raw = 1 AND mode = 1 AND typeof(key) = 'text' AND typeof(tag) = 'text'"
    " ORDER BY rowid {order} LIMIT 1"
)
_WALKS = {"ASC": (">", -1), "DESC": ("<", 2**63 - 1)}


class Row(NamedTuple):
    """A key, its text, and the tag that tells the parts of the key."""

    key: str
    text: str
    tag: str


class Rows(Protocol):
    """Where a cache keeps its rows. Any method may raise sqlite3.Error, and `get` InputError for an unsound row."""

    def get(self, key: str) -> str | None:
        """The text stored under `key`, None if there is none."""

    def put(self, rows: Iterable[Row]) -> None:
        """Stores all or none of `rows`."""

    def tags(self) -> Iterator[tuple[str, float]]:
        """The tag of every row and when it was stored, in seconds since 1970."""

    def close(self) -> None:
        """Ends the calling thread's use of the rows."""


class _DiskCache(diskcache.Cache):  # type: ignore[misc]
    """diskcache's own, which leaves its connection open where it fails on the way (diskcache 5.6.3)."""

    def __init__(self, folder: Path, patience: float) -> None:
        try:
            super().__init__(str(folder), timeout=patience, disk=TextDisk, **SETTINGS)
        except sqlite3.Error:
            self.close()
            raise


class SharedRows:
    """Rows in diskcache, which several processes may use at once; `patience` is in seconds."""

    def __init__(self, folder: Path, patience: float) -> None:
        self._cache = _DiskCache(folder, patience)

    def get(self, key: str) -> str | None:
        """The text stored under `key`, None if there is none."""
        text: str | None = self._cache.get(key)
        return text

    def put(self, rows: Iterable[Row]) -> None:
        """Stores all or none of `rows`; diskcache.Timeout where another process holds the lock for too long."""
        with self._cache.transact():
            for row in rows:
                self._cache.set(row.key, row.text, tag=row.tag)

    def tags(self) -> Iterator[tuple[str, float]]:
        """The tag of every row and when it was stored, in seconds since 1970."""
        return _tags(self._cache._sql)

    def close(self) -> None:
        """Closes the calling thread's connection."""
        self._cache.close()


class FrozenRows:
    """Rows that cannot be written."""

    def __init__(self, folder: Path) -> None:
        self._disk = TextDisk(str(folder))
        self._db = read_only(folder)

    def get(self, key: str) -> str | None:
        """The text stored under `key`, None if there is none."""
        rows = self._db.execute("SELECT mode, filename, value FROM Cache WHERE key = ? AND raw = 1", (key,)).fetchall()
        return self._disk.fetch(*rows[0]) if rows else None

    def put(self, rows: Iterable[Row]) -> None:
        """Always fails."""
        raise sqlite3.OperationalError("the cache folder cannot be written")

    def tags(self) -> Iterator[tuple[str, float]]:
        """The tag of every row and when it was stored, in seconds since 1970."""
        return _tags(self._db.execute)

    def close(self) -> None:
        """Closes the connection."""
        self._db.close()


def salvage(damaged: Path, rows: Rows) -> int:
    """Copies the rows that can still be read from a damaged database that was set aside; gives their number."""
    saved = set[str]()
    for order in _WALKS:
        # The walk ends where the damage begins, or where no more can be written; the second comes from the far end.
        with suppress(sqlite3.Error, diskcache.Timeout), closing(connect(damaged, "rw")) as db:
            # With it, SQLite reads a database that is shorter than its header says.
            db.execute("PRAGMA writable_schema = ON")
            found = (row for row in _readable(db, order) if row.key not in saved)
            while batch := list(islice(found, _AT_ONCE)):
                rows.put(batch)
                saved.update(row.key for row in batch)
    return len(saved)


def _readable(db: sqlite3.Connection, order: str) -> Iterator[Row]:
    """The rows up to where SQLite says that it cannot go on; one at a time, as it looks a row ahead otherwise."""
    beyond, at = _WALKS[order]
    statement, disk = _NEXT_READABLE.format(beyond=beyond, order=order), TextDisk("")
    with suppress(sqlite3.Error):
        while row := db.execute(statement, (at,)).fetchone():
            at, key, mode, filename, value, tag = row
            with suppress(InputError):
                yield Row(key, disk.fetch(mode, filename, value), tag)


def _tags(execute: "Execute") -> Iterator[tuple[str, float]]:
    for tag, stored in execute("SELECT tag, store_time FROM Cache WHERE raw = 1"):
        if isinstance(tag, str) and isinstance(stored, float):
            yield tag, stored


class Execute(Protocol):
    """A connection's `execute`."""

    def __call__(self, statement: str, /) -> sqlite3.Cursor:
        """The rows of one statement."""
