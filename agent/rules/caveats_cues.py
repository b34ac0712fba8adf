"""The cues by which authors limit their results, read from words/caveats.toml and built into patterns."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal

from schemas.vocabulary import CaveatKind

Place = Literal["own", "result", "claim", "finding", "measured", "evidence"]
Reach = Literal["match", "phrase", "clause"]


@dataclass(frozen=True, eq=False)
class Cue:
    """One way of limiting a result: matched, in lower case, from one of its trigger words on.

    It begins at one of its `triggers`. `needs` says where the sentence has to stand and `company` of which words it has
    to hold one (none listed: any sentence will do). `reach` says how far the quote runs on; with `takes_lead` it begins
    with what stands before the cue. `rank` is its place in the file. The patterns are compiled when first asked for.
    """

    name: str
    kind: CaveatKind
    rank: int
    needs: Place
    triggers: frozenset[str]
    company: frozenset[str]
    reach: Reach
    takes_lead: bool
    sources: dict[str, str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The words of the cue itself."""
        return re.compile(self.sources["pattern"])

    @cached_property
    def requires(self) -> re.Pattern[str] | None:
        """What must stand right before the cue."""
        return self._compiled("requires")

    @cached_property
    def unless(self) -> re.Pattern[str] | None:
        """What must not stand in the clause before the cue."""
        return self._compiled("unless")

    @cached_property
    def not_after(self) -> re.Pattern[str] | None:
        """What must not stand right before the cue."""
        return self._compiled("not_after")

    def _compiled(self, key: str) -> re.Pattern[str] | None:
        return re.compile(self.sources[key]) if key in self.sources else None


@cache
def cues() -> tuple[dict[str, list[Cue]], dict[str, list[Cue]]]:
    """The cues that need no company by trigger word, and those that do by each word of their company."""
    data = tomllib.loads(files("agent.rules.words").joinpath("caveats.toml").read_text(encoding="utf-8"))
    lists: dict[str, str] = {}
    for name, listed in data["words"].items():
        lists[name] = _filled("(?:" + "|".join(listed) + ")", lists)
    alone: dict[str, list[Cue]] = {}
    accompanied: dict[str, list[Cue]] = {}
    for rank, entry in enumerate(data["cue"]):
        cue = _cue(rank, entry, lists)
        table = accompanied if cue.company else alone
        for word in cue.company or cue.triggers:
            table.setdefault(word, []).append(cue)
    return alone, accompanied


def _cue(rank: int, entry: dict[str, Any], lists: dict[str, str]) -> Cue:
    return Cue(
        name=entry["name"],
        kind=entry["kind"],
        rank=rank,
        needs=entry["needs"],
        triggers=frozenset(entry["at"]),
        company=frozenset(entry.get("with", ())),
        reach=entry["reach"],
        takes_lead=entry.get("lead", False),
        sources={
            key: _filled(entry[key], lists) for key in ("pattern", "requires", "unless", "not_after") if key in entry
        },
    )


def _filled(pattern: str, lists: dict[str, str]) -> str:
    for name, alternation in lists.items():
        pattern = pattern.replace("{" + name + "}", alternation)
    return pattern
