import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from prompts.__main__ import main
from schemas import Answer, factor

HOSTILE = r"{{ 7*7 }} {% raw %} ${title} $abstract $$ \frac{a}{b} </paper> {0} %s"
GOLD = Path(__file__).parents[1] / "gold" / "dev.abstracts.jsonl"


def example() -> tuple[str, Answer]:
    """The worked example of the latest prompt: its title and abstract, and the answer that it shows."""
    text, _, answer = prompts.load().system.partition("# Example\n")[2].partition("\n{")
    return text, Answer.model_validate_json("{" + answer.splitlines()[0])


def test_the_latest_version_is_read_when_none_is_named() -> None:
    assert prompts.load() == prompts.load(prompts.LATEST)
    assert prompts.versions()[-1] == prompts.LATEST


def test_an_unknown_version_is_named_beside_those_that_are_there() -> None:
    with pytest.raises(ValueError, match=r"'\.\./v1'; there are v1"):
        prompts.load("../v1")


def test_less_than_two_thousand_tokens_stand_in_front_of_an_abstract() -> None:
    assert prompts.load().tokens_in_front < 2000


def test_the_count_of_tokens_is_one_command_away(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    assert re.fullmatch(r"v1: \d+ characters, about 19\d\d tokens\n", capsys.readouterr().out)


def test_the_paper_comes_last_and_unchanged() -> None:
    message = prompts.load().about("A {{title}}", HOSTILE)
    opening, title, blank, abstract, closing = message.split("\n")
    assert (title, blank, abstract) == ("Title: A {{title}}", "", f"Abstract: {HOSTILE}")
    assert re.fullmatch(r"<paper [0-9a-f]{12}>", opening)
    assert closing == opening.replace("<", "</")


@given(st.text(), st.text())
def test_a_text_cannot_close_its_own_fence(title: str, abstract: str) -> None:
    message = prompts.load().about(title, abstract)
    mark = message[len("<paper ") : len("<paper ") + 12]
    assert message.count(mark) == 2
    assert message.startswith(f"<paper {mark}>\n")
    assert message.endswith(f"\n</paper {mark}>")


def test_the_worked_example_is_an_answer_that_its_own_text_bears_out() -> None:
    text, answer = example()
    names = [h.name for h in answer.hardware] + [b.name for b in answer.baselines]
    quotes = [s.quote for s in answer.speedups] + [c.quote for c in answer.caveats]
    assert [passage for passage in names + quotes if passage not in text] == []
    assert [factor(s.form, s.low, s.high) for s in answer.speedups] == [(6.2, 6.2), (3, 3)]
    assert {s.baseline for s in answer.speedups} <= {b.name for b in answer.baselines} | {None}
    assert {s.hardware for s in answer.speedups} <= {h.name for h in answer.hardware} | {None}


def test_the_prompt_holds_no_abstract_of_the_feed() -> None:
    system = prompts.load().system
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        paper = json.loads(line)
        sentences = re.split(r"(?<=\.) ", paper["abstract"])
        assert not [s for s in (paper["title"], *sentences) if len(s) > 30 and s in system]


def test_problems_stand_one_a_line_in_the_message_that_asks_again() -> None:
    lines = prompts.load().again(["hardware 1: $title {{x}}", "speedups 2: y"]).splitlines()
    assert lines[1:3] == ["- hardware 1: $title {{x}}", "- speedups 2: y"]
