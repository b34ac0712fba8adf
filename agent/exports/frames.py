"""Packed output in frames: each is whole in itself, so that what is written can be read, and gone on with, at any time.

A gzip file is a row of members (RFC 1952, 2.2) and a zstd file a row of frames (RFC 8878, 3.1); a reader joins them.
The bytes depend on the texts alone, not on when they were written: no time stamp, and frames of equal length.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

TEXTS = 1_000
"""Texts in a frame; the last one of a file may have fewer."""
_CHUNK = 1 << 20


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Packing:
    """How texts are packed, and how one frame is unpacked."""

    pack: Callable[[bytes], bytes]
    unpacker: Callable[[], _Unpacker]


def _zstd_pack(data: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor(level=3).compress(data)


def _zstd_unpacker() -> _Unpacker:
    import zstandard

    return zstandard.ZstdDecompressor().decompressobj()


PACKINGS: dict[str, Packing] = {
    ".gz": Packing(lambda data: gzip.compress(data, 6, mtime=0), lambda: zlib.decompressobj(wbits=31)),
    ".zst": Packing(_zstd_pack, _zstd_unpacker),
}


def whole_frames(file: BinaryIO, packing: Packing) -> Iterator[tuple[int, bytes]]:
    """The frames of a file from its beginning: where each ends and what it holds; a broken end is left out."""
    place, rest = 0, b""
    while True:
        unpacker, parts, read = packing.unpacker(), [], 0
        while not unpacker.eof:
            data = rest or file.read(_CHUNK)
            if not data:
                return
            rest = b""
            read += len(data)
            try:
                parts.append(unpacker.decompress(data))
            except Exception:  # zlib.error, and zstandard's own, which is not imported for gzip
                return
        rest = unpacker.unused_data
        place += read - len(rest)
        yield place, b"".join(parts)
