"""No text of the size that is let in takes the time or the memory of a run, whatever it is made of."""

import asyncio
import json
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.errors import ServiceError
from agent.feeds import read_feed
from agent.grounding import place
from agent.model.batchfile import AnswerFiles, answered_keys
from agent.model.checks import check_answer
from agent.papers import LONGEST_ABSTRACT, Paper, Skipped
from agent.workers import by_rules

SECONDS, MEGABYTES = 1.0, 200.0
UNITS = (
    *("x", " ", "1,1,1,", "1.1.", "((((((", "a) ) ", "2x faster ", "up to up to ", "than than ", "GPU ", "A100 and "),
    *(
        "10-20% RTX 4090",
        "8 NVIDIA A100 GPUs and ",
        "T4s? ",
        "faster than A, B and C, ",
        "\\times$ ",
        "İ",
        "ﬁ",
        "e\u0301",
    ),
    *("at the cost of ", "from 3 s to 1 s, ", "orders of magnitude ", "- ", "\u200b", "compared to our "),
)
LISTS: dict[str, list[object]] = {"hardware": [], "baselines": [], "speedups": [], "caveats": []}


def paper_of(unit: str) -> Paper:
    text = f"We propose X, 2x faster than Y on an A100. {unit * LONGEST_ABSTRACT}"[:LONGEST_ABSTRACT]
    return Paper("p", (unit * 200)[:200], " ".join(text.split()))


def in_bounds(work: Callable[[], object]) -> None:
    began = time.thread_time()
    work()
    assert time.thread_time() - began < SECONDS


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_the_rules_are_done_with_the_longest_abstract_within_a_second(unit: str) -> None:
    paper = paper_of(unit)
    by_rules(paper)  # what is loaded once is no cost of this text
    in_bounds(lambda: by_rules(paper._replace(abstract=paper.abstract[:-1])))


def test_the_rules_take_little_memory() -> None:
    paper = paper_of("8 NVIDIA A100 GPUs and 2x faster than B, ")
    by_rules(paper)
    tracemalloc.start()
    by_rules(paper._replace(abstract=paper.abstract[:-1]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MEGABYTES * 1e6 / 4


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_an_answer_that_quotes_the_longest_abstract_is_checked_within_a_second(unit: str) -> None:
    paper = paper_of(unit)
    quotes = [paper.abstract[start : start + 900] + " nowhere" for start in range(0, 9_000, 300)]
    caveats = [{"quote": quote, "kind": "limitation"} for quote in quotes]
    answer = json.dumps(LISTS | {"caveats": caveats}, ensure_ascii=False)
    in_bounds(lambda: check_answer(answer, paper))
    in_bounds(lambda: place(unit * 100, paper.abstract, near=10_000))


def test_a_line_of_answers_without_an_end_takes_little_memory(tmp_path: Path) -> None:
    answer = {"custom_id": "k", "response": {"status_code": 200, "body": {}}}
    path = tmp_path / "answers.jsonl"
    path.write_bytes(b"{" * 60_000_000 + b"\n" + json.dumps(answer).encode())
    notices: list[str] = []
    tracemalloc.start()
    files = AnswerFiles([path], notices.append)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert notices == [f"{path}:1: is no line of a batch's answers; skipped"]
    with pytest.raises(ServiceError, match="a reply without choices"):
        asyncio.run(files.ask(paper_of("x"), "k"))
    assert list(answered_keys(path)) == []


def test_a_title_of_megabytes_is_no_title() -> None:
    feed = json.dumps({"title": "2x faster " * 300_000, "abstract": "We win."}).encode()
    (entry,) = read_feed(feed, "feed")
    assert isinstance(entry, Skipped)
    assert entry.reason == "the title has 2,999,999 characters, over the 20,000 of any text"
