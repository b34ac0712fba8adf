"""The cues by which authors limit their results, read from words/caveats.toml and built into patterns."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from schemas.vocabulary import CaveatKind

Place = Literal["own", "result", "claim", "finding", "measured"]
Reach = Literal["match", "phrase", "clause"]


@dataclass(frozen=True, slots=True)
class Cue:
    """One way of limiting a result: matched, in lower case, from one of its trigger words on.

    `needs` says where the sentence has to stand, `requires` and `not_after` what must and must not stand right before
    the cue, `unless` what must not stand in the clause before it. `reach` says how far the quote runs on; with
    `takes_lead` it begins with the preposition or article before the cue. `rank` is its place in the file.
    """

    name: str
    kind: CaveatKind
    rank: int
    pattern: re.Pattern[str]
    needs: Place
    requires: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    reach: Reach
    takes_lead: bool


@cache
def cues() -> dict[str, tuple[Cue, ...]]:
    """The cues by trigger word, each tuple in the order of the file."""
    data = tomllib.loads(files("agent.rules.words").joinpath("caveats.toml").read_text(encoding="utf-8"))
    words = {name: "(?:" + "|".join(listed) + ")" for name, listed in data["words"].items()}
    table: dict[str, list[Cue]] = {}
    for rank, entry in enumerate(data["cue"]):
        cue = _cue(rank, entry, words)
        for trigger in entry["at"]:
            table.setdefault(trigger, []).append(cue)
    return {trigger: tuple(listed) for trigger, listed in table.items()}


def _cue(rank: int, entry: dict[str, Any], words: dict[str, str]) -> Cue:
    def pattern(key: str) -> re.Pattern[str] | None:
        return re.compile(_filled(entry[key], words)) if key in entry else None

    return Cue(
        name=entry["name"],
        kind=entry["kind"],
        rank=rank,
        pattern=re.compile(_filled(entry["pattern"], words)),
        needs=entry["needs"],
        requires=pattern("requires"),
        unless=pattern("unless"),
        not_after=pattern("not_after"),
        reach=entry["reach"],
        takes_lead=entry.get("lead", False),
    )


def _filled(pattern: str, words: dict[str, str]) -> str:
    for name, alternation in words.items():
        pattern = pattern.replace("{" + name + "}", alternation)
    return pattern
