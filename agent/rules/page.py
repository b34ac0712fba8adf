"""A paper as the rules read it: sentences of the abstract, then the title, each with its place."""

import re
from dataclasses import dataclass, field
from functools import cached_property

_ENDS = re.compile(r"[.!?]['\")\]]*\s+(?=[\"'(\[]?[A-Z0-9$\\])")
_SHORTENED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ").union(
    (
        "vs",
        "cf",
        "al",
        "etc",
        "resp",
        "approx",
        "Fig",
        "Figs",
        "Eq",
        "Sec",
        "Tab",
        "Dr",
        "Prof",
        "St",
        "No",
        "incl",
        "avg",
    )
)
_ABBREVIATION = re.compile(rf"\b(?:e\.g|i\.e|w\.r\.t|a\.k\.a|{'|'.join(sorted(_SHORTENED))})\.$")

_APART = bytes(c if chr(c).isalnum() or chr(c) == "+" else ord(" ") for c in range(128)) + b" " * 128
_PLUS = re.compile(r"\+(?=\w)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it begins: in characters of the abstract, or of the title where `in_title`.

    `plain` is the text with a space for every character that is no Latin letter, digit or final "+", of equal length.
    `words` are the plain text cut at every space: the place of each is the length of all before it and of the cuts.

    >>> Sentence("on Intel's CPU+GPU, (2x)", 0).words
    ['on', 'Intel', '', '', 'CPU', 'GPU', '', '', '2x', '']
    """

    text: str
    start: int
    in_title: bool = False
    plain: str = ""
    words: list[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.plain:
            object.__setattr__(self, "plain", _plain(self.text))
        object.__setattr__(self, "words", self.plain.split(" "))

    @property
    def end(self) -> int:
        """Where the sentence ends, counted as its start."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Page:
    """A title and an abstract, cut into sentences once for all four fields."""

    title: str
    abstract: str

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the abstract, in order, without the white space between them."""
        text, plain = self.abstract, _plain(self.abstract)
        return tuple(Sentence(text[a:b], a, plain=plain[a:b]) for a, b in _cuts(text))

    @cached_property
    def title_sentence(self) -> Sentence:
        """The title as one sentence."""
        return Sentence(self.title, 0, in_title=True)


def _plain(text: str) -> str:
    text = text.replace("'s ", "   ")
    text = _PLUS.sub(" ", text) if "+" in text else text
    return text.encode("ascii", "replace").translate(_APART).decode("ascii")


def _is_abbreviated(tail: str) -> bool:
    word = tail[tail.rfind(" ") + 1 : -1]
    if word.isalpha():
        return word in _SHORTENED and tail.endswith(".")
    return _ABBREVIATION.search(tail) is not None


def _cuts(text: str) -> list[tuple[int, int]]:
    cuts, start = [], 0
    for match in _ENDS.finditer(text):
        stop = match.start() + 1
        if _is_abbreviated(text[max(start, stop - 12) : stop]):
            continue
        end = match.start() + len(match.group().rstrip())
        cuts.append((start, end))
        start = match.end()
    if start < len(text.rstrip()):
        cuts.append((start, len(text.rstrip())))
    return cuts
