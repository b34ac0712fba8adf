"""The record: one abstract's claims, each placed in the text, and where they come from."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from schemas.answer import BaselineAnswer, CaveatAnswer, HardwareAnswer, Part, SpeedupAnswer
from schemas.factor import factor
from schemas.vocabulary import Engine
from schemas.vocabulary import Field as FieldName

SCHEMA_VERSION: Literal["1"] = "1"

Span = Annotated[
    tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]],
    Field(description="[start, end) in characters of the abstract, or of the title where `in` says so"),
]


class Placed(Part):
    """An item whose passage stands in the text at `span`."""

    span: Span
    in_: Literal["title"] | None = Field(default=None, alias="in", exclude_if=lambda where: where is None)

    @property
    def passage(self) -> str:
        """The verbatim words that the item rests on."""
        return str(getattr(self, "name", None) or getattr(self, "quote", ""))


class Hardware(Placed, HardwareAnswer):
    """A device of the record."""


class Baseline(Placed, BaselineAnswer):
    """A baseline of the record."""


class Measured(SpeedupAnswer):
    """A speed claim and what it comes to; `factor` is new speed over old, lower end first."""

    factor: tuple[float, float]

    @model_validator(mode="after")
    def _factor_follows_from_the_numbers(self) -> Self:
        if self.factor != (due := factor(self.form, self.low, self.high)):
            raise ValueError(f"factor {self.factor} is not the {due} that {self.form} {self.low} to {self.high} gives")
        return self


class Speedup(Placed, Measured):
    """A speed claim of the record."""


class Caveat(Placed, CaveatAnswer):
    """A caveat of the record."""


class Dropped(Part):
    """An item that an engine gave and that did not pass the checks."""

    field: FieldName
    passage: str
    reason: str


class Provenance(Part):
    """Which engine made the record, at what cost, and what was left out on the way.

    `fallback` says in a phrase why rules answered when a model was asked. `requests` counts the requests that were
    answered, re-asks included; the token counts are the service's own, summed over them.
    """

    model_config = ConfigDict(serialize_by_alias=True)

    engine: Engine
    model: str | None
    prompt: str | None
    schema_: Literal["1"] = Field(default=SCHEMA_VERSION, alias="schema")
    fallback: str | None = None
    dropped: tuple[Dropped, ...] = ()
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Record(Part):
    """One abstract's checked claims. Every passage is verbatim at its span; every link names a listed entry."""

    model_config = ConfigDict(serialize_by_alias=True)

    id: str
    title: str
    abstract: str
    headline: str
    hardware: tuple[Hardware, ...]
    baselines: tuple[Baseline, ...]
    speedups: tuple[Speedup, ...]
    caveats: tuple[Caveat, ...]
    provenance: Provenance

    def text_of(self, item: Placed) -> str:
        """The title or the abstract, whichever the item's span counts in."""
        return self.title if item.in_ == "title" else self.abstract

    def to_json(self) -> str:
        """The record as one line of JSON, the same bytes for the same record."""
        return self.model_dump_json(by_alias=True)

    @model_validator(mode="after")
    def _passages_stand_at_their_spans(self) -> Self:
        for item in (*self.hardware, *self.baselines, *self.speedups, *self.caveats):
            start, end = item.span
            if not item.passage or self.text_of(item)[start:end] != item.passage:
                raise ValueError(f"{item.passage!r} does not stand at {start} to {end} of the {item.in_ or 'abstract'}")
        return self

    @model_validator(mode="after")
    def _links_name_listed_entries(self) -> Self:
        devices, baselines = {h.name for h in self.hardware}, {b.name for b in self.baselines}
        for claim in self.speedups:
            if claim.hardware is not None and claim.hardware not in devices:
                raise ValueError(f"speedup names the hardware {claim.hardware!r}, which is not listed")
            if claim.baseline is not None and claim.baseline not in baselines:
                raise ValueError(f"speedup names the baseline {claim.baseline!r}, which is not listed")
        return self
