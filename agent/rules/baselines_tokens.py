"""Words and marks of a sentence, with their places: what the noun phrase cutter reads."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

REACH = 420
"""How many characters behind a comparing word are read at most."""

_AT_ONCE = 6
_TOKEN = re.compile(
    r"[Ss]tate[ -]of[ -](?:the[ -])?[Aa]rts?\b|[A-Z][\w-]+ et al\.?(?: \(\d{4}[a-z]?\))?|\d{1,3}(?:,\d{3})+\w*"
    r"|\[\d+(?:, ?\d+)*\]|e\.g\.|i\.e\.|etc\.?(?!\w)|\w+(?:[.'’+/&@*-]\w+)*[+*#]{0,2}|\\[a-z]+\b|-{2,3}|[^\w\s]"
)


class Token(NamedTuple):
    """A word or mark, its place in the sentence, and itself in lower case."""

    text: str
    start: int
    end: int
    low: str

    @property
    def is_word(self) -> bool:
        """Whether it begins with a letter or digit; the token beyond the end does not."""
        return self.low[:1].isalnum()

    def without_owner(self) -> "Token":
        """ "GPT-4's" without its "'s"."""
        if not self.low.endswith(("'s", "’s")):
            return self
        return Token(self.text[:-2], self.start, self.end - 2, self.low[:-2])


_END = Token("", 0, 0, "")


class Tokens:
    """The tokens of a text from a place on, read only as far as they are asked for, to a bound or the reach.

    Beyond the last one every place holds an empty token. A word that the reach cuts is left out.
    """

    __slots__ = ("_found", "_rest", "_stop", "_text")

    def __init__(self, text: str, start: int, bound: int) -> None:
        self._stop = min(bound, start + REACH)
        self._text = text
        self._rest: Iterator[re.Match[str]] | None = _TOKEN.finditer(text, start, self._stop)
        self._found: list[Token] = []

    def __getitem__(self, i: int) -> Token:
        found = self._found
        if i < len(found):
            return found[i]
        while self._rest is not None and len(found) <= i:
            self._read_on(self._rest)
        return found[i] if i < len(found) else _END

    def span(self, i: int, j: int) -> tuple[Token, ...]:
        """The tokens from `i` to before `j`, as far as there are any."""
        if j <= i:
            return ()
        self[j - 1]
        return tuple(self._found[i:j])

    def _cuts(self, end: int) -> bool:
        """Whether the reach ends inside a word."""
        return end == self._stop < len(self._text) and self._text[end].isalnum()

    def _read_on(self, rest: Iterator[re.Match[str]]) -> None:
        matches = list(islice(rest, _AT_ONCE))
        if len(matches) < _AT_ONCE:
            self._rest = None
        if matches and self._cuts(matches[-1].end()):
            self._rest = None
            matches.pop()
        self._found += [Token(text := m.group(), *m.span(), text.lower().replace(" ", "-")) for m in matches]
