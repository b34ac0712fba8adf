"""A paper as the rules read it: sentences of the abstract, then the title, each with its place."""

import re
from dataclasses import dataclass
from functools import cached_property

_ENDS = re.compile(r"[.!?]['\")\]]*\s+(?=[\"'(\[]?[A-Z0-9$\\])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|cf|al|etc|resp|approx|Fig|Figs|Eq|Sec|Tab|Dr|Prof|St|No|w\.r\.t|a\.k\.a|incl)|\b[A-Z])\.$"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it begins: in characters of the abstract, or of the title where `in_title`."""

    text: str
    start: int
    in_title: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Page:
    """A title and an abstract, cut into sentences once for all four fields."""

    title: str
    abstract: str

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the abstract, in order, without the white space between them."""
        return tuple(Sentence(self.abstract[a:b], a) for a, b in _cuts(self.abstract))

    @cached_property
    def title_sentence(self) -> Sentence:
        """The title as one sentence."""
        return Sentence(self.title, 0, in_title=True)


def _cuts(text: str) -> list[tuple[int, int]]:
    cuts, start = [], 0
    for match in _ENDS.finditer(text):
        stop = match.start() + 1
        if _ABBREVIATION.search(text[max(start, stop - 12) : stop]):
            continue
        end = match.start() + len(match.group().rstrip())
        cuts.append((start, end))
        start = match.end()
    if start < len(text.rstrip()):
        cuts.append((start, len(text.rstrip())))
    return cuts
