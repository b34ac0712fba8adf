"""A paper of a feed, and what a feed says of an entry that cannot be used."""

import hashlib
from typing import NamedTuple

LONGEST_ABSTRACT = 20_000
"""Characters; a longer text is no abstract and is skipped."""


class Paper(NamedTuple):
    """A title and an abstract as they stand in the feed, and where: `line` counts from 1 in `source`."""

    id: str
    title: str
    abstract: str
    source: str = ""
    line: int = 0


class Skipped(NamedTuple):
    """An entry of a feed that cannot be used, or a part of one that was not used, and why."""

    source: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.reason}"


def paper_id(title: str, abstract: str) -> str:
    """The id of a paper whose feed gives none: 12 hexadecimal digits of the SHA-256 of title, newline, abstract."""
    return hashlib.sha256(f"{title}\n{abstract}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
