"""A difference between records as it is shown: the passage, and the sentence that it stands in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from agent.evaluation.evaluation import Evaluation, MatchedPaper
from agent.evaluation.matching import match
from agent.evaluation.records import FIELDS, Item, passage_of
from agent.grounding import ground
from agent.papers import Paper
from agent.rules.page import Page
from schemas.vocabulary import Field

What: TypeAlias = Literal["missed", "extra", "found", "wrong", "only", "differs"]
"""Missed or extra in one prediction; found or wrong in one of two predictions alone; in one of two files alone, or in
both with another detail."""


class Sentence(NamedTuple):
    """The sentence of a passage (all of them, if it goes over several), each part on one line."""

    before: str
    passage: str
    after: str
    in_title: bool

    def __str__(self) -> str:
        return self.before + self.passage + self.after


@dataclass(frozen=True, slots=True)
class Evidence:
    """One item that makes a difference: what of it, on which `side` where there are two, and where it stands.

    `detail` has the numbers of a speed claim and, where two items differ, in what. `sentence` is None where the
    passage stands neither in the abstract nor in the title.
    """

    what: What
    side: str
    field: Field
    passage: str
    detail: str
    sentence: Sentence | None

    def as_json(self) -> dict[str, Any]:
        """The evidence as a JSON object."""
        sentence = None if self.sentence is None else str(self.sentence)
        in_title = {"in": "title"} if self.sentence and self.sentence.in_title else {}
        shown = {"what": self.what, "side": self.side, "field": self.field, "passage": self.passage}
        return shown | {"detail": self.detail, "sentence": sentence} | in_title


@dataclass(frozen=True, slots=True)
class PaperEvidence:
    """All evidence of one paper."""

    title: str
    id: str
    evidence: tuple[Evidence, ...]

    def as_json(self) -> dict[str, Any]:
        """The evidence as a JSON object, under the paper's id and title."""
        return {"id": self.id, "title": self.title, "items": [each.as_json() for each in self.evidence]}


def evidence_of(
    what: What, field: Field, item: Item, *, title: str, abstract: str, side: str = "", detail: str = ""
) -> Evidence:
    """An item with the sentence of the abstract, or the title, that its passage stands in."""
    passage = passage_of(field, item)
    details = ", ".join(filter(None, (_numbers(item) if field == "speedups" else "", detail)))
    return Evidence(what, side, field, " ".join(passage.split()), details, sentence_of(passage, item, title, abstract))


def sentence_of(passage: str, item: Item, title: str, abstract: str) -> Sentence | None:
    """The sentence of a passage, by the item's own span if it has one, else where the passage stands first."""
    placed = ground(passage, Paper("", title, abstract), near=_start(item), in_title=item.get("in") == "title")
    if placed is None:
        return None
    if placed.in_title:
        start, end, text = 0, len(title), title
    else:
        touched = [s for s in Page(title, abstract).sentences if s.start < placed.end and s.end > placed.start]
        start = min([placed.start, *(s.start for s in touched)])
        end, text = max([placed.end, *(s.end for s in touched)]), abstract
    before, after = _one_line(text[start : placed.start]), _one_line(text[placed.end : end])
    return Sentence(before, _one_line(placed.text), after, placed.in_title)


def misses(evaluation: Evaluation, field: Field) -> Iterator[PaperEvidence]:
    """The papers in which something of a field was missed or is extra, and what."""
    for paper in evaluation.papers:
        matching = paper.fields[field]
        yield from _some(
            paper,
            [_of_paper(paper, "missed", field, item) for item in matching.missed]
            + [_of_paper(paper, "extra", field, item) for item in matching.extra],
        )


def differences(one: Evaluation, other: Evaluation) -> Iterator[PaperEvidence]:
    """What each of two evaluations of the same annotated file gets right, or wrong, that the other does not."""
    for left, right in zip(one.papers, other.papers, strict=True):
        found = [
            evidence
            for field in FIELDS
            for mine, theirs, side in ((left, right, one.name), (right, left, other.name))
            for evidence in _alone(mine, theirs, field, side)
        ]
        yield from _some(left, found)


def _alone(mine: MatchedPaper, theirs: MatchedPaper, field: Field, side: str) -> Iterator[Evidence]:
    ours, others = mine.fields[field], theirs.fields[field]
    for place in sorted(ours.found - others.found):
        yield _of_paper(mine, "found", field, ours.gold[place], side)
    for item in match(field, ours.extra, others.extra, mine.text).missed:
        yield _of_paper(mine, "wrong", field, item, side)


def _of_paper(paper: MatchedPaper, what: What, field: Field, item: Item, side: str = "") -> Evidence:
    return evidence_of(what, field, item, title=paper.title, abstract=paper.abstract, side=side)


def _some(paper: MatchedPaper, found: list[Evidence]) -> Iterator[PaperEvidence]:
    if found:
        yield PaperEvidence(paper.title, paper.id, tuple(found))


def _numbers(item: Item) -> str:
    low, high, form = (item.get(key) for key in ("low", "high", "form"))
    return f"{low} {form}" if low == high else f"{low} to {high} {form}"


def _start(item: Item) -> int | None:
    match item.get("span"):
        case [int(start), int()] if start >= 0:
            return start
    return None


def _one_line(text: str) -> str:
    return "".join(" " if character.isspace() else character for character in text)
