"""What lies in a cache folder: nothing yet, a cache of ours that can be written or only read, or something else."""

import os
import sqlite3
from contextlib import closing
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from diskcache.core import DEFAULT_SETTINGS, METADATA  # type: ignore[import-untyped]

from agent.cache.disk import error_code
from agent.cache.folder import DATABASE

APPLICATION_ID = 0x7066636C
"""In the header of the database (PRAGMA application_id): "pfcl"."""

FORMAT = 1
"""In the header of the database (PRAGMA user_version): the form of keys, entries and tags."""

SETTINGS: dict[str, object] = {
    **DEFAULT_SETTINGS,
    "eviction_policy": "none",
    "cull_limit": 0,
    # A file that shrinks under a memory map kills the process; read through the page cache it is an error.
    "sqlite_mmap_size": 0,
}
"""What diskcache is told; it would otherwise drop entries at 1 GiB without a word."""

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}


class State(Enum):
    """What can be done with a cache folder."""

    WRITABLE = "writable"
    READ_ONLY = "read-only"
    DAMAGED = "damaged"
    UNUSABLE = "unusable"


class Survey(NamedTuple):
    """The state of a cache folder, why it is not writable, and which file (inode) was looked at."""

    state: State
    reason: str = ""
    inode: int = 0


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file itself is not sound."""
    return error_code(error) in _DAMAGE


def is_busy(error: sqlite3.Error) -> bool:
    """Whether SQLite says that another process holds a lock."""
    return error_code(error) in _BUSY


def connect(database: Path, mode: str, patience: float = 0.0) -> sqlite3.Connection:
    """A connection to a database that exists; `mode` is SQLite's (`rw`, `ro&immutable=1`)."""
    uri = f"{database.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=patience, isolation_level=None)


def prepare(folder: Path, patience: float) -> Survey:
    """Makes the folder and an empty database where there is none, and says what is there now.

    `patience` is in seconds: how long to wait for another process that holds the database.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / DATABASE
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | _NO_LINK, 0o600))
        inode = path.stat().st_ino
    except FileExistsError:
        return Survey(State.UNUSABLE, "it is not a folder")
    except OSError as error:
        return Survey(State.UNUSABLE, f"it cannot be opened ({error.strerror or error})")
    try:
        with closing(connect(path, "rw", patience)) as db:
            return _surveyed(db)._replace(inode=inode)
    except sqlite3.Error as error:
        if error_code(error) in _UNWRITABLE:
            return _readable(folder, "it cannot be written", error)._replace(inode=inode)
        if is_busy(error):
            return _readable(folder, "another program holds it locked", error)._replace(inode=inode)
        return Survey(State.DAMAGED if is_damage(error) else State.UNUSABLE, str(error), inode)


def _surveyed(db: sqlite3.Connection) -> Survey:
    if foreign := foreign_in(db, new=True):
        return Survey(State.UNUSABLE, foreign)
    if not _marks(db)[0]:
        db.execute(f"PRAGMA auto_vacuum = {SETTINGS['sqlite_auto_vacuum']}")
        db.execute(f"PRAGMA journal_mode = {SETTINGS['sqlite_journal_mode']}")
    db.execute("BEGIN IMMEDIATE")
    if not _marks(db)[0]:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {FORMAT}")
    strange = _reset_settings(db)
    db.execute("COMMIT")
    return Survey(State.WRITABLE, "settings that perfclaims never makes were removed from it" if strange else "")


def _readable(folder: Path, reason: str, error: sqlite3.Error) -> Survey:
    """Whether a database that cannot be written can at least be read."""
    try:
        with closing(read_only(folder)) as db:
            if foreign := foreign_in(db):
                return Survey(State.UNUSABLE, foreign)
            db.execute("SELECT key FROM Cache LIMIT 1").fetchall()
            return Survey(State.READ_ONLY, f"{reason} ({error})")
    except (sqlite3.Error, OSError):
        return Survey(State.UNUSABLE, f"{reason} ({error})")


def read_only(folder: Path) -> sqlite3.Connection:
    """A connection that cannot write; sqlite3.Error where the database cannot be read.

    In a folder that cannot be written SQLite reads no database in WAL mode, save one that is said never to change. That
    may be said of one that was closed: its log is gone, or empty.
    """
    path, log = folder / DATABASE, folder / f"{DATABASE}-wal"
    try:
        return _tried(connect(path, "rw"))
    except sqlite3.OperationalError as error:
        if error_code(error) not in _UNWRITABLE or (log.exists() and log.stat().st_size):
            raise
        return _tried(connect(path, "ro&immutable=1"))


def _tried(db: sqlite3.Connection) -> sqlite3.Connection:
    try:
        # SQLite's own `ro` cannot tidy up behind itself: it would leave a log.
        db.execute("PRAGMA query_only = ON")
        _marks(db)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _marks(db: sqlite3.Connection) -> tuple[int, int]:
    ((application,),) = db.execute("PRAGMA application_id").fetchall()
    ((version,),) = db.execute("PRAGMA user_version").fetchall()
    return application, version


def foreign_in(db: sqlite3.Connection, new: bool = False) -> str:
    """Why the database is not a cache of this version; nothing where it is one (or is empty, if `new` will do)."""
    # In one transaction: another process may be making the cache meanwhile.
    db.execute("BEGIN")
    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    application, version = _marks(db)
    db.execute("COMMIT")
    if new and not (application or version or tables):
        return ""
    if application != APPLICATION_ID:
        return f"its {DATABASE} belongs to another program"
    return "" if version == FORMAT else f"it has format {version}, and this perfclaims reads format {FORMAT}"


def strange_settings(db: sqlite3.Connection) -> list[object]:
    """The names of settings that neither diskcache nor perfclaims makes, or that hold no number where one belongs."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'Settings'").fetchall():
        return []
    rows = db.execute("SELECT key, value FROM Settings").fetchall()
    return [key for key, value in rows if key not in SETTINGS and not (key in METADATA and type(value) is int)]


def _reset_settings(db: sqlite3.Connection) -> bool:
    # diskcache turns the rows of this table into attributes of its objects and into PRAGMA statements.
    strange = strange_settings(db)
    for name in strange:
        db.execute("DELETE FROM Settings WHERE key IS ?", (name,))
    return bool(strange)
