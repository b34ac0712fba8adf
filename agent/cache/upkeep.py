"""What a cache holds, whether it is sound, and emptying it."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.cache.database import FORMAT, connect, foreign_in, is_damage, read_only, strange_settings
from agent.cache.disk import TextDisk
from agent.cache.entry import Entry
from agent.cache.folder import DATABASE, files_of
from agent.cache.misses import parts_in
from agent.errors import InputError

_LINES = 20
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a cache holds: `bytes` on disk, `oldest` and `newest` in seconds since 1970, entries by model and by prompt.

    `format` is the format of the database, None where there is none; `aside` the damaged databases that were renamed.
    """

    folder: Path
    format: int | None = None
    entries: int = 0
    bytes: int = 0
    oldest: float | None = None
    newest: float | None = None
    models: tuple[tuple[str, int], ...] = ()
    prompts: tuple[tuple[str, int], ...] = ()
    aside: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Soundness:
    """The result of a check: entries read, and one line for each thing that is wrong."""

    folder: Path
    entries: int
    problems: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was removed: entries, and bytes on disk."""

    folder: Path
    entries: int
    bytes: int


def cache_info(folder: Path) -> Holdings:
    """What the cache in `folder` holds; InputError where it is not a cache or cannot be read."""
    files = files_of(folder)
    aside = tuple(path for path in files if ".damaged-" in path.name and not path.name.endswith(("-wal", "-shm")))
    size = sum(path.stat().st_size for path in files)
    if not _there(folder):
        return Holdings(folder, bytes=size, aside=aside)
    models, prompts = Counter[str](), Counter[str]()
    with _reading(folder) as db:
        entries, oldest, newest = db.execute("SELECT count(*), min(store_time), max(store_time) FROM Cache").fetchone()
        for (tag,) in db.execute("SELECT tag FROM Cache"):
            parts = parts_in(tag)
            models[parts.model if parts else "unknown"] += 1
            prompts[parts.prompt if parts else "unknown"] += 1
    ranked = tuple(models.most_common()), tuple(prompts.most_common())
    return Holdings(folder, FORMAT, entries, size, oldest, newest, *ranked, aside)


def cache_check(folder: Path) -> Soundness:
    """Reads all of the cache in `folder` and says what is wrong; InputError where it is not a cache of ours."""
    problems = [*_open_to_others(folder), *_strange_files(folder)]
    entries = 0
    if _there(folder):
        try:
            with _reading(folder, told=False) as db:
                lines = [str(line) for (line,) in db.execute(f"PRAGMA quick_check({_LINES})")]
                problems += [" ".join(line.split()) for line in lines if line != "ok"]
                problems += [f"a setting that perfclaims never makes: {name!r}" for name in strange_settings(db)]
                entries, unsound = _entries(db)
                problems += [f"{count} {what}" for what, count in unsound.items()]
        except sqlite3.Error as error:
            problems.append(str(error))
    return Soundness(folder, entries, tuple(problems))


def cache_clear(folder: Path) -> Cleared:
    """Removes all entries of the cache in `folder`, and the damaged databases that were renamed.

    InputError, with nothing removed, where the folder is not a cache of ours, is locked or cannot be written.
    """
    before = sum(path.stat().st_size for path in files_of(folder))
    entries, doomed = 0, [path for path in files_of(folder) if ".damaged-" in path.name]
    if _there(folder):
        try:
            with _reading(folder, told=False):
                pass
            with closing(connect(folder / DATABASE, "rw", _PATIENCE)) as db:
                entries = db.execute("DELETE FROM Cache").rowcount
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:
            if not is_damage(error):
                raise _unreadable(folder, error) from None
            doomed = files_of(folder)
    try:
        for path in doomed:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"cache {folder}: {error.filename} cannot be removed ({error.strerror})") from None
    return Cleared(folder, entries, before - sum(path.stat().st_size for path in files_of(folder)))


def _there(folder: Path) -> bool:
    try:
        if folder.exists() and not folder.is_dir():
            raise InputError(f"cache {folder}: it is not a folder; --cache DIR names another")
        return (folder / DATABASE).is_file() and (folder / DATABASE).stat().st_size > 0
    except OSError as error:
        raise InputError(f"cache {folder}: it cannot be opened ({error.strerror})") from None


@contextmanager
def _reading(folder: Path, told: bool = True) -> Iterator[sqlite3.Connection]:
    """The database for reading alone; with `told`, sqlite3.Error comes out as an InputError."""
    try:
        with closing(read_only(folder)) as db:
            if foreign := foreign_in(db):
                raise InputError(f"cache {folder}: {foreign}; --cache DIR names another")
            # A tag or key that is not UTF-8 is a finding of the check, no reason to end it.
            db.text_factory = lambda text: text.decode("utf-8", "replace")
            yield db
    except sqlite3.Error as error:
        if told:
            raise _unreadable(folder, error) from None
        raise


def _unreadable(folder: Path, error: sqlite3.Error) -> InputError:
    if is_damage(error):
        return InputError(f"cache {folder}: it is damaged ({error}); `perfclaims cache clear` empties it")
    return InputError(f"cache {folder}: {error}")


def _entries(db: sqlite3.Connection) -> tuple[int, Counter[str]]:
    disk, entries, unsound = TextDisk("", 0), 0, Counter[str]()
    for key, raw, mode, filename, value in db.execute("SELECT key, raw, mode, filename, value FROM Cache"):
        entries += 1
        try:
            disk.get(key, raw)
            Entry.from_text(disk.fetch(mode, filename, value))
        except InputError as error:
            unsound[f"rows are unsound and are never used: {error}"] += 1
    return entries, unsound


def _open_to_others(folder: Path) -> list[str]:
    if os.name != "posix" or not folder.is_dir() or not (mode := folder.stat().st_mode & 0o777) & 0o022:
        return []
    return [f"other users can write to the folder (mode {mode:o}; chmod 700 ends that)"]


def _strange_files(folder: Path) -> list[str]:
    return [f"a file that perfclaims never writes: {path}" for path in sorted(folder.glob("??/??/*.val"))[:_LINES]]
