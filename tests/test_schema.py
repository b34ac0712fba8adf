import json
import math

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.commands.app import run
from agent.door import summarize_many
from agent.feeds import read_feed
from agent.papers import Paper
from schemas import factor
from schemas.publication import PUBLISHED, record_schema
from schemas.vocabulary import Form
from tests.conftest import FEED


def test_the_published_schema_is_current() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == record_schema(), "run python -m schemas"


def test_the_schema_command_shows_the_published_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert capsys.readouterr().out == record_schema()


def test_the_records_of_the_feed_are_valid_against_the_published_schema() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(PUBLISHED.read_text(encoding="utf-8")))
    papers = [entry for entry in read_feed(str(FEED)) if isinstance(entry, Paper)]
    count = 0
    for record in summarize_many(papers, engine="rules"):
        validator.validate(json.loads(record.to_json()))
        count += 1
    assert count == 203


@pytest.mark.parametrize(
    ("form", "low", "high", "ends"),
    [
        ("ratio", 2.5, 3.0, (2.5, 3.0)),
        ("percent_faster", 40, 83, (1.4, 1.83)),
        ("percent_less_time", 20, 50, (1.25, 2.0)),
        ("orders_of_magnitude", 1, 2, (10.0, 100.0)),
        ("before_after", 2, 10, (5.0, 5.0)),
    ],
)
def test_a_factor_is_new_speed_over_old(form: Form, low: float, high: float, ends: tuple[float, float]) -> None:
    assert factor(form, low, high) == pytest.approx(ends)


@pytest.mark.parametrize(
    ("form", "low", "high"),
    [
        ("ratio", 0, 1),
        ("ratio", -2, 2),
        ("ratio", 3, 2),
        ("ratio", math.nan, 2),
        ("ratio", 1, math.inf),
        ("percent_less_time", 50, 100),
        ("orders_of_magnitude", 1, 400),
        ("before_after", 1e-320, 1e300),
    ],
)
def test_numbers_that_stand_for_no_factor_are_refused(form: Form, low: float, high: float) -> None:
    with pytest.raises(ValueError, match=r"."):
        factor(form, low, high)


@given(st.sampled_from(["ratio", "percent_faster", "percent_less_time", "before_after"]), st.data())
def test_a_larger_number_is_never_a_smaller_factor(form: Form, data: st.DataObject) -> None:
    low, high = sorted(data.draw(st.tuples(*[st.floats(0.01, 99, allow_nan=False)] * 2)))
    ends = factor(form, low, high)
    assert 0 < ends[0] <= ends[1]
