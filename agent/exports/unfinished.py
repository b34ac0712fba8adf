"""The `.part` of a run that was interrupted: which of its records are whole, and where to go on."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from agent.errors import InputError
from agent.exports.frames import TEXTS, Packing, whole_frames

_START = '{"id":'
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The ids of the whole records, the byte where to go on, and the lines of a frame that was not full."""

    ids: list[str]
    end: int
    frame: tuple[str, ...] = ()


def read_unfinished(part: Path, packing: Packing | None) -> Unfinished:
    """What stands whole in a `.part` of JSON Lines; a line or a frame that breaks off is left out.

    Raises InputError if there is no such file, or if it does not hold records.
    """
    try:
        with part.open("rb") as file:
            return _in_lines(part, file) if packing is None else _in_frames(part, file, packing)
    except FileNotFoundError:
        raise InputError(f"{part}: is not there, so there is nothing to resume; run without --resume") from None


def _in_lines(part: Path, file: BinaryIO) -> Unfinished:
    ids: list[str] = []
    end = 0
    for line in file:
        if not line.endswith(b"\n"):
            break
        ids.append(_id_of(part, len(ids), line.decode("utf-8", "replace")))
        end += len(line)
    return Unfinished(ids, end)


def _in_frames(part: Path, file: BinaryIO, packing: Packing) -> Unfinished:
    ids: list[str] = []
    end = 0
    for place, data in whole_frames(file, packing):
        lines = [f"{line}\n" for line in data.decode("utf-8", "replace").split("\n")[:-1]]
        ids += [_id_of(part, len(ids) + number, line) for number, line in enumerate(lines)]
        if len(lines) < TEXTS:
            return Unfinished(ids, end, tuple(lines))
        end = place
    return Unfinished(ids, end)


def _id_of(part: Path, number: int, line: str) -> str:
    try:
        if not line.startswith(_START):
            raise ValueError(line)
        value, _ = _DECODER.raw_decode(line, len(_START))
    except ValueError:
        raise InputError(f"{part}:{number + 1}: is no record; run without --resume") from None
    return str(value)
