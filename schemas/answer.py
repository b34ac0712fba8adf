"""What an engine says of one abstract, before it is placed in the text: the record less what code computes.

The same models are the response schema that a model is asked for. Every field is required and nothing extra is
allowed, which is what OpenAI's strict structured outputs ask of a schema; the evidence (name, quote) stands before
the judgements that rest on it.
"""

from functools import cache
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field

from schemas.vocabulary import BaselineKind, Bound, CaveatKind, Form, HardwareKind, Metric, Role

Number = Annotated[float, Field(allow_inf_nan=False)]


class Part(BaseModel):
    """A frozen model that coerces nothing and takes nothing it does not know."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class HardwareAnswer(Part):
    """A device or machine that the abstract's own results belong to."""

    name: str
    kind: HardwareKind
    count: int | None
    memory_gb: Number | None
    role: Role


class BaselineAnswer(Part):
    """Something that the abstract's own results are compared with."""

    name: str
    kind: BaselineKind


class SpeedupAnswer(Part):
    """A stated number by which the abstract's own result is faster; `low` and `high` are as written."""

    quote: str
    low: Number
    high: Number
    form: Form
    bound: Bound
    metric: Metric
    baseline: str | None
    hardware: str | None


class CaveatAnswer(Part):
    """A passage in which the abstract limits its own results."""

    quote: str
    kind: CaveatKind


class Answer(Part):
    """All that an abstract claims, in the four lists of the annotation guidelines."""

    hardware: tuple[HardwareAnswer, ...]
    baselines: tuple[BaselineAnswer, ...]
    speedups: tuple[SpeedupAnswer, ...]
    caveats: tuple[CaveatAnswer, ...]


@cache
def answer_schema() -> dict[str, Any]:
    """The JSON Schema of an answer as OpenAI's strict structured outputs take it, made once.

    References are written out, and titles and descriptions left out, as the prompt says what the fields mean: what
    remains is the shape alone, at the fewest tokens. Treat it as read-only.
    """
    whole = Answer.model_json_schema()
    return cast(dict[str, Any], _shape(whole, whole["$defs"]))


def _shape(node: object, parts: dict[str, object]) -> object:
    if isinstance(node, list):
        return [_shape(each, parts) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _shape(parts[node["$ref"].rpartition("/")[2]], parts)
    return {
        key: {name: _shape(each, parts) for name, each in value.items()}
        if key == "properties"
        else _shape(value, parts)
        for key, value in node.items()
        if key not in ("$defs", "title", "description")
    }
