"""Renaming a damaged database while other processes may open it.

SQLite deletes a database's log by name when the last connection to it closes, so a connection to the old database must
not outlive its renaming: it would take the log of the new one. A lock on the folder keeps the two apart, and SQLite's
own lock tells of connections that stay.
"""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.cache.folder import DATABASE

try:
    import fcntl
except ImportError:  # Windows, which renames no open file
    fcntl = None  # type: ignore[assignment]

_BUSY = "another process has it open"
_SHARED_BYTES = (510, 0x40000002)
"""Where SQLite locks a database in WAL mode as long as it is open: length and start (os.h, SHARED_SIZE and _FIRST)."""


@contextmanager
def held(folder: Path, patience: float, alone: bool = False) -> Iterator[bool]:
    """Holds the folder, `alone` or with others, and gives whether that came true within `patience` seconds."""
    try:
        place = os.open(folder, os.O_RDONLY) if fcntl is not None else -1
    except OSError:
        place = -1
    try:
        yield place >= 0 and _locked(place, patience, alone)
    finally:
        if place >= 0:
            os.close(place)


def _locked(place: int, patience: float, alone: bool) -> bool:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(place, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.002)
        except OSError:
            return False
        else:
            return True


def set_aside(folder: Path, inode: int, patience: float) -> Path | None:
    """Renames a damaged database, with what SQLite keeps beside it, and gives its new path.

    None where another process was faster, so that the database is no longer the one with this `inode`. OSError where
    it cannot be renamed, or another process has it open.
    """
    with held(folder, patience, alone=True) as alone:
        if fcntl is not None and not alone:
            raise OSError(errno.EBUSY, _BUSY)
        return _renamed(folder, inode)


def _renamed(folder: Path, inode: int) -> Path | None:
    path = folder / DATABASE
    if not path.exists() or path.stat().st_ino != inode:
        return None
    if _is_open(path):
        raise OSError(errno.EBUSY, _BUSY)
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    names = (f"{DATABASE}.damaged-{stamp}{extra}" for extra in ("", *(f"-{count}" for count in range(2, 1000))))
    aside = next(folder / name for name in names if not (folder / name).exists())
    for suffix in ("-wal", "-shm"):
        if (beside := folder / f"{DATABASE}{suffix}").exists():
            beside.rename(f"{aside}{suffix}")
    return path.rename(aside)


def _is_open(path: Path) -> bool:
    """Whether another process has the database open."""
    if fcntl is None:
        return False
    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, *_SHARED_BYTES)
        except OSError:
            return True
    return False
