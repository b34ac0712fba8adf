"""A paper of a feed, and what a feed says of an entry that cannot be used."""

import hashlib
from typing import NamedTuple

LONGEST_ABSTRACT = 20_000
"""Characters; a longer text is no abstract and is skipped."""


class Paper(NamedTuple):
    """A title and an abstract, each on one line as `agent.feeds` writes them, and the `line` (from 1) of `source`.

    Spans count characters of exactly this `title` and `abstract`.
    """

    id: str
    title: str
    abstract: str
    source: str = ""
    line: int = 0


class Skipped(NamedTuple):
    """An entry of a feed that cannot be used, or a part of one that was not used, and why.

    `lost` tells the two apart: True where a paper is missing from the result by it, False where all papers are there.
    """

    source: str
    line: int
    reason: str
    lost: bool = True

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.reason}"


def paper_id(title: str, abstract: str) -> str:
    """The id of a paper whose feed gives none: 12 hexadecimal digits of the SHA-256 of title, newline, abstract."""
    return hashlib.sha256(f"{title}\n{abstract}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
