import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import ModelError
from agent.model.checks import Checked, check_answer, settle
from agent.papers import Paper
from agent.records import compose
from schemas import Provenance
from tests.model.papers import ANSWER, PAPER, SOUND, UNGROUNDED, changed

GOLD = Path(__file__).parents[1] / "gold" / "dev.jsonl"


def speedup(**members: object) -> Checked:
    return check_answer(changed("speedups", 1, **members), PAPER)


def only_problem(checked: Checked) -> str:
    assert len(checked.problems) == 1
    return checked.problems[0]


def test_a_sound_answer_passes_whole() -> None:
    checked = check_answer(SOUND, PAPER)
    assert (checked.problems, checked.dropped) == ((), ())
    assert [claim.passage for claim in checked.claims] == [
        item.get("name", item.get("quote")) for items in ANSWER.values() for item in items
    ]
    assert [claim.in_title for claim in checked.claims.hardware] == [False, True]


def test_all_annotated_records_pass_without_a_problem() -> None:
    abstracts = {r["id"]: r for r in map(json.loads, GOLD.with_suffix(".abstracts.jsonl").open(encoding="utf-8"))}
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        paper = Paper(gold["id"], gold["title"], abstracts[gold["id"]]["abstract"])
        checked = check_answer(line, paper)
        assert (checked.problems, checked.dropped) == ((), ()), gold["title"]
        assert [c.passage for c in checked.claims.speedups] == [s["quote"] for s in gold["speedups"]]


def test_an_answer_in_a_code_fence_is_read() -> None:
    assert check_answer(f"Here it is:\n```json\n{SOUND}\n```", PAPER) == check_answer(SOUND, PAPER)


def test_thoughts_in_front_of_an_answer_are_passed_over() -> None:
    assert check_answer(f"<think>Is it {{DuckDB}}?</think>{SOUND}", PAPER) == check_answer(SOUND, PAPER)


def test_checks_load_neither_client_nor_retrier() -> None:
    code = "import sys, agent.model.checks; print({'openai', 'instructor', 'tenacity'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_small_slips_are_mended_from_the_text() -> None:
    checked = check_answer(changed("speedups", 1, quote="Up to 2.5× faster than  duckdb", bound="up to"), PAPER)
    assert checked == check_answer(SOUND, PAPER)


def test_a_link_written_a_little_differently_is_mended_to_the_listed_name() -> None:
    checked = check_answer(changed("speedups", 0, hardware="nvidia V100 GPU"), PAPER)
    assert checked.problems == ()
    assert checked.claims.speedups[0].item.hardware == "NVIDIA V100 GPUs"


def test_a_name_that_stands_nowhere_is_asked_again_and_its_links_are_cut() -> None:
    checked = check_answer(UNGROUNDED, PAPER)
    where = "not in the abstract or the title, where it must stand word for word"
    assert checked.problems[0] == f"baselines 1 'Quux 9000': {where}"
    assert checked.problems[1].startswith("speedups 2 'up to $2.5\\\\times$ faster than DuckDB': its link to 'DuckDB'")
    assert checked.claims.baselines == []
    assert [claim.item.baseline for claim in checked.claims.speedups] == [None, None]
    assert [(d.field, d.passage) for d in checked.dropped] == [
        ("baselines", "Quux 9000"),
        ("speedups", r"up to $2.5\times$ faster than DuckDB"),
    ]


def test_a_link_to_an_entry_that_fell_is_no_second_problem() -> None:
    answer = json.loads(UNGROUNDED)
    answer["speedups"][1]["baseline"] = "Quux 9000"
    checked = check_answer(json.dumps(answer), PAPER)
    assert only_problem(checked).startswith("baselines 1 'Quux 9000'")
    assert len(checked.dropped) == 2


def test_a_number_must_stand_in_its_quote() -> None:
    assert only_problem(speedup(high=12.8)).endswith("12.8 not in its quote, which must hold the number")


@pytest.mark.parametrize(
    ("quote", "low", "high", "form"),
    [
        ("the latency is only 68% of DuckDB's", 32, 32, "percent_less_time"),
        ("Loading falls from 2 hours to 15 minutes", 15, 120, "before_after"),
        ("Loading falls from 2 hours to 15 minutes", 0.25, 2, "before_after"),
        ("an order of magnitude faster than MySQL", 1, 1, "orders_of_magnitude"),
        ("falls from 2 hours", 15, 120, "before_after"),
    ],
)
def test_a_number_that_follows_from_the_quote_is_taken(quote: str, low: float, high: float, form: str) -> None:
    checked = speedup(quote=quote, low=low, high=high, form=form)
    assert checked.problems == ()


def test_low_and_high_the_wrong_way_round_are_put_right() -> None:
    checked = speedup(quote="from 2 hours to 15 minutes", low=120, high=15, form="before_after")
    assert (checked.claims.speedups[1].item.low, checked.claims.speedups[1].item.high) == (15, 120)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"low": 0, "high": 0}, "finite numbers above zero"),
        ({"low": -2.5, "high": 2.5}, "finite numbers above zero"),
        ({"low": 150, "high": 150, "form": "percent_less_time"}, "leaves no time"),
        ({"low": 2.5, "high": 1e300, "form": "orders_of_magnitude"}, "more than a number can hold"),
        ({"low": "2.5"}, "low: input should be a valid number"),
        ({"high": 10**400}, "high: "),
        ({"form": "faster"}, "form: input should be 'ratio'"),
        ({"quote": None}, "quote: input should be a valid string"),
    ],
)
def test_what_gives_no_factor_or_has_no_form_is_asked_again(members: dict[str, object], reason: str) -> None:
    checked = speedup(**members)
    assert reason in only_problem(checked)
    assert len(checked.claims.speedups) == 1


