"""The places where the words that matter begin, found by one scan of a text for their stems."""

import re
from collections.abc import Iterable
from typing import TypeAlias

Trie: TypeAlias = "dict[str, Trie]"

_BEFORE = r"[\s(\"'`“$\[{/,;:.—–-]"


def stem_scan(stems: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds where a word begins with one of the stems; its group 1 is the shortest such stem."""
    return re.compile(f"{_BEFORE}(?=({_alternatives(_trie(stems))}))")


def stem_places(scan: re.Pattern[str], low: str) -> list[tuple[str, int]]:
    """The stems in a lowered text, each with its place, in order."""
    return [(match.group(1), match.end() - 1) for match in scan.finditer(f" {low}")]


def _trie(stems: Iterable[str]) -> Trie:
    root: Trie = {}
    for stem in stems:
        node = root
        for letter in stem:
            node = node.setdefault(letter, {})
        node[""] = {}
    return root


def _alternatives(node: Trie) -> str:
    if "" in node:
        return ""
    parts = [re.escape(letter) + _alternatives(below) for letter, below in sorted(node.items())]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
