"""Gzip and zstd, recognised by their first bytes and unpacked as a stream: a bomb costs time, never memory."""

import zlib
from collections.abc import Iterator
from typing import NamedTuple

GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
PIECE = 1 << 18
"""Bytes that are unpacked at a time."""
ZSTD_INTAKE = 128
"""Packed bytes per step: a block of four bytes can unpack to 128 KiB, so that a step gives 4 MiB or so at most."""
GZIP_INTAKE = 1 << 13
"""Packed bytes per step: what is left of a step is copied at each member that ends in it."""
ZSTD_WINDOW = 1 << 27
"""The most memory a frame may ask for, in bytes; `zstd --long` stays within it."""


class Break(NamedTuple):
    """The packed data ends or turns bad here: what came before has been read, what comes after is not.

    `within` is False where it is whole up to here, and something else follows.
    """

    cause: str
    within: bool = True


def unpacked(chunks: Iterator[bytes]) -> Iterator[bytes | Break]:
    """The bytes of a feed, unpacked if they are gzip or zstd; a fault in the packed data ends them with a Break."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= len(ZSTD):
            break
    if head.startswith(GZIP):
        yield from _gathered(_from_gzip(_after(head, chunks)))
    elif head.startswith(ZSTD):
        yield from _gathered(_from_zstd(_after(head, chunks)))
    else:
        yield from _after(head, chunks)


def _after(head: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from chunks


def _gathered(pieces: Iterator[bytes | Break]) -> Iterator[bytes | Break]:
    """The same bytes in pieces of some size, for each piece costs time on its further way."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        if isinstance(piece, Break):
            yield b"".join(held)
            yield piece
            return
        held.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield b"".join(held)
            held.clear()
            size = 0
    yield b"".join(held)


def _from_gzip(chunks: Iterator[bytes]) -> Iterator[bytes | Break]:
    member = zlib.decompressobj(wbits=31)
    for step in _in_steps(chunks, GZIP_INTAKE):
        packed = step
        while packed:
            if member.eof:
                if not packed.startswith(GZIP[:1]):
                    if packed.strip(b"\0"):
                        yield Break("gzip data is followed by bytes that are not gzip", within=False)
                        return
                    break
                member = zlib.decompressobj(wbits=31)
            try:
                piece = member.decompress(packed, PIECE)
            except zlib.error as fault:
                yield Break(f"gzip data is damaged ({fault})")
                return
            if piece:
                yield piece
            packed = member.unused_data if member.eof else member.unconsumed_tail
    if not member.eof:
        yield from _rest_of(member)


def _rest_of(member: "zlib._Decompress") -> Iterator[bytes | Break]:
    try:
        rest = member.flush()
    except zlib.error:
        rest = b""
    if rest:
        yield rest
    if not member.eof:
        yield Break("gzip data breaks off before its end")


def _from_zstd(chunks: Iterator[bytes]) -> Iterator[bytes | Break]:
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    frame = unpacker.decompressobj()
    started = True
    for packed in _in_steps(chunks, ZSTD_INTAKE):
        rest = packed
        while rest:
            if frame.eof:
                frame, started = unpacker.decompressobj(), False
            try:
                piece = frame.decompress(rest)
            except zstandard.ZstdError as fault:
                yield Break(f"zstd data is damaged ({fault})", within=started)
                return
            started = True
            if piece:
                yield piece
            rest = frame.unused_data if frame.eof else b""
    if not frame.eof:
        yield Break("zstd data breaks off before its end")


def _in_steps(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), size):
            yield chunk[start : start + size]
