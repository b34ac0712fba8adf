"""Records as they are scored: the four lists of a record, from whatever file, with what is unsound in them named.

An item is kept as the JSON object that it came as, for a prediction is scored as it stands: what is unsound in it
matches nothing, but counts.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, get_args

from agent.errors import InputError
from agent.evaluation.factors import ends
from agent.feeds.streams import Line, open_feed
from schemas.vocabulary import Field

FIELDS: tuple[Field, ...] = get_args(Field)
FAULTS_SHOWN = 5
"""Unsound items of a file that are named one by one; the rest is counted."""
REMEDY = "records are JSON Lines, as 'perfclaims batch -o x.jsonl' writes them"

Item: TypeAlias = Mapping[str, Any]
Lists: TypeAlias = Mapping[Field, list[Item]]
Notice: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a file: its four lists, the `line` (from 1) it stands on, its abstract if it has one."""

    title: str
    id: str
    line: int
    lists: Lists
    abstract: str | None = None

    @property
    def key(self) -> str:
        """What records of one paper are joined by: the title; the id where a feed has no titles."""
        return self.title or self.id


@dataclass(frozen=True, slots=True)
class RecordFile:
    """The records of a file (or of a run of an engine) under the `name` that messages call it by, by their titles."""

    name: str
    entries: Mapping[str, Entry]


def passage_key(field: Field) -> str:
    """The key under which an item of this field holds its verbatim passage."""
    return "name" if field in ("hardware", "baselines") else "quote"


def passage_of(field: Field, item: Item) -> str:
    """The verbatim passage of an item; empty where it has none."""
    passage = item.get(passage_key(field))
    return passage if isinstance(passage, str) else ""


def read_records(path: str, notice: Notice, *, annotated: bool = False) -> RecordFile:
    """The records of a JSON Lines file, or of standard input for `-`.

    `notice` is told of unsound items, of a title that comes twice (the last one counts) and of a file that breaks off.
    Raises InputError for a file that cannot be read or holds no records, by line and with the reason, and for the
    unsound items of an `annotated` file.
    """
    entries: dict[str, Entry] = {}
    faults: list[str] = []
    for line, fields in read_objects(path, notice):
        place = f"{path}:{line}"
        entry = Entry(_title(fields, place), _text(fields, "id"), line, _lists(fields, place), _abstract(fields))
        faults.extend(f"{place}: {fault}" for fault in _faults(entry.lists))
        if annotated and faults:
            raise InputError(f"{faults[0]}; correct the annotation")
        if earlier := entries.get(entry.key):
            notice(f"{place}: the same title as line {earlier.line}, {entry.key[:60]!r}; the last one counts")
        entries[entry.key] = entry
    for fault in faults[:FAULTS_SHOWN]:
        notice(f"{fault}; it is scored as it stands")
    if len(faults) > FAULTS_SHOWN:
        notice(f"{path}: {len(faults) - FAULTS_SHOWN} more items are unsound and scored as they stand")
    if not entries:
        raise InputError(f"{path}: holds no record; {REMEDY}")
    return RecordFile(path, entries)


def read_objects(path: str, notice: Notice) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a file, each with its line; InputError for a line that is none."""
    feed = open_feed(path)
    for line in feed.lines():
        if line.text.strip():
            yield line.number, _object(feed.name, line)
    for skipped in feed.notices:
        notice(str(skipped))


def _object(name: str, line: Line) -> dict[str, Any]:
    if line.overlong:
        raise InputError(f"{name}:{line.number}: a line of over 16 MB is no record; {REMEDY}")
    try:
        value = json.loads(line.text)
    except (ValueError, RecursionError) as error:
        said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise InputError(f"{name}:{line.number}: not JSON ({said}); {REMEDY}") from error
    if not isinstance(value, dict):
        raise InputError(f"{name}:{line.number}: a {type(value).__name__} is no record; {REMEDY}")
    return value


def _title(fields: Mapping[str, Any], place: str) -> str:
    title = fields.get("title")
    if not isinstance(title, str):
        raise InputError(f"{place}: no title; records are joined by their titles")
    return title


def _text(fields: Mapping[str, Any], key: str) -> str:
    return text if isinstance(text := fields.get(key), str) else ""


def _abstract(fields: Mapping[str, Any]) -> str | None:
    return abstract if isinstance(abstract := fields.get("abstract"), str) else None


def _lists(fields: Mapping[str, Any], place: str) -> Lists:
    if not any(field in fields for field in FIELDS):
        raise InputError(f"{place}: none of the lists {', '.join(FIELDS)}; is this a file of records?")
    lists: dict[Field, list[Item]] = {}
    for field in FIELDS:
        found = fields.get(field) or []
        if not isinstance(found, list):
            raise InputError(f"{place}: {field} is a {type(found).__name__}, not a list of objects")
        lists[field] = [item if isinstance(item, dict) else {} for item in found]
    return lists


def _faults(lists: Lists) -> Iterator[str]:
    for field, items in lists.items():
        for number, item in enumerate(items):
            if fault := _fault(field, item):
                yield f"{field}[{number}] {fault}"


def _fault(field: Field, item: Item) -> str:
    if not item:
        return "is no object with fields"
    if not passage_of(field, item):
        return f"has no {passage_key(field)}"
    if field != "speedups":
        return ""
    for key in ("low", "high"):
        if not isinstance(item.get(key), int | float):
            return f"has {_shown(item.get(key))} for {key}, not a number"
    factor = ends(item)
    if factor is None or not all(map(math.isfinite, factor)):
        numbers = f"{_shown(item.get('low'))} to {_shown(item.get('high'))}"
        return f"has no factor: {numbers} with the form {_shown(item.get('form'))}"
    return ""


def _shown(value: object) -> str:
    try:
        shown = json.dumps(value)
    except (ValueError, RecursionError):
        return "a value beyond all bounds"
    return shown if len(shown) <= 40 else f"{shown[:37]}..."
