"""Words and marks of a sentence, with their places: what the noun phrase cutter reads."""

import re
from dataclasses import dataclass

REACH = 420
"""How many characters behind a comparing word are read."""

_TOKEN = re.compile(
    r"[Ss]tate[ -]of[ -](?:the[ -])?[Aa]rts?\b|[A-Z][\w-]+ et al\.?(?: \(\d{4}[a-z]?\))?|\d{1,3}(?:,\d{3})+\w*|\[\d+(?:, ?\d+)*\]|e\.g\.|i\.e\.|etc\.?(?!\w)"
    r"|\w+(?:[.'’+/&@*-]\w+)*[+*#]{0,2}|\\[a-z]+\b|-{2,3}|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark and its place in the sentence."""

    text: str
    start: int
    end: int
    low: str


def tokens_of(text: str, start: int, reach: int = REACH) -> list[Token]:
    """The tokens of a text from a place on, as far as the reach; a word that the reach cuts is left out."""
    stop = min(len(text), start + reach)
    found = [
        Token(m.group(), m.start(), m.end(), m.group().lower().replace(" ", "-"))
        for m in _TOKEN.finditer(text, start, stop)
    ]
    if found and stop < len(text) and found[-1].end == stop:
        found.pop()
    return found


def low_at(tokens: list[Token], i: int) -> str:
    """The token at a place in lower case, or "" beyond the end."""
    return tokens[i].low if i < len(tokens) else ""
