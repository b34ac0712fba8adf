"""Where the cache lies."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from agent.errors import InputError

DATABASE = "cache.db"
"""The one file of a cache; SQLite keeps `-wal` and `-shm` beside it while it is open."""


def cache_folder(given: str | os.PathLike[str] | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the cache: `given`, else PERFCLAIMS_CACHE, else `perfclaims` in the user's cache folder.

    That is XDG_CACHE_HOME or ~/.cache (XDG Base Directory Specification 0.8: a relative path is to be ignored),
    ~/Library/Caches on macOS, and LOCALAPPDATA on Windows.
    """
    named = given or environ.get("PERFCLAIMS_CACHE")
    if named:
        # diskcache expands both by itself; both of us must mean the same folder.
        return Path(os.path.expandvars(os.path.expanduser(named)))  # noqa: PTH111  (Path's own raises)
    base = environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    if Path(base).is_absolute() and sys.platform != "darwin":
        return Path(base, "perfclaims")
    try:
        return Path.home().joinpath(*(("Library", "Caches") if sys.platform == "darwin" else (".cache",)), "perfclaims")
    except RuntimeError:
        raise InputError("there is no home folder to keep the cache in; name one with --cache DIR") from None


def files_of(folder: Path) -> list[Path]:
    """The files of the cache in `folder`, the ones set aside included."""
    return sorted(path for path in folder.glob(f"{DATABASE}*") if path.is_file() and not path.is_symlink())
