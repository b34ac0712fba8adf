"""A list of quantities in its sentence: how far its words reach, and the words that lead up to it."""

import re
from dataclasses import dataclass

from agent.rules.speedups_quantities import Quantity
from agent.rules.speedups_words import LEADS, Terms, by_last_word

_LEAD_PART = re.compile(r"[^\s$~(\\≈>]+")
_LEADS = by_last_word(LEADS)
_PREPOSITIONS = ("by", "of", "to", "is", "are", "was", "were", "be", "being")
_PREPOSITION = re.compile(rf"\b({'|'.join(_PREPOSITIONS)})\s*$", re.I)
_NEAR = 60


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A list of quantities in its sentence, and how far its words may reach: [left, right) in characters."""

    text: str
    terms: Terms
    group: list[Quantity]
    left: int
    right: int
    lead: int
    preposition: str

    @property
    def start(self) -> int:
        """Where the first quantity begins."""
        return self.group[0].start

    @property
    def end(self) -> int:
        """Where the last quantity ends."""
        return self.group[-1].end


def surroundings_of(text: str, terms: Terms, groups: list[list[Quantity]], number: int) -> Surroundings:
    """The list of quantities `number` of a sentence with what stands round it, up to its neighbours."""
    group = groups[number]
    left = groups[number - 1][-1].end if number else 0
    right = groups[number + 1][0].start if number + 1 < len(groups) else len(text)
    lead, preposition = _lead(text, max(left, group[0].start - _NEAR), group[0].start)
    return Surroundings(text, terms, group, left, right, lead, preposition)


def _lead(text: str, from_here: int, start: int) -> tuple[int, str]:
    """Where the words that lead up to a quantity begin ("up to an average of"), and the preposition before them."""
    lead = _lead_begin(list(_LEAD_PART.finditer(text, from_here, start)), from_here)
    tail = text[from_here:lead].rstrip().lower()
    preposition = _PREPOSITION.search(text, from_here, lead) if tail.endswith(_PREPOSITIONS) else None
    word = preposition[1].lower() if preposition else ""
    if not word and "(" in text[lead:start]:
        word = "("
    return (preposition.start() if preposition else lead), word


def _lead_begin(words: list[re.Match[str]], from_here: int) -> int:
    """Where the last of the words that do not lead up to a quantity ends."""
    place = len(words)
    while place:
        phrases = _LEADS.get(words[place - 1].group().lower(), ())
        taken = next((len(said) for said in phrases if _ends_with(words, place, said)), 0)
        if not taken:
            return words[place - 1].end()
        place -= taken
    return from_here


def _ends_with(words: list[re.Match[str]], place: int, phrase: tuple[str, ...]) -> bool:
    first = place - len(phrase)
    return first >= 0 and all(words[first + step].group().lower() == word for step, word in enumerate(phrase))
