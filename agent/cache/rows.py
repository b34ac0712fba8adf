"""The rows of a cache: written through diskcache, or read from a folder that cannot be written."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple, Protocol

import diskcache  # type: ignore[import-untyped]

from agent.cache.database import SETTINGS, connect
from agent.cache.disk import TextDisk
from agent.cache.folder import DATABASE
from agent.errors import InputError

_AT_ONCE = 1000

_READABLE = (
    "SELECT key, mode, filename, value, tag FROM Cache"
    " WHERE raw = 1 AND mode = 1 AND typeof(key) = 'text' AND typeof(tag) = 'text'"
)


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


class SharedRows:
    """Rows in diskcache; several threads and processes may use them at once."""

    def __init__(self, folder: Path, patience: float) -> None:
        self._cache = diskcache.Cache(str(folder), timeout=patience, disk=TextDisk, **SETTINGS)

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
    """Rows of a folder that cannot be written, as they lie there; nothing may be writing to it meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._disk = TextDisk(str(folder))
        self._db = connect(folder / DATABASE, "ro&immutable=1")

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
    disk, saved = TextDisk(str(damaged.parent)), set[str]()
    for order in ("ASC", "DESC"):
        batch: list[Row] = []
        # The walk ends where the damage begins; the second one comes from the far end.
        with suppress(sqlite3.Error, InputError), closing(connect(damaged, "rw")) as db:
            for key, mode, filename, value, tag in db.execute(f"{_READABLE} ORDER BY rowid {order}"):
                if key in saved:
                    break
                batch.append(Row(key, disk.fetch(mode, filename, value), tag))
                if len(batch) == _AT_ONCE:
                    _keep(batch, rows, saved)
        _keep(batch, rows, saved)
    return len(saved)


def _keep(batch: list[Row], rows: Rows, saved: set[str]) -> None:
    rows.put(batch)
    saved.update(row.key for row in batch)
    batch.clear()


def _tags(execute: "Execute") -> Iterator[tuple[str, float]]:
    for tag, stored in execute("SELECT tag, store_time FROM Cache WHERE raw = 1"):
        if isinstance(tag, str) and isinstance(stored, float):
            yield tag, stored


class Execute(Protocol):
    """A connection's `execute`."""

    def __call__(self, statement: str, /) -> sqlite3.Cursor:
        """The rows of one statement."""
