"""Where the output goes: standard output, or a file that is written beside its place and moved there when whole."""

import os
import stat
import sys
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from agent.errors import InputError
from agent.exports.frames import PACKINGS, TEXTS, Packing
from agent.exports.unfinished import read_unfinished


class Writer(Protocol):
    """What a sink writes its file with."""

    def write(self, data: bytes, /) -> object:
        """Take a text, or a frame of packed ones."""

    def flush(self) -> None:
        """Pass on what was taken."""

    def close(self) -> None:
        """End it."""


class Sink:
    """Takes texts and keeps them. A file appears under its name only when all is written; till then it is `.part`.

    With `resume`, what stands whole in the `.part` is kept and gone on with: `resumed` are the ids of its records. A
    name that ends in .gz or .zst is packed. As in a shell, a symbolic link is followed (the file that it points to is
    replaced, not the link), a file that is replaced keeps its permissions, and what is no file, such as a pipe or a
    device, is written to as it is. Raises InputError where the file cannot be written, and where there is nothing to
    resume.
    """

    def __init__(self, path: Path | None, *, resume: bool = False) -> None:
        self.path = path
        self.resumed: list[str] = []
        self._resume = resume
        self._target = None if path is None else _target_of(path)
        self._is_stream = self._target is not None and self._target.exists() and not self._target.is_file()
        self._packing = None if path is None else PACKINGS.get(path.suffix.lower())
        self._frame: list[str] = []
        self._file: Writer | None = None

    @property
    def part(self) -> Path | None:
        """The file that holds what is written so far; None on standard output, a pipe or a device."""
        return None if self._target is None or self._is_stream else self._target.with_name(self._target.name + ".part")

    def __enter__(self) -> Self:
        if self._target is None:
            self._file = sys.stdout.buffer
            return self
        if self._target.is_dir():
            raise InputError(f"{self.path}: is a folder; name a file in it")
        if self._resume and self.part is None:
            raise InputError(f"{self.path}: is no file, so there is nothing to resume; run without --resume")
        if self.part is not None and self.part.is_symlink():
            raise InputError(f"{self.part}: is a link, which perfclaims never makes; remove it")
        try:
            if self._resume and self.part is not None:
                self._file = self._go_on(self.part)
            else:
                self._file = self.opened(self.part or self._target)
            if self.part is not None and self._target.exists():
                self.part.chmod(stat.S_IMODE(self._target.stat().st_mode))
        except OSError as error:
            raise InputError(f"{self.path}: cannot be written ({error.strerror}); choose another place") from error
        return self

    def opened(self, part: Path) -> Writer:
        """What the file is written with; raises OSError."""
        how = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | (0 if self._is_stream else getattr(os, "O_NOFOLLOW", 0))
        return os.fdopen(os.open(part, how, 0o666), "wb")

    def write(self, text: str) -> None:
        """Take a text; on standard output it is passed on at once, in a packed file with the frame it belongs to."""
        if self._packing is None:
            self._put(text.encode())
            return
        self._frame.append(text)
        if len(self._frame) >= TEXTS:
            self._put_frame(self._packing)

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._target is None or self._file is None:
            return
        try:
            if self._packing is not None and self._frame:
                self._put_frame(self._packing)
            self._file.close()
            if self.part is None:
                return
            if kind is None:
                self.part.replace(self._target)
            elif self.part.stat().st_size == 0:
                self.part.unlink()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise InputError(
                f"{self.path}: {error.strerror}; what was written is in {self.part or self.path}"
            ) from error

    def _go_on(self, part: Path) -> Writer:
        unfinished = read_unfinished(part, self._packing)
        file = part.open("r+b")
        file.truncate(unfinished.end)
        file.seek(unfinished.end)
        self._frame = list(unfinished.frame)
        self.resumed = unfinished.ids
        return file

    def _put_frame(self, packing: Packing) -> None:
        data = packing.pack("".join(self._frame).encode())
        self._frame.clear()
        self._put(data)

    def _put(self, data: bytes) -> None:
        if self._file is None:
            raise RuntimeError("a sink takes texts only while it is open")
        try:
            self._file.write(data)
            if self.part is None:
                self._file.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise InputError(f"{self.path or 'standard output'}: {error.strerror}; what is written is kept") from error


def _target_of(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        raise InputError(f"{path}: cannot be written (its links lead nowhere); choose another place") from error
