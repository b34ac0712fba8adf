"""Where the output goes: standard output, or a file that is written beside its place and moved there when whole."""

import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from agent.errors import InputError


class Sink:
    """Takes texts and keeps them. A file appears under its name only when all is written; till then it is `.part`.

    A symbolic link is followed: the file that it points to is replaced, not the link.
    Raises InputError where the folder cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._target = None if path is None else path.resolve()
        self._file: IO[str] | None = None

    @property
    def part(self) -> Path | None:
        """The file that holds what is written so far, if it is not standard output."""
        return None if self._target is None else self._target.with_name(self._target.name + ".part")

    def __enter__(self) -> Self:
        if self.part is None or self._target is None:
            self._file = sys.stdout
            return self
        if self._target.is_dir():
            raise InputError(f"{self.path} is a folder; name a file in it")
        try:
            self._file = self.part.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise InputError(f"{self.path}: cannot be written ({error.strerror}); choose another place") from error
        return self

    def write(self, text: str) -> None:
        """Take a text; on standard output it is passed on at once."""
        if self._file is None:
            raise RuntimeError("a sink takes texts only while it is open")
        try:
            self._file.write(text)
            if self.path is None:
                self._file.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise InputError(f"{self.path or 'standard output'}: {error.strerror}; what is written is kept") from error

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.part is None or self._target is None or self._file is None:
            return
        try:
            self._file.close()
            if kind is None:
                self.part.replace(self._target)
        except OSError as error:
            raise InputError(f"{self.path}: {error.strerror}; what was written is in {self.part}") from error
