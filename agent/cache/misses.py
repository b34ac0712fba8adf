"""Why a request was not found in the cache: which part of its key differs from the nearest entry."""

import json
import time
from collections.abc import Iterable
from typing import NamedTuple

from agent.cache.key import Parts

_TOLD = ("model", "sampling", "base_url")
_SPOKEN = {"base_url": "base URL"}


class Stored(NamedTuple):
    """The parts of a stored entry's key, and when it was stored, in seconds since 1970."""

    parts: Parts
    stored: float


class Miss(NamedTuple):
    """A request that is not in the cache: `differing` names the parts in which it differs from `nearest`."""

    wanted: Parts
    nearest: Stored | None
    differing: tuple[str, ...]

    def __str__(self) -> str:
        if self.nearest is None:
            return "no entry of this title or abstract"
        if not self.differing:
            return "the parts agree with an entry, but their order or their wording around the paper does not"
        told = [
            f"{_SPOKEN.get(name, name)} ({getattr(self.nearest.parts, name)}, now {getattr(self.wanted, name)})"
            if name in _TOLD
            else name
            for name in self.differing
        ]
        day = time.strftime("%Y-%m-%d %H:%M", time.gmtime(self.nearest.stored))
        return f"differs from the entry of {day} in {', '.join(told)}"


class Neighbours:
    """The stored entries, by title and by abstract."""

    def __init__(self, tags: Iterable[tuple[str, float]]) -> None:
        self._near: dict[str, list[Stored]] = {}
        for tag, stored in tags:
            if (parts := parts_in(tag)) is not None:
                for text in {parts.title, parts.abstract}:
                    self._near.setdefault(text, []).append(Stored(parts, stored))

    def explain(self, wanted: Parts) -> Miss:
        """The nearest entry: of the same abstract if there is one, else of the same title; most parts, then newest."""
        candidates = [*self._near.get(wanted.abstract, ()), *self._near.get(wanted.title, ())]
        nearest = max(candidates, key=lambda entry: _nearness(wanted, entry), default=None)
        return Miss(wanted, nearest, () if nearest is None else _differing(wanted, nearest.parts))


def tag_of(parts: Parts) -> str:
    """The parts as the text that stands beside an entry."""
    return json.dumps(parts, separators=(",", ":"))


def parts_in(tag: str) -> Parts | None:
    """The parts that `tag_of` wrote; None for any other text, and for one that would upset a terminal."""
    try:
        given = json.loads(tag)
    except (ValueError, RecursionError):
        return None
    sound = isinstance(given, list) and len(given) == len(Parts._fields) and all(map(_is_part, given))
    return Parts(*given) if sound else None


def _is_part(given: object) -> bool:
    return isinstance(given, str) and given.isprintable()


def _differing(wanted: Parts, stored: Parts) -> tuple[str, ...]:
    return tuple(name for name in Parts._fields if getattr(wanted, name) != getattr(stored, name))


def _nearness(wanted: Parts, entry: Stored) -> tuple[bool, int, float]:
    return wanted.abstract == entry.parts.abstract, -len(_differing(wanted, entry.parts)), entry.stored