@pytest.mark.parametrize("count", [0, -3, 80, 10**9, 10**400, 1e308])
def test_an_impossible_or_unstated_count_is_asked_again_and_the_device_kept(count: float) -> None:
    checked = check_answer(changed("hardware", 0, count=count), PAPER)
    assert "is not stated, so it is null" in only_problem(checked)
    assert checked.claims.hardware[0].item.count is None


def test_a_count_written_as_a_whole_decimal_is_taken() -> None:
    assert check_answer(changed("hardware", 0, count=2.0), PAPER) == check_answer(SOUND, PAPER)


@pytest.mark.parametrize("field", ["hardware", "baselines", "speedups", "caveats"])
def test_what_is_listed_twice_is_kept_once_and_named(field: str) -> None:
    answer = ANSWER | {field: ANSWER[field] + ANSWER[field]}
    checked = check_answer(json.dumps(answer), PAPER)
    assert checked.problems == ()
    assert checked.claims == check_answer(SOUND, PAPER).claims
    assert [(d.field, d.reason) for d in checked.dropped] == [(field, "listed twice")] * len(ANSWER[field])


def test_a_missing_list_is_asked_again() -> None:
    checked = check_answer(json.dumps({"hardware": [], "baselines": "none", "speedups": []}), PAPER)
    assert checked.problems == (
        "baselines: the answer holds no such list",
        "caveats: the answer holds no such list",
    )


def test_a_list_without_end_is_cut_and_said() -> None:
    checked = check_answer(json.dumps(ANSWER | {"caveats": ANSWER["caveats"] * 1000}), PAPER)
    assert only_problem(checked) == "caveats: 1000 items, of which the first 40 count"
    assert len(checked.dropped) == 40


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "holds no JSON object"),
        ("I cannot help with that.", "holds no JSON object"),
        (SOUND[:-40], "the JSON is broken at character"),
        ("[" * 90_000 + "{}", "none of the lists"),
        ('{"hardware":' + "[" * 90_000 + "}", "nested too deeply"),
        ('{"hardware": [], "hardware": []}', "stands twice"),
        ('{"hardware": [], "x": NaN}', "NaN is no number"),
        ('{"hardware": [], "x": -Infinity}', "-Infinity is no number"),
        ('{"hardware": [], "x": ' + "9" * 5000 + "}", "cannot be read"),
        ("{" + " " * 100_000 + "}", "where 100000 are allowed"),
        ('{"error": "overloaded"}', "none of the lists"),
    ],
)
def test_what_cannot_be_read_is_a_model_error_that_says_why(text: str, reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        check_answer(text, PAPER)


def test_the_first_sound_answer_settles_a_dialogue() -> None:
    assert settle([UNGROUNDED, SOUND], PAPER) == check_answer(SOUND, PAPER)
    assert settle([SOUND, UNGROUNDED], PAPER) == check_answer(SOUND, PAPER)


def test_without_a_sound_answer_the_one_with_the_fewest_problems_is_kept() -> None:
    worse = changed("speedups", 1, quote="nowhere", baseline="Quux")
    one = changed("caveats", 0, quote="nowhere")
    assert settle(["no JSON", one, UNGROUNDED, "{}"], PAPER) == check_answer(one, PAPER)
    assert settle([worse, one], PAPER) == check_answer(one, PAPER)


def test_an_answer_of_which_nothing_stands_in_the_paper_is_a_model_error() -> None:
    with pytest.raises(ModelError, match="none of the 6 items of the answer passes the checks, after 1 re-asks"):
        settle(["no JSON", SOUND], Paper("p2", "Other", "Nothing of the kind."))


def test_a_paper_that_claims_nothing_is_a_sound_answer() -> None:
    empty = json.dumps({"hardware": [], "baselines": [], "speedups": [], "caveats": []})
    assert settle([empty], PAPER).problems == ()


def test_a_lone_surrogate_can_be_said_again_in_utf_8() -> None:
    checked = check_answer(changed("baselines", 0, name="Duck\ud800DB"), PAPER)
    assert checked.problems[0].encode()
    assert checked.dropped[0].model_dump_json()


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(PAPER.abstract.split()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(["name", "kind", "count", "role", "quote", "low", "high", "form", "baseline", "hardware"])
ROWS = st.dictionaries(NAMES, VALUES | st.sampled_from(["gpu", "ratio", "DuckDB", "2.5", "up to 2.5times faster"]))
ANSWERS = st.fixed_dictionaries({field: st.lists(ROWS | VALUES, max_size=4) | VALUES for field in ANSWER})


@settings(max_examples=150, deadline=None)
@given(ANSWERS)
def test_no_answer_breaks_the_checks_and_what_passes_makes_a_record(answer: dict[str, object]) -> None:
    try:
        checked = settle([json.dumps(answer)], PAPER)
    except ModelError:
        return
    provenance = Provenance(engine="llm", model="m", prompt="v1", dropped=checked.dropped)
    record = compose(PAPER, checked.claims, provenance)
    assert record.provenance.dropped == checked.dropped
    assert record.to_json()


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_no_text_breaks_the_checks(text: str) -> None:
    with pytest.raises(ModelError):
        check_answer(text + "{" + text, PAPER)
