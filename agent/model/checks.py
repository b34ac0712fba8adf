"""What an answer must pass before it is believed: its form, its place in the text, its numbers and its links."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ValidationError

from agent.claims import Claim, Claims
from agent.errors import ModelError
from agent.grounding import Placement, fold, ground
from agent.model.answers import NotJson, read_answer
from agent.model.figures import MOST, unstated, untold
from agent.model.request import sendable
from agent.papers import Paper
from schemas import BaselineAnswer, CaveatAnswer, Dropped, HardwareAnswer, SpeedupAnswer, factor
from schemas.vocabulary import Field

LONGEST_LIST = 40
"""Items; what a list holds beyond is not looked at."""

Item = TypeVar("Item", HardwareAnswer, BaselineAnswer, SpeedupAnswer, CaveatAnswer)
Named = TypeVar("Named", HardwareAnswer, BaselineAnswer)


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer after the checks: what is sound, what to say when it is asked again, and what else is left out.

    Every passage of `claims` is the paper's own characters and `start` is where it stands. `problems` are lines for
    the model; `dropped` are the same losses, and the duplicates, for the record.
    """

    claims: Claims
    problems: tuple[str, ...]
    dropped: tuple[Dropped, ...]


def check_answer(text: str, paper: Paper) -> Checked:
    """Check a model's raw answer against the paper that it is about.

    Slips of case, spacing, LaTeX residue and vocabulary are mended without a word. Raises ModelError for an answer
    that cannot be read at all: no JSON object, or none of the four lists in it.
    """
    try:
        answer = read_answer(text)
    except NotJson as error:
        raise ModelError(str(error)) from None
    lists = ("hardware", "baselines", "speedups", "caveats")
    if not any(isinstance(answer.get(name), list) for name in lists):
        raise ModelError(f"the answer holds none of the lists {', '.join(lists)}")
    sheet = _Sheet(paper, answer)
    claims = Claims(
        hardware=list(sheet.hardware()),
        baselines=list(sheet.baselines()),
        speedups=list(sheet.speedups()),
        caveats=list(sheet.caveats()),
    )
    return Checked(claims, tuple(sheet.problems), tuple(sheet.dropped))


def settle(answers: Sequence[str], paper: Paper) -> Checked:
    """What a dialogue of raw answers, the first one first, comes to: its first sound answer, else its best one.

    The best has the fewest problems, and of those it is the last. Raises ModelError where no answer can be read, or
    where the best one holds nothing that stands in the paper.
    """
    best: Checked | None = None
    fault = "there is no answer"
    for text in answers:
        try:
            checked = check_answer(text, paper)
        except ModelError as error:
            fault = str(error)
            continue
        if not checked.problems:
            return checked
        if best is None or len(checked.problems) <= len(best.problems):
            best = checked
    times = f", after {len(answers) - 1} re-asks" if len(answers) > 1 else ""
    if best is None:
        raise ModelError(f"{fault}{times}")
    if not any(True for _ in best.claims):
        raise ModelError(f"none of the {len(best.dropped)} items of the answer passes the checks{times}")
    return best


