"""The figures of an evaluation: precision, recall and F1 of each field, their mean, and how sure that mean is."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from agent.evaluation.evaluation import Evaluation, MatchedPaper
from agent.evaluation.matching import DETAILS, detail_agrees, f1, squashed
from agent.evaluation.records import FIELDS, Item
from schemas.vocabulary import Field

SAMPLES, SEED = 500, 0
"""Samples of the bootstrap (Efron 1979), drawn over papers, and the seed that makes them the same every time."""
LOWEST, HIGHEST = 12, 487
"""The places, among the sorted samples, of the ends of the 95 % interval."""

Counts: TypeAlias = tuple[tuple[int, int, int], ...]
"""For each of the four fields: items found, items annotated, items predicted."""


@dataclass(frozen=True, slots=True)
class FieldScore:
    """The figures of one field over all papers; `agree` is the share of matched pairs that agree in a detail."""

    precision: float
    recall: float
    f1: float
    gold: int
    predicted: int
    agree: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of an evaluation, shares from 0 to 1.

    `macro_f1` is the mean of the four F1 and `macro_f1_95` its 95 % interval; `speedups_exact_records` is the share of
    papers with all speedups right and none too many; `verbatim` is the share of predicted passages that stand in
    title or abstract.
    """

    records: int
    absent: int
    macro_f1: float
    macro_f1_95: tuple[float, float]
    speedups_exact_records: float
    verbatim: float
    fields: Mapping[Field, FieldScore]

    def f1_of(self, name: str) -> float:
        """The F1 of a field, or of `macro`, at four digits."""
        return round(self.macro_f1 if name == "macro" else next(s.f1 for f, s in self.fields.items() if f == name), 4)

    def as_json(self) -> dict[str, Any]:
        """The figures as a JSON object: shares at four digits, agreements at three."""
        return {
            "records": self.records,
            "absent": self.absent,
            "macro_f1": round(self.macro_f1, 4),
            "macro_f1_95": [round(end, 4) for end in self.macro_f1_95],
            "speedups_exact_records": round(self.speedups_exact_records, 4),
            "verbatim": round(self.verbatim, 4),
            **{field: _as_json(score) for field, score in self.fields.items()},
        }


def score(evaluation: Evaluation) -> Scores:
    """The figures of an evaluation."""
    rows = [tuple(paper.fields[field].tally for field in FIELDS) for paper in evaluation.papers]
    exact = sum(len(set(paper.fields["speedups"].tally)) == 1 for paper in evaluation.papers)
    return Scores(
        records=len(rows),
        absent=evaluation.absent,
        macro_f1=_macro_f1(rows),
        macro_f1_95=_interval(rows),
        speedups_exact_records=exact / len(rows),
        verbatim=_verbatim(evaluation.papers),
        fields={field: _field_score(field, evaluation.papers) for field in FIELDS},
    )


def _field_score(field: Field, papers: Sequence[MatchedPaper]) -> FieldScore:
    matchings = [paper.fields[field] for paper in papers]
    found, gold, predicted = (sum(column) for column in zip(*(m.tally for m in matchings), strict=True))
    pairs = [pair for matching in matchings for pair in matching.counted]
    agree = {key: _share([detail_agrees(field, key, *pair) for pair in pairs]) for key in DETAILS[field]}
    return FieldScore(*f1(found, gold, predicted), gold, predicted, agree)


def _share(held: Sequence[bool]) -> float | None:
    return sum(held) / len(held) if held else None


def _macro_f1(rows: Sequence[Counts]) -> float:
    totals = ([sum(column) for column in zip(*field, strict=True)] for field in zip(*rows, strict=True))
    return sum(f1(found, gold, predicted)[2] for found, gold, predicted in totals) / len(FIELDS)


def _interval(rows: Sequence[Counts]) -> tuple[float, float]:
    drawing = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    samples = sorted(_macro_f1(drawing.choices(rows, k=len(rows))) for _ in range(SAMPLES))
    return samples[LOWEST], samples[HIGHEST]


def _verbatim(papers: Sequence[MatchedPaper]) -> float:
    held = []
    for paper in papers:
        held += [_is_verbatim(item, paper.text) for matching in paper.fields.values() for item in matching.predicted]
    share = _share(held)
    return 1.0 if share is None else share


def _is_verbatim(item: Item, text: str) -> bool:
    passage = item.get("name") or item.get("quote")
    return isinstance(passage, str) and bool(passage) and squashed(passage) in text


def _as_json(score: FieldScore) -> dict[str, Any]:
    return {
        **{name: round(getattr(score, name), 4) for name in ("precision", "recall", "f1")},
        "gold": score.gold,
        "predicted": score.predicted,
        "agree": {key: None if share is None else round(share, 3) for key, share in score.agree.items()},
    }
