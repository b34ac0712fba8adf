"""Where an engine's claims become a record: every passage is placed, every factor computed, every link checked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from agent.claims import AnyClaim, Claim, Claims
from agent.grounding import Placement, ground
from agent.headline import headline
from agent.papers import Paper
from schemas import Baseline, Caveat, Dropped, Hardware, Placed, Provenance, Record, Speedup, SpeedupAnswer, factor

Entry = TypeVar("Entry", bound=Placed)


def compose(paper: Paper, claims: Claims, provenance: Provenance) -> Record:
    """Make the record of a paper from what an engine found in it.

    What cannot be placed in title or abstract, and what gives no factor, is left out and named in
    `provenance.dropped`, after what the provenance already lists there.
    """
    desk = _Desk(paper, list(provenance.dropped))
    hardware = desk.entries(claims.hardware, Hardware)
    baselines = desk.entries(claims.baselines, Baseline)
    speedups = tuple(desk.speedups(claims.speedups))
    caveats = desk.entries(claims.caveats, Caveat)
    return Record(
        id=paper.id,
        title=paper.title,
        abstract=paper.abstract,
        headline=headline(hardware, speedups, caveats),
        hardware=hardware,
        baselines=baselines,
        speedups=speedups,
        caveats=caveats,
        provenance=provenance.model_copy(update={"dropped": tuple(desk.dropped)}),
    )


@dataclass
class _Desk:
    paper: Paper
    dropped: list[Dropped]
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    def entries(self, claims: Iterable[AnyClaim], make: Callable[..., Entry]) -> tuple[Entry, ...]:
        field_of = {Hardware: "hardware", Baseline: "baselines", Caveat: "caveats"}[make]  # type: ignore[index]
        made = []
        for claim in claims:
            if place := self._place(claim, field_of):
                self.names[field_of, claim.passage] = place.text
                made.append(make(**_fields(claim, place)))
        return tuple(made)

    def speedups(self, claims: Iterable[Claim[SpeedupAnswer]]) -> Iterable[Speedup]:
        for claim in claims:
            item = claim.item
            if not (place := self._place(claim, "speedups")):
                continue
            try:
                ends = factor(item.form, item.low, item.high)
            except ValueError as error:
                self._drop("speedups", item.quote, str(error))
                continue
            fields = _fields(claim, place)
            fields["baseline"] = self._link("baselines", item.baseline, item)
            fields["hardware"] = self._link("hardware", item.hardware, item)
            yield Speedup(**fields, factor=ends)

    def _link(self, to: str, name: str | None, item: SpeedupAnswer) -> str | None:
        placed = None if name is None else self.names.get((to, name))
        if name is not None and placed is None:
            self._drop("speedups", item.quote, f"its link to {name!r} was cut, as {to} does not list that")
        return placed

    def _place(self, claim: AnyClaim, field_of: Any) -> Placement | None:
        place = ground(claim.passage, self.paper, near=claim.start, in_title=claim.in_title)
        if place is None:
            self._drop(field_of, claim.passage, "not in the abstract or the title")
        return place

    def _drop(self, field_of: Any, passage: str, reason: str) -> None:
        self.dropped.append(Dropped(field=field_of, passage=passage, reason=reason))


def _fields(claim: AnyClaim, place: Placement) -> dict[str, Any]:
    fields: dict[str, Any] = dict(claim.item)
    fields["name" if "name" in fields else "quote"] = place.text
    return fields | {"span": (place.start, place.end)} | ({"in": "title"} if place.in_title else {})
