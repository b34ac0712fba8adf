"""What an engine found in a paper, not yet placed: the common ground of the model and the rules."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from schemas import BaselineAnswer, CaveatAnswer, HardwareAnswer, SpeedupAnswer

Item = TypeVar("Item", HardwareAnswer, BaselineAnswer, SpeedupAnswer, CaveatAnswer)


@dataclass(frozen=True, slots=True)
class Claim(Generic[Item]):
    """One item, the rule that found it, and where it begins if the engine knows.

    `start` counts characters of the abstract, or of the title where `in_title`; a model never supplies it.
    """

    item: Item
    rule: str = ""
    start: int | None = None
    in_title: bool = False

    @property
    def passage(self) -> str:
        """The words of the abstract that the item rests on."""
        item = self.item
        return item.name if isinstance(item, HardwareAnswer | BaselineAnswer) else item.quote


@dataclass(frozen=True, slots=True)
class Claims:
    """All that an engine found in one paper, in the four lists of a record."""

    hardware: list[Claim[HardwareAnswer]] = field(default_factory=list)
    baselines: list[Claim[BaselineAnswer]] = field(default_factory=list)
    speedups: list[Claim[SpeedupAnswer]] = field(default_factory=list)
    caveats: list[Claim[CaveatAnswer]] = field(default_factory=list)

    def __iter__(self) -> Iterator["AnyClaim"]:
        yield from self.hardware
        yield from self.baselines
        yield from self.speedups
        yield from self.caveats


AnyClaim = Claim[HardwareAnswer] | Claim[BaselineAnswer] | Claim[SpeedupAnswer] | Claim[CaveatAnswer]
