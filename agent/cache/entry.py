"""A cache entry: what the model answered, what it cost, and the record that the checks made of it."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agent.errors import InputError
from agent.model.usage import Usage
from agent.papers import Paper

if TYPE_CHECKING:
    from schemas import Record

_HEAD = {"id", "title", "abstract"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One dialogue with a model.

    `answers` are the raw answers of all its turns, first to last, and `usage` is what they cost. `checked` is the tail
    of the record (`tail_of`) that the checks of version `checks` made of them; other checks make their own from
    `answers`, without a request.
    `created` is in seconds since 1970.
    """

    answers: tuple[str, ...]
    usage: Usage
    checked: str
    checks: str
    model: str
    created: float

    def checked_by(self, checks: str) -> str | None:
        """The tail of the record if checks of version `checks` made it, else None."""
        return self.checked if self.checks == checks else None

    def to_text(self) -> str:
        """The entry as JSON text."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> "Entry":
        """The entry that `to_text` wrote; InputError on any other text."""
        try:
            given = json.loads(text)
            if isinstance(given, dict) and set(given) == set(cls.__slots__) and _is_sound(given):
                return cls(**{**given, "answers": tuple(given["answers"]), "usage": Usage(*given["usage"])})
        except (ValueError, RecursionError) as error:
            raise InputError(f"a cache entry is no JSON text: {error}") from None
        raise InputError("a cache entry does not hold what perfclaims stores")


def _is_sound(given: dict[str, Any]) -> bool:
    answers, usage, checked = given["answers"], given["usage"], given["checked"]
    return (
        isinstance(answers, list)
        and bool(answers)
        and all(isinstance(answer, str) for answer in answers)
        and isinstance(usage, list)
        and len(usage) == len(Usage._fields)
        and all(type(count) is int and count >= 0 for count in usage)
        and all(isinstance(given[name], str) for name in ("checked", "checks", "model"))
        and type(given["created"]) in (int, float)
        and _is_tail(checked)
    )


def _is_tail(checked: str) -> bool:
    # `line_of` joins it to the paper: a line break or a second object in it would forge records.
    tail = json.loads(checked)
    return isinstance(tail, dict) and bool(tail) and not _HEAD & set(tail) and "\n" not in checked


def tail_of(record: "Record") -> str:
    """The record as JSON text without its id, title and abstract: what an entry keeps, whatever id a feed gives."""
    return record.model_dump_json(by_alias=True, exclude=_HEAD)


def line_of(paper: Paper, tail: str) -> str:
    """The record of a paper as one line of JSON, from the tail that `tail_of` gave for the same text.

    The bytes are those of `Record.to_json`, with no model to build or check.
    """
    head = {"id": paper.id, "title": paper.title, "abstract": paper.abstract}
    return json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1] + "," + tail.lstrip()[1:]
