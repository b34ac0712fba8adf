"""A feed as a stream: opened, unpacked, brought to UTF-8 with one kind of line end, and cut into numbered lines."""

import codecs
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeAlias

from agent.errors import InputError
from agent.feeds.unpacking import Break, unpacked
from agent.papers import Skipped

Source: TypeAlias = str | os.PathLike[str] | bytes | BinaryIO
CHUNK = 1 << 18
SAMPLE = 1 << 16
"""Bytes at the head of a feed by which its format is recognised."""
LONGEST_LINE = 1 << 22
"""Bytes; of a longer line only this much is kept, and its entry is skipped."""
UTF8_MARK = codecs.BOM_UTF8
UTF16_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Line(NamedTuple):
    """A line without its end. A byte that is not UTF-8 stands in `text` as a lone surrogate (PEP 383)."""

    number: int
    text: str
    overlong: bool = False


class Feed:
    """An opened feed under the name that messages call it by: its head as `sample`, and the whole of it, once.

    What goes wrong on the way and costs no whole feed is kept in `notices`.
    """

    def __init__(self, name: str, pieces: Iterator[bytes]) -> None:
        self.name = name
        self.notices: list[Skipped] = []
        self.broken = False
        self._line_ends = 0
        self._chunks = self._one_line_end(_without_mark(self._until_break(pieces)))
        self.sample = b""
        for chunk in self._chunks:
            self.sample += chunk
            if len(self.sample) >= SAMPLE or _begins_with_an_object(self.sample):
                break

    def chunks(self) -> Iterator[bytes]:
        """The feed in pieces: unpacked, UTF-8 (as far as it is), lines ended by `\\n` alone, no byte order mark."""
        if self.sample:
            yield self.sample
        yield from self._chunks

    def lines(self) -> Iterator[Line]:
        """The lines of the feed; the last one is left out if the feed breaks off within it."""
        number, tail, overlong = 1, b"", False
        for chunk in self.chunks():
            *whole, rest = chunk.split(b"\n")
            for text in whole:
                yield _line(number, tail + text if tail else text, overlong)
                number, tail, overlong = number + 1, b"", False
            if len(tail) < LONGEST_LINE:
                tail += rest
            else:
                overlong = overlong or bool(rest)
        if tail and not self.broken:
            yield _line(number, tail, overlong)

    def text(self) -> Iterator[str]:
        """The feed in pieces of text; a byte that is not UTF-8 is a lone surrogate (PEP 383)."""
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        for chunk in self.chunks():
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)

    def whole(self, limit: int, kind: str) -> bytes:
        """All of the feed; InputError if it is over `limit` bytes, because a feed of this `kind` is not streamed."""
        parts, size = [], 0
        for chunk in self.chunks():
            parts.append(chunk)
            size += len(chunk)
            if size > limit:
                raise InputError(
                    f"{self.name}: {kind} of over {limit >> 20} MB is not read; split it or convert it to JSON Lines"
                )
        return b"".join(parts)

    def _until_break(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in unpacked(pieces):
            if isinstance(piece, Break):
                self.broken = piece.within
                lost = "from this line on the feed is not read" if piece.within else "what follows is not read"
                reason = f"{piece.cause}: {lost}; pack or copy it anew"
                self.notices.append(Skipped(self.name, self._line_ends + 1, reason, lost=piece.within))
                return
            yield piece

    def _one_line_end(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        carriage_return = False
        for piece in pieces:
            chunk = b"\r" + piece if carriage_return else piece
            carriage_return = chunk.endswith(b"\r")
            if b"\r" in chunk:
                chunk = chunk[: len(chunk) - carriage_return].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            self._line_ends += chunk.count(b"\n")
            yield chunk
        if carriage_return:
            yield b"\n"


def _begins_with_an_object(sample: bytes) -> bool:
    """Whether a first line is there and is JSON: a pipe may have no more to give for a long time."""
    line, end, _ = sample.lstrip().partition(b"\n")
    if not end or not line.startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def open_feed(source: Source, name: str | None = None) -> Feed:
    """Open a path, `-` for standard input, bytes or a binary file; InputError if that cannot be done."""
    if isinstance(source, bytes):
        return Feed(name or "pasted text", iter([source]))
    if isinstance(source, str) and source == "-":
        return Feed(name or "standard input", _pieces_of(_standard_input(), name or "standard input"))
    if isinstance(source, str | os.PathLike):
        label = name or os.fspath(source)
        return Feed(label, _pieces_of_path(Path(source), label))
    label = name or str(getattr(source, "name", "uploaded file"))
    return Feed(label, _pieces_of(source, label))


def _standard_input() -> BinaryIO:
    # Not by its buffer: a read that waits holds the lock of it, and a process forked meanwhile would wait for ever.
    try:
        return open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)
    except (OSError, ValueError):
        return sys.stdin.buffer


def _pieces_of_path(path: Path, name: str) -> Iterator[bytes]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise InputError(f"{name}: no such file; check the path") from None
    except IsADirectoryError:
        raise InputError(f"{name}: is a folder; name the files in it, as in {path / '*'}") from None
    except PermissionError:
        raise InputError(f"{name}: may not be read; check its permissions") from None
    except (OSError, ValueError) as fault:
        raise InputError(f"{name}: cannot be opened ({fault}); check the path") from fault
    with file:
        yield from _pieces_of(file, name)


def _pieces_of(file: BinaryIO, name: str) -> Iterator[bytes]:
    read = getattr(file, "read1", file.read)  # a pipe: what has come, without waiting for a whole chunk
    while True:
        try:
            piece = read(CHUNK)
        except (OSError, ValueError) as fault:
            raise InputError(f"{name}: cannot be read ({fault})") from fault
        if not piece:
            return
        yield piece


def _without_mark(pieces: Iterator[bytes]) -> Iterator[bytes]:
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= len(UTF8_MARK):
            break
    encoding = UTF16_MARKS.get(head[:2])
    if encoding is None:
        yield head.removeprefix(UTF8_MARK)
        yield from pieces
        return
    # A lone surrogate passes as bytes that are no UTF-8, and is reported as such where an entry holds it.
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    yield decoder.decode(head[2:]).encode("utf-8", "surrogatepass")
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "surrogatepass")
    if decoder.getstate()[0]:
        yield b"\xff"


def _line(number: int, raw: bytes, overlong: bool) -> Line:
    overlong = overlong or len(raw) > LONGEST_LINE
    return Line(number, raw[:LONGEST_LINE].decode("utf-8", "surrogateescape"), overlong)
