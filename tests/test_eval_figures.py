"""The figures of an evaluation: those that the annotators' own scorer gives, and what holds for all of them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.evaluation.evaluation import evaluate, read_gold
from agent.evaluation.factors import ends
from agent.evaluation.matching import Matching, f1, match, name_likeness, tokens
from agent.evaluation.records import FIELDS, RecordFile, read_records
from agent.evaluation.scores import Scores, score
from schemas import factor
from schemas.vocabulary import Field
from tests.gold.renew import FOLDER, GOLD

SCORED = FOLDER / "scored"
"""Predictions, and beside them the figures that the annotators' scorer printed for them."""

NUMBERS = st.one_of(st.integers(), st.floats(), st.text(max_size=3), st.none(), st.just(10**400), st.booleans())
FORMS = ("ratio", "percent_faster", "percent_less_time", "orders_of_magnitude", "before_after")
ITEMS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.one_of(st.text(max_size=12), st.integers(), st.none()),
            "quote": st.one_of(st.text(max_size=12), st.sampled_from(["We win", "win by", ""])),
            "low": NUMBERS,
            "high": NUMBERS,
            "form": st.one_of(st.sampled_from(FORMS), st.none(), st.lists(st.none())),
            "baseline": st.one_of(st.none(), st.text(max_size=5), st.integers()),
            "optional": st.booleans(),
        },
    ),
    max_size=6,
)


def scores_of(predicted: Path) -> Scores:
    gold = read_gold(str(GOLD), pytest.fail)
    return score(evaluate(gold, read_records(str(predicted), lambda _: None), lambda _: None))


@pytest.mark.parametrize("name", ["rules", "perturbed"])
def test_the_figures_are_those_of_the_annotators_scorer(name: str) -> None:
    assert scores_of(SCORED / f"{name}.jsonl").as_json() == json.loads((SCORED / f"{name}.scores.json").read_text())


def test_the_annotation_scored_against_itself_is_without_fault() -> None:
    scores = scores_of(GOLD)
    assert scores.macro_f1 == 1
    assert scores.macro_f1_95 == (1, 1)
    assert scores.speedups_exact_records == 1
    assert {share for each in scores.fields.values() for share in each.agree.values()} == {1}


def pair(field: Field, gold: Mapping[str, Any], predicted: Mapping[str, Any], text: str = "") -> Matching:
    return match(field, [gold], [predicted], text)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("NVIDIA A100 GPUs", "A100", 1.0),
        ("A100s", "the A100", 1.0),
        ("GPUs", "GPU", 1.0),
        ("32 GPUs", "GPUs", 0.0),
        ("Jetson Nano", "Jetson Orin", 0.5),
        ("cuBLAS", "cuDNN", 0.0),
        ("", "cuDNN", 0.0),
        ("中文", "中文", 1.0),
    ],
)
def test_names_are_compared_by_their_telling_words(one: str, other: str, alike: float) -> None:
    assert name_likeness(one, other) == alike


def test_a_speedup_is_the_same_by_its_factor_whatever_its_form() -> None:
    saved = {"low": 50, "high": 50, "form": "percent_less_time"}
    assert pair("speedups", saved, {"low": 2, "high": 2, "form": "ratio"}).pairs
    assert pair("speedups", saved, {"low": 2.01, "high": 2, "form": "ratio"}).pairs
    assert not pair("speedups", saved, {"low": 2.1, "high": 2, "form": "ratio"}).pairs


def test_a_caveat_is_the_same_if_the_quotes_share_half_of_the_shorter_one() -> None:
    text = "It is fast at the cost of a slightly lower accuracy on long inputs."
    gold = {"quote": "at the cost of a slightly lower accuracy"}
    assert pair("caveats", gold, {"quote": "slightly lower accuracy on long inputs"}, text).pairs
    assert not pair("caveats", gold, {"quote": "accuracy on long inputs"}, text).pairs
    assert not pair("caveats", gold, {"quote": "at the cost of something else"}, text).pairs


def test_of_several_speedups_the_one_that_agrees_most_is_paired() -> None:
    gold = {"low": 2, "high": 2, "form": "ratio", "bound": "up_to", "metric": "latency"}
    plain = gold | {"bound": "exact", "metric": "runtime"}
    assert match("speedups", [gold], [plain, gold], "").pairs == [(0, 1)]


def test_what_only_one_annotator_has_is_neither_right_nor_wrong() -> None:
    sure: dict[str, Any] = {"name": "A100"}
    unsure = {"name": "H100", "optional": True}
    assert match("hardware", [sure, unsure], [sure], "").tally == (1, 1, 1)
    assert match("hardware", [sure, unsure], [sure, unsure], "").tally == (1, 1, 1)
    assert match("hardware", [sure, unsure], [sure, {"name": "T4"}], "").tally == (1, 1, 2)


def test_a_sure_item_is_paired_before_an_optional_one() -> None:
    items: list[dict[str, Any]] = [{"name": "A100", "optional": True}, {"name": "A100 DGX"}]
    assert match("hardware", items, [{"name": "A100"}], "").pairs == [(1, 0)]


def test_nothing_found_where_nothing_was_to_be_found_is_right() -> None:
    assert f1(0, 0, 0) == (1, 1, 1)
    assert f1(0, 2, 0) == (1, 0, 0)
    assert f1(0, 0, 2) == (0, 1, 0)


@given(st.sampled_from(FORMS), st.floats(0.01, 99), st.floats(0.01, 99))
def test_the_factor_of_a_sound_claim_is_the_one_of_the_record(form: Any, low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert ends({"form": form, "low": low, "high": high}) == pytest.approx(factor(form, low, high))


@given(st.sampled_from(FIELDS), ITEMS, ITEMS)
def test_whatever_the_items_hold_each_is_paired_at_most_once(
    field: Field, gold: list[dict[str, Any]], predicted: list[dict[str, Any]]
) -> None:
    matching = match(field, gold, predicted, "We win by far.")
    assert len({i for i, _ in matching.pairs}) == len({j for _, j in matching.pairs}) == len(matching.pairs)
    found, due, counted = matching.tally
    assert found == len(matching.counted)
    assert due == found + len(matching.missed)
    assert counted == found + len(matching.extra)


@given(st.text(), st.text())
def test_likeness_of_names_is_a_symmetric_share(one: str, other: str) -> None:
    assert tokens(one)
    assert 0 <= name_likeness(one, other) == name_likeness(other, one) <= 1
    assert name_likeness(one, one) == 1


def test_a_paper_without_a_record_counts_as_missed() -> None:
    gold = read_gold(str(GOLD), pytest.fail)
    first = next(iter(gold.records.entries))
    told: list[str] = []
    scores = score(evaluate(gold, RecordFile("one", {first: gold.records.entries[first]}), told.append))
    assert scores.absent == 101
    assert scores.fields["hardware"].gold == 123
    assert scores.fields["hardware"].recall == pytest.approx(3 / 123)
    assert told == ["one: 101 of 102 annotated papers have no record and count as missed"]
