import doctest
import importlib
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import agent
from agent import door, summarize, summarize_many
from agent.errors import InputError, UsageError
from agent.papers import Paper, paper_id
from schemas import Record, factor
from tests.conftest import ABSTRACT


def test_one_abstract_gives_its_record() -> None:
    record = summarize(ABSTRACT, "Quick", engine="rules")
    assert isinstance(record, Record)
    assert record.id == paper_id("Quick", ABSTRACT)
    assert record.provenance.engine == "rules"


def test_many_papers_give_their_records_in_order() -> None:
    papers: list[Paper | Mapping[str, str] | str] = [
        ABSTRACT,
        {"id": "b", "title": "B", "abstract": "We win."},
        Paper("c", "C", "We lose."),
    ]
    records = list(summarize_many(papers, engine="rules"))
    assert [record.abstract for record in records] == [ABSTRACT, "We win.", "We lose."]
    assert [record.id for record in records][1:] == ["b", "c"]


def test_records_come_as_the_papers_do() -> None:
    taken: list[str] = []

    def papers() -> Iterator[str]:
        for number in range(10_000):
            taken.append(str(number))
            yield f"Abstract {number}."

    records = summarize_many(papers(), engine="rules")
    assert next(records).abstract == "Abstract 0."
    records.close()  # type: ignore[attr-defined]
    assert len(taken) < 2_000


@pytest.mark.parametrize("abstract", ["", " ", "x" * 20_001])
def test_an_abstract_that_cannot_be_used_is_an_input_error(abstract: str) -> None:
    with pytest.raises(InputError, match="one abstract"):
        summarize(abstract, engine="rules")


def test_options_that_make_no_sense_are_a_usage_error() -> None:
    with pytest.raises(UsageError, match="at least 1 request"):
        summarize(ABSTRACT, concurrency=0)
    with pytest.raises(UsageError, match="cannot be switched off"):
        summarize(ABSTRACT, offline=True, use_cache=False)


def test_there_is_nothing_else_at_the_door() -> None:
    assert agent.__all__ == ["summarize", "summarize_many"]
    with pytest.raises(AttributeError, match="nothing_else"):
        agent.nothing_else  # noqa: B018


@pytest.mark.parametrize("module", [door, factor.__globals__["__spec__"].name])
def test_the_examples_in_docstrings_run(module: object) -> None:
    loaded = importlib.import_module(module) if isinstance(module, str) else module
    result = doctest.testmod(loaded)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=80))
def test_any_text_gives_a_true_record_or_an_input_error(abstract: str, title: str) -> None:
    try:
        record = summarize(abstract, title, engine="rules")
    except InputError:
        return
    assert Record.model_validate_json(record.to_json()) == record
