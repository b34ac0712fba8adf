"""The one place where a number as an abstract writes it, in digits or in words, becomes a value."""

import math
import re
from typing import NamedTuple

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_MULTIPLES = {
    1: "once single",
    2: "twice double doubles doubled doubling",
    3: "thrice triple triples tripled tripling",
    4: "quadruple quadruples quadrupled quadrupling",
    12: "dozen",
}
_PARTS = {2: "half halves halved halving", 3: "third", 4: "quarter", 5: "fifth", 10: "tenth", 100: "hundredth"}
SCALES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
"""The words that multiply what stands before them, with their values."""

_WORDS: dict[str, float] = {word: value for value, word in enumerate(_UNITS.split())}
_WORDS |= {word: 10 * (place + 2) for place, word in enumerate(_TENS.split())}
_WORDS |= {word: value for value, words in _MULTIPLES.items() for word in words.split()}
_WORDS |= {word: 1 / value for value, words in _PARTS.items() for word in words.split()}

NUMBER_WORDS = frozenset((*_WORDS, *SCALES))
"""The single words that are numbers, in lower case: "two", "twice", "doubled", "half", "hundred"."""

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_GROUP = r"(?:,|\{,\})\d{3}(?!\d)"
PLAIN = rf"\d{{1,3}}(?:{_GROUP})+(?:\.\d+)?|\d+(?:\.\d+)?"
POWER = r"10\s?(?:\^\s?\{?\s?\d{1,2}\}?|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
SCIENTIFIC = rf"\d+(?:\.\d+)?\s?(?:\\times|\\cdot|times|[x×·])\s?{POWER}"
DIGITS = rf"{SCIENTIFIC}|{POWER}|{PLAIN}|\.\d+"
"""A number in digits: "3,201", "2.31", "10^3", "2.5\\times 10^{4}"."""

_BEFORE_DIGITS = r"(?:(?<![\w.])|(?<=\bx)|(?<=sim)|(?<=times)|(?<=approx)|(?<=geq)|(?<=leq))"
_WORD = "|".join(sorted((*_WORDS, *SCALES), key=len, reverse=True))
WORDS = rf"\b(?:an?[ ](?=hundred|thousand|million|billion|dozen))?(?:{_WORD})(?:[ -](?:{_WORD}))*(?: and a half)?"
"""A number in words: "twenty-four", "two hundred", "two and a half", "a thousand"."""

NUMBER = re.compile(rf"{_BEFORE_DIGITS}-?(?:{DIGITS})|(?i:{WORDS}(?=fold\b|\b))")
_PLAIN = re.compile(PLAIN + r"|\.\d+")
_POWER = re.compile(rf"(?:(?P<factor>\d+(?:\.\d+)?)\s?(?:\\times|\\cdot|times|[x×·])\s?)?(?P<power>{POWER})")
_MAGNITUDE = re.compile(r"\border[\s-]of[\s-]magnitude", re.IGNORECASE)


class Number(NamedTuple):
    """A number of a text: its value and its place, [start, end) in characters."""

    value: float
    start: int
    end: int


def value_of(written: str) -> float | None:
    """The value of a number as written ("3,201", "10^3", "twenty-four", "two hundred"), or None if it is none."""
    if written.isdecimal():
        return float(written)
    text = written.strip().lower()
    if _PLAIN.fullmatch(text):
        return float(text.replace("{,}", "").replace(",", ""))
    if match := _POWER.fullmatch(text):
        exponent = re.sub(r"\D", "", match["power"].translate(_SUPERSCRIPTS))[2:]
        return float(match["factor"] or 1) * 10.0 ** int(exponent)
    return _spoken(text)


def _spoken(text: str) -> float | None:
    whole, _, half = text.partition(" and a half")
    words = re.split(r"[ -]+", whole)
    if words[0] in ("a", "an") and not half:
        words[0] = "one"
    total, current = 0.0, 0.0
    for word in words:
        if word in SCALES:
            current = (current or 1) * SCALES[word]
            if SCALES[word] >= 1e3:
                total, current = total + current, 0.0
        elif word == "dozen":
            current = (current or 1) * 12
        elif word in _WORDS:
            current += _WORDS[word]
        else:
            return None
    return total + current + (0.5 if text.endswith(" and a half") else 0.0)


def numbers_in(text: str) -> list[Number]:
    """All numbers of a text in order, in digits or in words."""
    found = ((value_of(match.group().lstrip("-")), match) for match in NUMBER.finditer(text))
    return [Number(value, match.start(), match.end()) for value, match in found if value is not None]


def states(quote: str, value: float) -> bool:
    """Whether a quote states a value: in digits, in words, as a part ("half the time": 2) or an order of magnitude.

    Thousands separators, LaTeX residue ("4.8sim 20.3times", "10^{3}") and the sign are no hindrance.
    """
    wanted = abs(value)
    if wanted == 1 and _MAGNITUDE.search(quote):
        return True
    for number in numbers_in(quote):
        if math.isclose(number.value, wanted, rel_tol=1e-6):
            return True
        if 0 < number.value < 1 and math.isclose(1 / number.value, wanted, rel_tol=1e-6):
            return True
    return False
