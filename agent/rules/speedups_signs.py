"""Which sentences may state a gain at all: a cheap look for its signs before any number is read."""

import re
from bisect import bisect_right
from collections.abc import Sequence

PAIR_CUES = (
    " from ", "compared", "versus", "vs", "against", "instead of", "rather than", "opposed to", "contrast",
    "relative to", "whereas", "while", "unlike", "previously", " than ",
)  # fmt: skip
"""What stands between two amounts that are set against each other, or before them; one of these at least."""

_WORDS = (
    "fold", "times", "twice", "thrice", "magnitude", "doubl", "tripl", "quadrupl", "half", "halv", "third", "quarter",
    "tenth", "percent", "factor",
)  # fmt: skip
"""The signs of a quantity that need no digit beside them."""
_BESIDE_DIGITS = ("%", "×", "speed", "accelerat", "faster", "per cent", "pct", "1/", "fifth", "hundredth")
_MARKS = (*_WORDS, *_BESIDE_DIGITS, "accel", "by ", "by\t", "by\n")
_X = re.compile(r"x(?<![a-z]x)(?![a-z])")
_BY_DIGIT = re.compile(r"by\s+(?:[a-z]+\s){0,3}\$?\d")
_DIGIT = re.compile(r"\d")


def places_of_signs(text: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """The numbers of the [start, end) spans of a text, in order, that may hold a quantity or two amounts.

    Each sign is sought in the whole text, and from the end of a span that has it, so that the work is the same for
    many short spans as for one.
    """
    low = _lower(text)
    begins = [begin for begin, _ in spans]
    places: set[int] = set()
    for sign in _WORDS:
        if sign in low:
            _add_places(low, sign, spans, begins, places)
    for place in _with_digits(low, spans, begins) - places:
        part = low[slice(*spans[place])]
        if _any_in(_BESIDE_DIGITS, part) or _any_in(PAIR_CUES, part) or _X.search(part) or _BY_DIGIT.search(part):
            places.add(place)
    return sorted(places)


def has_mark(text: str) -> bool:
    """Whether a sentence has anything that makes a number a quantity; without, it may still have two amounts."""
    low = _lower(text)
    return _any_in(_MARKS, low) or _X.search(low) is not None or _BY_DIGIT.search(low) is not None


def has_pair_cue(text: str) -> bool:
    """Whether a sentence has what sets two amounts against each other."""
    return _any_in(PAIR_CUES, text)


def _lower(text: str) -> str:
    """The text in lower case at equal length: the one letter that would grow is no part of a sign."""
    return text.replace("İ", "_").lower()


def _any_in(signs: tuple[str, ...], text: str) -> bool:
    return any(map(text.__contains__, signs))


def _with_digits(low: str, spans: Sequence[tuple[int, int]], begins: list[int]) -> set[int]:
    if not low.isascii():
        return {place for place, span in enumerate(spans) if _DIGIT.search(low, *span)}
    places: set[int] = set()
    for digit in "0123456789":
        _add_places(low, digit, spans, begins, places)
    return places


def _add_places(low: str, sign: str, spans: Sequence[tuple[int, int]], begins: list[int], places: set[int]) -> None:
    """Add the numbers of the spans that hold a sign."""
    found = low.find(sign)
    while found >= 0:
        place = max(0, bisect_right(begins, found) - 1)
        end = spans[place][1]
        if found + len(sign) <= end:
            places.add(place)
        found = low.find(sign, max(end, found + 1))
