"""Two files of records held against each other, with no annotation to say which is right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from agent.errors import InputError
from agent.evaluation.evidence import Evidence, PaperEvidence, evidence_of
from agent.evaluation.matching import DETAILS, Matching, detail_agrees, f1, match, squashed
from agent.evaluation.records import FIELDS, Entry, Item, Notice, RecordFile
from schemas.vocabulary import Field


@dataclass(frozen=True, slots=True)
class PaperAgreement:
    """How far the two records of a paper agree, from 0 to 1: the mean over the four fields of the F1 between them."""

    agreement: float
    fields: Mapping[Field, float]
    shown: PaperEvidence

    def as_json(self) -> dict[str, Any]:
        """The agreement as a JSON object, with all that the two records differ in."""
        fields: dict[str, Any] = {field: round(f, 4) for field, f in self.fields.items()}
        return {"agreement": round(self.agreement, 4), **fields, **self.shown.as_json()}


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """The items of a field over all papers: in both files, in one alone; and the F1 of these counts."""

    both: int
    only_left: int
    only_right: int

    @property
    def f1(self) -> float:
        """The F1 between the two files; which of them counts as annotated makes no difference to it."""
        return f1(self.both, self.both + self.only_left, self.both + self.only_right)[2]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two files of records: the papers that are in both, the least agreeing first, and the sums over them."""

    left: str
    right: str
    papers: tuple[PaperAgreement, ...]
    fields: Mapping[Field, FieldAgreement]
    only_left: int
    only_right: int

    @property
    def agreement(self) -> float:
        """The mean of the papers' agreement."""
        return fmean(paper.agreement for paper in self.papers)

    @property
    def alike(self) -> int:
        """How many papers have nothing that differs."""
        return sum(not paper.shown.evidence for paper in self.papers)

    def as_json(self) -> dict[str, Any]:
        """The comparison as a JSON object; papers with nothing that differs are in it too."""
        return {
            "left": self.left,
            "right": self.right,
            "records": len(self.papers),
            "alike": self.alike,
            "only_left": self.only_left,
            "only_right": self.only_right,
            "agreement": round(self.agreement, 4),
            "fields": {
                name: {"f1": round(f.f1, 4), "both": f.both, "only_left": f.only_left, "only_right": f.only_right}
                for name, f in self.fields.items()
            },
            "papers": [paper.as_json() for paper in self.papers],
        }


def compare(left: RecordFile, right: RecordFile, notice: Notice) -> Comparison:
    """Compare the records of two files paper by paper, joined by title.

    `notice` is told of records that have no counterpart, and of papers whose abstracts are not the same in both files.
    Raises InputError where no title is in both, and where neither file has the abstract of a paper.
    """
    common = [title for title in left.entries if title in right.entries]
    if not common:
        raise InputError(f"{left.name} and {right.name} have no title in common; are they of one feed?")
    only_left, only_right = len(left.entries) - len(common), len(right.entries) - len(common)
    for file, alone in ((left, only_left), (right, only_right)):
        if alone:
            notice(f"{file.name}: {alone} records are of papers that the other file does not have")
    pairs = [(left.entries[title], right.entries[title]) for title in common]
    if apart := sum(_apart(*pair) for pair in pairs):
        notice(f"{apart} papers have another abstract in {right.name}; that of {left.name} is taken")
    matched = [(pair, _matched(*pair, left, right)) for pair in pairs]
    papers = [_paper(*pair, matchings, left.name, right.name) for pair, matchings in matched]
    papers.sort(key=lambda paper: (paper.agreement, -len(paper.shown.evidence)))
    return Comparison(left.name, right.name, tuple(papers), _sums([m for _, m in matched]), only_left, only_right)


def _apart(left: Entry, right: Entry) -> bool:
    return None not in (left.abstract, right.abstract) and left.abstract != right.abstract


def _abstract(left: Entry, right: Entry) -> str | None:
    return right.abstract if left.abstract is None else left.abstract


def _matched(left: Entry, right: Entry, one: RecordFile, other: RecordFile) -> dict[Field, Matching]:
    abstract = _abstract(left, right)
    if abstract is None:
        raise InputError(f"{one.name}:{left.line}: no abstract, and none in {other.name}:{right.line}; one needs it")
    text = squashed(f"{left.title}\n{abstract}")
    return {field: match(field, _due(left.lists[field]), right.lists[field], text) for field in FIELDS}


def _due(items: list[Item]) -> list[Item]:
    return [{key: value for key, value in item.items() if key != "optional"} for item in items]


def _paper(
    left: Entry, right: Entry, matchings: Mapping[Field, Matching], left_name: str, right_name: str
) -> PaperAgreement:
    abstract = _abstract(left, right) or ""
    fields = {field: f1(*matching.tally)[2] for field, matching in matchings.items()}
    evidence: list[Evidence] = []
    for field, matching in matchings.items():
        for side, items in ((left_name, matching.missed), (right_name, matching.extra)):
            evidence += [evidence_of("only", field, i, title=left.title, abstract=abstract, side=side) for i in items]
        for one, other in matching.counted:
            if detail := ", ".join(_details(field, one, other)):
                evidence.append(evidence_of("differs", field, one, title=left.title, abstract=abstract, detail=detail))
    return PaperAgreement(fmean(fields.values()), fields, PaperEvidence(left.title, left.id, tuple(evidence)))


def _details(field: Field, one: Item, other: Item) -> Iterator[str]:
    for key in DETAILS[field]:
        if not detail_agrees(field, key, one, other):
            yield f"{key} {_value(one, key)} against {_value(other, key)}"


def _value(item: Item, key: str) -> str:
    return "none" if item.get(key) is None else str(item[key])


def _sums(papers: list[dict[Field, Matching]]) -> dict[Field, FieldAgreement]:
    sums = {}
    for field in FIELDS:
        tallies = [matchings[field].tally for matchings in papers]
        both, left, right = (sum(column) for column in zip(*tallies, strict=True))
        sums[field] = FieldAgreement(both, left - both, right - both)
    return sums
