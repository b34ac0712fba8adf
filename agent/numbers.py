"""The one place where a number as an abstract writes it, in digits or in words, becomes a value."""

import re
from typing import NamedTuple

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS: dict[str, float] = {word: value for value, word in enumerate(_UNITS)}
_WORDS |= {word: 10 * (place + 2) for place, word in enumerate(_TENS)}
_WORDS |= {"once": 1, "twice": 2, "thrice": 3, "double": 2, "doubles": 2, "doubled": 2, "doubling": 2, "triple": 3}
_WORDS |= {"triples": 3, "tripled": 3, "tripling": 3, "quadruple": 4, "quadruples": 4, "half": 0.5, "halves": 0.5}
_WORDS |= {"halved": 0.5, "halving": 0.5, "quarter": 0.25, "third": 1 / 3, "dozen": 12, "a": 1, "an": 1}
_SCALES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_WORD = "|".join(sorted((*_WORDS, *_SCALES), key=len, reverse=True))
NUMBER = re.compile(rf"(?<![\w.])-?(?:{_DIGITS})|(?i:\b(?:{_WORD})(?:[ -](?:{_WORD}))*(?=fold\b|\b))")


class Number(NamedTuple):
    """A number of a text: its value and its place, [start, end) in characters."""

    value: float
    start: int
    end: int


def value_of(written: str) -> float | None:
    """The value of a number as written ("3,201", "2.31", "twenty-four", "two hundred"), or None if it is none."""
    text = written.strip().lower()
    if re.fullmatch(_DIGITS, text):
        return float(text.replace(",", ""))
    total, current, seen = 0.0, 0.0, False
    for word in re.split(r"[ -]+", text):
        if word in _SCALES:
            current = (current or 1) * _SCALES[word]
            if _SCALES[word] >= 1e3:
                total, current = total + current, 0.0
        elif word in _WORDS:
            current += _WORDS[word]
        else:
            return None
        seen = True
    return total + current if seen else None


def numbers_in(text: str) -> list[Number]:
    """All numbers of a text in order, in digits or in words."""
    found = ((value_of(match.group().lstrip("-")), match) for match in NUMBER.finditer(text))
    return [Number(value, match.start(), match.end()) for value, match in found if value is not None]
