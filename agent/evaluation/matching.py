"""Which items of two lists are the same claim: the measure of each field, and the pairing one to one, best first."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from agent.evaluation.factors import ends
from agent.evaluation.records import Item, passage_of
from schemas.vocabulary import Field

Likeness: TypeAlias = Callable[[Item, Item, str], float]

SAME_NAME = 0.6
"""The least token F1 of two names of one thing."""
SAME_FACTOR = 0.01
"""The relative difference that two factors of one claim may have."""
_VENDOR_AND_FILLERS = frozenset(("nvidia", "gpu", "gpus", "the", "a", "an", "of", "s", "single", "one", "on"))
_WORD = re.compile(r"[a-z0-9.+]+")


@lru_cache(maxsize=4096)
def tokens(name: str) -> frozenset[str]:
    """The words of a name that tell it from others: lower case, singular, without vendor, GPU and articles."""
    words = _WORD.findall(name.lower())
    telling = {word.rstrip("s") if len(word) > 3 else word for word in words if word not in _VENDOR_AND_FILLERS}
    return frozenset(telling or {word.rstrip("s") for word in words} or {name})


def name_likeness(one: str, other: str) -> float:
    """The token F1 of two names, from 0 to 1."""
    left, right = tokens(one), tokens(other)
    return 2 * len(left & right) / (len(left) + len(right))


def links_agree(one: Item, other: Item, key: str) -> bool:
    """Whether two speed claims name the same baseline or hardware (`key`), or both none."""
    left, right = one.get(key), other.get(key)
    if left is None or right is None:
        return left is None and right is None
    return isinstance(left, str) and isinstance(right, str) and name_likeness(left, right) >= SAME_NAME


def squashed(text: str) -> str:
    """A text with every run of white space made one space."""
    return re.sub(r"\s+", " ", text)


def _same_name(one: Item, other: Item, text: str) -> float:
    left, right = one.get("name"), other.get("name")
    return name_likeness(left, right) if isinstance(left, str) and isinstance(right, str) else 0.0


def _same_speedup(one: Item, other: Item, text: str) -> float:
    left, right = ends(one), ends(other)
    if left is None or right is None:
        return 0.0
    if not all(math.isclose(a, b, rel_tol=SAME_FACTOR) for a, b in zip(left, right, strict=True)):
        return 0.0
    details = [one.get(key) == other.get(key) for key in ("bound", "metric")]
    links = [links_agree(one, other, key) for key in ("baseline", "hardware")]
    return float(1 + sum(details) + sum(links))


def _same_passage(one: Item, other: Item, text: str) -> float:
    left, right = squashed(passage_of("caveats", one)), squashed(passage_of("caveats", other))
    left_at, right_at = text.find(left), text.find(right)
    if left_at < 0 or right_at < 0:
        return 0.0
    shared = min(left_at + len(left), right_at + len(right)) - max(left_at, right_at)
    return shared / min(len(left), len(right)) if shared > 0 else 0.0


MEASURES: dict[Field, tuple[Likeness, float]] = {
    "hardware": (_same_name, SAME_NAME),
    "baselines": (_same_name, SAME_NAME),
    "speedups": (_same_speedup, 1.0),
    "caveats": (_same_passage, 0.5),
}
"""How alike two items of a field are, and from where on they are the same claim."""

DETAILS: dict[Field, tuple[str, ...]] = {
    "hardware": ("kind", "count", "memory_gb", "role"),
    "baselines": ("kind",),
    "speedups": ("bound", "metric", "baseline", "hardware"),
    "caveats": ("kind",),
}
"""What is asked of two items that are the same claim, beyond that."""


def detail_agrees(field: Field, key: str, one: Item, other: Item) -> bool:
    """Whether two items of one claim agree in a detail."""
    if field == "speedups" and key in ("baseline", "hardware"):
        return links_agree(one, other, key)
    return bool(one.get(key) == other.get(key))


@dataclass(frozen=True)
class Matching:
    """Two lists of one field, paired: what both have, what only one has.

    An item of `gold` that is marked `optional` (one of two annotators has it) is never missed, and what is paired with
    it is neither right nor wrong.
    """

    field: Field
    gold: Sequence[Item]
    predicted: Sequence[Item]
    pairs: Sequence[tuple[int, int]]

    @property
    def counted(self) -> list[tuple[Item, Item]]:
        """The pairs that count: gold item and predicted item."""
        return [(self.gold[i], self.predicted[j]) for i, j in self.pairs if not self.gold[i].get("optional")]

    @property
    def found(self) -> frozenset[int]:
        """The places in `gold` of the items that count and are found."""
        return frozenset(i for i, _ in self.pairs if not self.gold[i].get("optional"))

    @property
    def missed(self) -> list[Item]:
        """The gold items that should have been found."""
        paired = {i for i, _ in self.pairs}
        return [item for i, item in enumerate(self.gold) if i not in paired and not item.get("optional")]

    @property
    def extra(self) -> list[Item]:
        """The predicted items that are in no pair."""
        paired = {j for _, j in self.pairs}
        return [item for j, item in enumerate(self.predicted) if j not in paired]

    @property
    def tally(self) -> tuple[int, int, int]:
        """How many items count as found, as gold and as predicted."""
        optional = len(self.pairs) - len(self.found)
        due = sum(not item.get("optional") for item in self.gold)
        return len(self.found), due, len(self.predicted) - optional


def match(field: Field, gold: Sequence[Item], predicted: Sequence[Item], text: str) -> Matching:
    """Pair the items of two lists one to one, the most alike first, and optional gold items after all others.

    `text` is title and abstract, squashed, in which the places of caveats are compared.
    """
    likeness, least = MEASURES[field]
    scored = ((likeness(g, p, text), i, j) for i, g in enumerate(gold) for j, p in enumerate(predicted))
    candidates = [candidate for candidate in scored if candidate[0] >= least]
    candidates.sort(key=lambda candidate: (bool(gold[candidate[1]].get("optional")), -candidate[0]))
    pairs = []
    free_gold, free_predicted = set(range(len(gold))), set(range(len(predicted)))
    for _, i, j in candidates:
        if i in free_gold and j in free_predicted:
            free_gold.remove(i)
            free_predicted.remove(j)
            pairs.append((i, j))
    return Matching(field, gold, predicted, pairs)


def f1(found: int, gold: int, predicted: int) -> tuple[float, float, float]:
    """Precision, recall and F1 of counts; what has nothing to be wrong in is right."""
    precision = found / predicted if predicted else 1.0
    recall = found / gold if gold else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0
