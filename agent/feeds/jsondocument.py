"""JSON that is not one value a line: an array of entries, an object that holds one, or objects after one another.

An array is read element by element, so that its length costs no memory.
"""

import json
import re
from collections.abc import Generator, Iterator

from agent.feeds.entries import FIELDS, field_name
from agent.feeds.jsonlines import described, has_abstract, is_entry, may_hold_entries, read_object
from agent.feeds.streams import Feed
from agent.papers import Paper, Skipped

LONGEST_ENTRY = 1 << 22
"""Characters; JSON in which a value does not end within them is taken as broken."""
LOOKAHEAD = 1 << 20
"""Characters within which reading is taken up again after broken JSON."""
TRIES = 200
"""Places at which reading is tried again, one after the other, before the rest is given up."""
DEEPEST = 8
"""Objects within objects in which the list of entries is looked for."""

_SPACE = re.compile(r"[ \t\n\r]*")
_RESTART = re.compile(r"[,\n\[][ \t\n\r]*(?=\{)")
_CUT = 16
"""Characters: a fault this near to the end of what has been read may only mean that more has to be read."""
_KEPT = frozenset(name for names in FIELDS.values() for name in names) | {"paper"}

Found = Generator[Paper | Skipped, None, None]


class JsonText:
    """The text of a feed, and the place up to which it has been read; what lies behind that is let go."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._text = ""
        self._at = 0
        self._line = 1
        self._counted = 0
        self._decoder = json.JSONDecoder()
        self.given_up = False

    @property
    def line(self) -> int:
        """The line (from 1) of the place up to which the text has been read."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def next_mark(self) -> str:
        """The next character that is not white space, without taking it; "" at the end of the text."""
        while True:
            matched = _SPACE.match(self._text, self._at)
            self._at = matched.end() if matched else self._at
            if self._at < len(self._text) or not self._grow():
                return self._text[self._at : self._at + 1]

    def take_mark(self) -> str:
        """The next character that is not white space."""
        mark = self.next_mark()
        self._at += len(mark)
        return mark

    def take_value(self) -> object:
        """The value that begins here; ValueError or RecursionError, and nothing taken, if it is not JSON."""
        self.next_mark()
        value, self._at = self._value_at(0)
        return value

    def begins_list_of_entries(self) -> bool:
        """Whether an array begins here whose first element has a title or an abstract; takes nothing."""
        if self.next_mark() != "[":
            return False
        offset = 1
        while True:
            matched = _SPACE.match(self._text, self._at + offset)
            offset = matched.end() - self._at if matched else offset
            if self._at + offset < len(self._text) or not self._grow():
                break
        if self._text[self._at + offset : self._at + offset + 1] != "{":
            return False
        try:
            return is_entry(self._value_at(offset)[0])
        except (ValueError, RecursionError):
            return True

    def restart(self) -> bool:
        """Go on to the next entry that can be read, within LOOKAHEAD; if there is none, give the rest up: False."""
        while len(self._text) - self._at < LOOKAHEAD and self._grow():
            pass
        for count, place in enumerate(_RESTART.finditer(self._text, self._at + 1)):
            if count == TRIES:
                break
            try:
                value, _ = self._decoder.raw_decode(self._text, place.end())
            except (ValueError, RecursionError):
                continue
            if is_entry(value):
                self._at = place.end()
                return True
        self.given_up = True
        return False

    def _value_at(self, offset: int) -> tuple[object, int]:
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at + offset)
            except json.JSONDecodeError as fault:
                open_string = fault.msg.startswith("Unterminated string")
                if not open_string and fault.pos < len(self._text) - _CUT:
                    raise
                if len(self._text) - self._at > LONGEST_ENTRY or not self._double():
                    raise
            else:
                if end < len(self._text) or not isinstance(value, int | float) or not self._double():
                    return value, end

    def _double(self) -> bool:
        goal = 2 * (len(self._text) - self._at)
        grown = self._grow()
        while grown and len(self._text) - self._at < goal and self._grow():
            pass
        return grown

    def _grow(self) -> bool:
        piece = next(self._pieces, None)
        if piece is None:
            return False
        self._line = self.line
        self._text = self._text[self._at :] + piece
        self._at = self._counted = 0
        return True


def read_json_document(feed: Feed) -> Iterator[Paper | Skipped]:
    """The papers of a JSON document, each under the line where its object begins."""
    text = JsonText(feed.text())
    while mark := text.next_mark():
        line = text.line
        try:
            if mark == "[":
                yield from _read_array(feed.name, text)
            elif mark == "{":
                yield from _read_top_object(feed.name, text)
            else:
                raise ValueError(f"{mark!r} where an object or a list of objects is expected")
        except (ValueError, RecursionError) as fault:
            yield _fault(feed.name, text, line, fault)
        if text.given_up:
            return


def _read_array(source: str, text: JsonText) -> Found:
    text.take_mark()
    while mark := text.next_mark():
        if mark in ",]":
            text.take_mark()
            if mark == "]":
                return
            continue
        line = text.line
        try:
            value = text.take_value()
        except (ValueError, RecursionError) as fault:
            yield _fault(source, text, line, fault)
            if text.given_up:
                return
        else:
            yield from read_object(source, line, value)
    yield Skipped(source, text.line, "the feed ends within a JSON list: it was cut off here; get it anew")


def _read_top_object(source: str, text: JsonText) -> Found:
    line = text.line
    fields, held_list = yield from _read_object(source, text, 0)
    if not text.given_up and (not held_list or has_abstract(fields)):
        yield from read_object(source, line, fields)


def _read_object(
    source: str, text: JsonText, depth: int
) -> Generator[Paper | Skipped, None, tuple[dict[str, object], bool]]:
    """Read an object and the list of entries in it; give back its fields and whether there was such a list."""
    text.take_mark()
    fields: dict[str, object] = {}
    held_list = False
    while (mark := text.next_mark()) != "}":
        if mark == ",":
            text.take_mark()
            continue
        key = field_name(str(_key(text)))
        if may_hold_entries(key) and not has_abstract(fields) and text.begins_list_of_entries():
            held_list = True
            yield from _read_array(source, text)
            if text.given_up:
                return fields, held_list
        elif text.next_mark() == "{" and depth < DEEPEST and not has_abstract(fields):
            fields_within, list_within = yield from _read_object(source, text, depth + 1)
            held_list = held_list or list_within
            if text.given_up:
                return fields, held_list
            if key in _KEPT:
                fields[key] = fields_within
        else:
            value = text.take_value()
            if key in _KEPT:
                fields[key] = value
    text.take_mark()
    return fields, held_list


def _key(text: JsonText) -> object:
    mark = text.next_mark()
    if mark != '"':
        raise ValueError(f"{mark!r} where a name in quotation marks is expected" if mark else "the feed ends here")
    key = text.take_value()
    if text.take_mark() != ":":
        raise ValueError(f"no colon after {str(key)[:40]!r}")
    return key


def _fault(source: str, text: JsonText, line: int, fault: Exception) -> Skipped:
    """What is to be said of broken JSON, after going on to the next entry that can be read."""
    then = f"reading goes on at line {text.line}" if text.restart() else "the rest of the feed is not read"
    return Skipped(source, line, f"not JSON ({described(fault)}); {then}")