@dataclass(slots=True)
class _Sheet:
    """One answer under check."""

    paper: Paper
    answer: dict[str, Any]
    problems: list[str] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    names: dict[tuple[Field, str], str | None] = field(default_factory=dict)

    def hardware(self) -> Iterator[Claim[HardwareAnswer]]:
        for where, item, place in self._named("hardware", HardwareAnswer):
            kept: dict[str, Any] = {"name": place.text}
            for name in untold(item, self.paper.title, self.paper.abstract):
                value = _figure(getattr(item, name))
                self._report("hardware", where, item.name, f"{name} {value} is not stated, so it is null")
                kept[name] = None
            yield _placed(item.model_copy(update=kept), place)

    def baselines(self) -> Iterator[Claim[BaselineAnswer]]:
        for _, item, place in self._named("baselines", BaselineAnswer):
            yield _placed(item.model_copy(update={"name": place.text}), place)

    def speedups(self) -> Iterator[Claim[SpeedupAnswer]]:
        seen = set()
        for where, item in self._rows("speedups", SpeedupAnswer):
            if (place := self._place("speedups", where, item.quote)) is None:
                continue
            low, high = sorted((item.low, item.high))
            kept = item.model_copy(update={"quote": place.text, "low": low, "high": high})
            if reason := _wrong_numbers(kept, self.paper.abstract):
                self._report("speedups", where, item.quote, reason)
                continue
            links = {
                "baseline": self._link("baselines", where, item, item.baseline),
                "hardware": self._link("hardware", where, item, item.hardware),
            }
            kept = kept.model_copy(update=links)
            key = (low, high, kept.form, kept.metric, kept.baseline, kept.hardware, place.start)
            if key in seen:
                self._drop("speedups", item.quote, "listed twice")
                continue
            seen.add(key)
            yield _placed(kept, place)

    def caveats(self) -> Iterator[Claim[CaveatAnswer]]:
        seen = set()
        for where, item in self._rows("caveats", CaveatAnswer):
            if (place := self._place("caveats", where, item.quote)) is None:
                continue
            if place in seen:
                self._drop("caveats", item.quote, "listed twice")
                continue
            seen.add(place)
            yield _placed(item.model_copy(update={"quote": place.text}), place)

    def _named(self, name: Field, model: type[Named]) -> Iterator[tuple[int, Named, Placement]]:
        for where, item in self._rows(name, model):
            key = (name, _key(item.name))
            place = self._place(name, where, item.name)
            if place is None:
                self.names.setdefault(key, None)
            elif self.names.get(key) or self.names.get((name, _key(place.text))):
                self._drop(name, item.name, "listed twice")
            else:
                self.names[key] = self.names[name, _key(place.text)] = place.text
                yield where, item, place

    def _rows(self, name: Field, model: type[Item]) -> Iterator[tuple[int, Item]]:
        rows = self.answer.get(name)
        if not isinstance(rows, list):
            self._report(name, None, "", "the answer holds no such list")
            return
        if len(rows) > LONGEST_LIST:
            self._report(name, None, "", f"{len(rows)} items, of which the first {LONGEST_LIST} count")
        for where, row in enumerate(rows[:LONGEST_LIST], start=1):
            try:
                yield where, _item(model, row)
            except ValueError as error:
                passage = row.get("name", row.get("quote")) if isinstance(row, dict) else row
                self._report(name, where, passage if isinstance(passage, str) else "", str(error))

    def _place(self, name: Field, where: int, passage: str) -> Placement | None:
        place = ground(passage, self.paper)
        if place is None:
            self._report(name, where, passage, "not in the abstract or the title, where it must stand word for word")
        return place

    def _link(self, to: Field, where: int, item: SpeedupAnswer, wanted: str | None) -> str | None:
        if wanted is None or (key := _key(wanted)) in ("", "null", "none"):
            return None
        name = self.names.get((to, key))
        if name is None:
            reason = f"its link to {_shown(wanted)!r} is cut, as {to} does not list that"
            if (to, key) in self.names:  # an entry that was given but fell: that one is to be asked again
                self._drop("speedups", item.quote, reason)
            else:
                self._report("speedups", where, item.quote, reason)
        return name

    def _report(self, name: Field, where: int | None, passage: str, reason: str) -> None:
        number = "" if where is None else f" {where}"
        words = f" {_shown(passage)!r}" if passage else ""
        self.problems.append(f"{name}{number}{words}: {reason}")
        self._drop(name, passage, reason)

    def _drop(self, name: Field, passage: str, reason: str) -> None:
        self.dropped.append(Dropped(field=name, passage=_shown(passage), reason=reason))


def _item(model: type[Item], row: object) -> Item:
    """Read one row, extra members aside. Raises ValueError that says what is wrong with it."""
    if not isinstance(row, dict):
        raise ValueError("not an object")
    try:
        return model.model_validate({name: _mended(name, row.get(name)) for name in model.model_fields})
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        raise ValueError("; ".join(f"{_path(each['loc'])}: {_lowered(each['msg'])}" for each in details)) from None


def _mended(name: str, value: object) -> object:
    if name in ("kind", "role", "form", "bound", "metric") and isinstance(value, str):
        return value.strip().lower().replace("-", "_").replace(" ", "_")
    if name == "count" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _wrong_numbers(claim: SpeedupAnswer, abstract: str) -> str:
    try:
        factor(claim.form, claim.low, claim.high)
    except ValueError as error:
        return str(error)
    missing = unstated(claim, abstract)
    return f"{' and '.join(map(_figure, missing))} not in its quote, which must hold the number" if missing else ""


def _placed(item: Item, place: Placement) -> Claim[Item]:
    return Claim(item, start=place.start, in_title=place.in_title)


def _key(name: str) -> str:
    return fold(name)[0].removesuffix("s")


def _shown(text: str) -> str:
    text = " ".join(sendable(text).split())
    return text if len(text) <= 200 else f"{text[:199]}…"


def _figure(value: float | None) -> str:
    return "so large" if value is None or abs(value) >= MOST else f"{value:.12g}"


def _path(parts: Iterable[object]) -> str:
    return ".".join(map(str, parts))


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]
