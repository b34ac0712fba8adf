"""The shape of what perfclaims reads from a model and writes for its users. Imports nothing else of the project."""

from schemas.answer import Answer, BaselineAnswer, CaveatAnswer, HardwareAnswer, SpeedupAnswer, answer_schema
from schemas.factor import factor
from schemas.record import (
    SCHEMA_VERSION,
    Baseline,
    Caveat,
    Dropped,
    Hardware,
    Placed,
    Provenance,
    Record,
    Speedup,
)

__all__ = [
    "SCHEMA_VERSION",
    "Answer",
    "Baseline",
    "BaselineAnswer",
    "Caveat",
    "CaveatAnswer",
    "Dropped",
    "Hardware",
    "HardwareAnswer",
    "Placed",
    "Provenance",
    "Record",
    "Speedup",
    "SpeedupAnswer",
    "answer_schema",
    "factor",
]
