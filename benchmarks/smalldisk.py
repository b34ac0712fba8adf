"""A disk that is soon full: a tmpfs of a few hundred kilobytes, where mounting is allowed."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = 400_000
"""Bytes."""


@contextmanager
def disk(place: Path, small: bool) -> Iterator[Callable[[], None]]:
    """A folder for output and cache; if `small`, a disk of its own, which the function that is given makes large."""
    place.mkdir()
    if not small:
        yield lambda: None
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(place)], check=True)

    def grow() -> None:
        subprocess.run(["mount", "-o", "remount,size=100m", str(place)], check=True)

    try:
        yield grow
        shutil.copytree(place, place.with_name("saved"))
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
    place.rmdir()
    place.with_name("saved").rename(place)
