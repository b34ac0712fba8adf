"""The one place that finds a name or a quote in a title or abstract and gives its span.

A passage is looked for as it is, and else with the slips forgiven that models and converters make: case, look-alike
characters, accents, white space, hyphenation, a plural, and the residue of LaTeX ("2.5times", "$2.5\\times$" and
"2.5×" are one). What comes back is always the text's own characters.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from agent.papers import Paper

# Cyrillic and Greek capitals and small letters that are drawn like Latin ones (Unicode TR 39 calls them confusable).
_LOOK_ALIKE = str.maketrans("АВЕЅІЈКМНОРСТХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΧο×∼≈", "ABESIJKMHOPCTXaesijopcyxABEZHIKMNOPTXox~~")
_RESIDUE = re.compile(
    r"(?P<times>\\times(?![a-z])|(?<=\d)\s?\$?\s?times)"
    r"|(?P<about>\\(?:sim|approx)(?![a-z])|\bsim(?=\s?\d))"
    r"|(?P<percent>\\%)"
    r"|(?P<nothing>\\[a-zA-Z]+(?=\s?\{)|\\['`\"^~=.,;:! ]|[\s${}\\])"
)
_MEANING = {"times": "x", "about": "~", "percent": "%", "nothing": ""}
_HYPHENS = frozenset("-‐‑‒–—―−­_")
_QUOTES = str.maketrans("‘’‚‛`´“”„‟«»", "''''''\"\"\"\"\"\"")
_TRIM = " \t\r\n\"'“”‘’.,;:"


class Placement(NamedTuple):
    """A passage of a paper: its own characters and their [start, end) in the abstract, or the title if `in_title`."""

    start: int
    end: int
    text: str
    in_title: bool = False


def ground(passage: str, paper: Paper, *, near: int | None = None, in_title: bool = False) -> Placement | None:
    """Find a passage in a paper, as it is before with slips, in its abstract before its title; None if in neither.

    `near` is where the passage is thought to begin, in the title if `in_title`; of several places the closest wins.
    """
    sides = ((True, paper.title, near), (False, paper.abstract, None))
    sides = sides if in_title else ((False, paper.abstract, near), (True, paper.title, None))
    for exactly in (True, False):
        for where, text, hint in sides:
            if span := place(passage, text, near=hint, exactly=exactly):
                return Placement(*span, text[span[0] : span[1]], where)
    return None


def place(passage: str, text: str, *, near: int | None = None, exactly: bool = False) -> tuple[int, int] | None:
    """Find a passage in a text and give its [start, end), or None where it does not stand there.

    With `exactly` no slip is forgiven.

    >>> place("2.5× faster", "up to $2.5\\\\times$ faster than before")
    (7, 20)
    """
    if not any(map(str.isalnum, passage)):
        return None
    if near is not None and text.startswith(passage, near):
        return near, near + len(passage)
    passage = passage.strip()
    spans = list(_exact(passage, text))
    if not spans and not exactly:
        spans = list(_tolerant(passage, text))
    if not spans and not exactly and passage.strip(_TRIM) != passage:
        spans = list(_tolerant(passage.strip(_TRIM), text))
    return min(spans, key=lambda span: abs(span[0] - (near or 0)), default=None)


def _exact(passage: str, text: str) -> Iterator[tuple[int, int]]:
    at = text.find(passage)
    while at >= 0:
        end = at + len(passage)
        if _is_seam(text, at) and _is_seam(text, end):
            yield at, end
        at = text.find(passage, at + 1)


def _tolerant(passage: str, text: str) -> Iterator[tuple[int, int]]:
    wanted, _ = fold(passage)
    folded, places = fold(text)
    for needle in dict.fromkeys((wanted, wanted.removesuffix("s"))):
        if not needle:
            continue
        found = False
        at = folded.find(needle)
        while at >= 0:
            last = at + len(needle) - 1
            start, end = places[at][0], places[last][1]
            end += _plural(text, end)
            whole = places[at] not in places[max(at - 1, 0) : at] and places[last] not in places[last + 1 : last + 2]
            if whole and _is_seam(text, start) and _is_seam(text, end):
                found = True
                yield start, end
            at = folded.find(needle, at + 1)
        if found:
            return


def _plural(text: str, end: int) -> int:
    return int(text[end : end + 1] == "s" and text[end - 1].isalnum() and _is_seam(text, end + 1))


def _is_seam(text: str, at: int) -> bool:
    """Whether a passage may begin or end here: not inside a word, nor inside a number."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if before in ".," and after.isdigit() and at > 1 and text[at - 2].isdigit():
        return False
    if after in ".," and before.isdigit() and text[at + 1 : at + 2].isdigit():
        return False
    if not (before.isalnum() and after.isalnum()):
        return True
    return bool(re.search(r"\d\s?(?:times|x)$", text[max(0, at - 8) : at])) and not after.islower()


@lru_cache(maxsize=16)
def fold(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Reduce a text to what tolerant matching compares, and say which [start, end) each kept character came from."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for match in _RESIDUE.finditer(text):
        _fold_plain(text, at, match.start(), letters, places)
        if meaning := _MEANING[match.lastgroup or "nothing"]:
            letters.append(meaning)
            places.append(match.span())
        at = match.end()
    _fold_plain(text, at, len(text), letters, places)
    return "".join(letters), tuple(places)


def _fold_plain(text: str, start: int, stop: int, letters: list[str], places: list[tuple[int, int]]) -> None:
    for at in range(start, stop):
        for character in _letters_of(text[at]):
            letters.append(character)
            places.append((at, at + 1))


@lru_cache(maxsize=4096)
def _letters_of(character: str) -> str:
    if character in _HYPHENS:
        return ""
    plain = unicodedata.normalize("NFKD", character.translate(_LOOK_ALIKE).translate(_QUOTES))
    kept = (c for c in plain if unicodedata.category(c) not in ("Mn", "Cf", "Zs"))
    return "".join(kept).translate(_LOOK_ALIKE).casefold()
