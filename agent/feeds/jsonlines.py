"""JSON Lines: an object with a title and an abstract on each line, such as the arXiv metadata snapshot."""

import json
from collections.abc import Iterable, Iterator, Mapping

from agent.feeds.entries import FIELDS, field_name, read_entry
from agent.feeds.streams import LONGEST_LINE, Feed
from agent.papers import Paper, Skipped

_ENTRY = frozenset((*FIELDS["abstract"], "title", "paper"))
_ABSTRACT = frozenset(("abstract", "summary"))
_OF_A_PAPER = frozenset(("references", "citations", "related", "related_papers", "related_works", "cited_by"))


def read_json_lines(feed: Feed) -> Iterator[Paper | Skipped]:
    """The papers of JSON Lines, each under its line; a line that is not JSON costs its own entry alone."""
    for line in feed.lines():
        if line.overlong:
            yield Skipped(feed.name, line.number, f"a line of over {LONGEST_LINE >> 20} MB is no entry of a feed")
        elif line.text.strip():
            try:
                value = json.loads(line.text)
            except (ValueError, RecursionError) as fault:
                yield Skipped(feed.name, line.number, f"not JSON ({described(fault)})")
            else:
                yield from read_value(feed.name, line.number, value)


def described(fault: Exception) -> str:
    """What is wrong with a text that is not JSON, without a place that is counted from elsewhere than the feed."""
    return fault.msg if isinstance(fault, json.JSONDecodeError) else str(fault)


def read_value(source: str, line: int, value: object) -> Iterator[Paper | Skipped]:
    """The papers in a JSON value: an object that is an entry, or a list of such, or an object that holds the list."""
    entries = entries_within(value)
    if entries is None:
        yield from read_object(source, line, value)
    else:
        for entry in entries:
            yield from read_object(source, line, entry)


def read_object(source: str, line: int, value: object) -> Iterator[Paper | Skipped]:
    """The paper of one JSON object."""
    if not isinstance(value, dict):
        yield Skipped(source, line, f"an entry is not an object with title and abstract but {type(value).__name__}")
        return
    fields = {field_name(key): found for key, found in value.items()}
    if _first(fields, "abstract") is None and isinstance(nested := fields.get("paper"), dict):
        fields = {field_name(key): found for key, found in nested.items()}
    title, abstract, identity = (_first(fields, name) for name in ("title", "abstract", "id"))
    yield from read_entry(source, line, title, abstract, identity)


def is_entry(value: object) -> bool:
    """Whether a value is an object with a title or an abstract."""
    return isinstance(value, dict) and not _ENTRY.isdisjoint(map(field_name, value))


def has_abstract(fields: Iterable[str]) -> bool:
    """Whether an object with these fields is an entry for certain; a description may be that of a whole feed."""
    return not _ABSTRACT.isdisjoint(map(field_name, fields))


def may_hold_entries(name: str) -> bool:
    """Whether a list under this name may be the feed's entries: a paper's references are not."""
    return field_name(name) not in _OF_A_PAPER


def entries_within(value: object) -> list[object] | None:
    """The list of entries that a JSON value is or holds, if it is not an entry itself."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and not has_abstract(value):
        for name, part in value.items():
            if isinstance(part, list) and part and is_entry(part[0]) and may_hold_entries(name):
                return part
    return None


def _first(fields: Mapping[str, object], name: str) -> object:
    return next((fields[key] for key in FIELDS[name] if fields.get(key) is not None), None)
