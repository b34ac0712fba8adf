"""Listing pages: the user's own, and what breaks the alternation of titles and abstracts."""

import json
from pathlib import Path

from agent.feeds import read_feed
from agent.papers import Paper, Skipped

HERE = Path(__file__).parent
PAGE = HERE / "feeds" / "hf-gpu-papers.txt"
GOLD = HERE / "gold"
ABSTRACT = "We measure a thing on a machine and find it faster than another thing on the same machine."


def listing(*lines: str) -> list[Paper | Skipped]:
    return list(read_feed("\n".join(lines).encode(), "page"))


def short(found: list[Paper | Skipped]) -> list[tuple[int, str]]:
    return [(entry.line, entry.title if isinstance(entry, Paper) else "-") for entry in found]


def test_the_saved_page_holds_203_papers_and_nothing_else() -> None:
    found = list(read_feed(PAGE))
    assert len(found) == 203
    assert all(isinstance(entry, Paper) for entry in found)


def test_titles_and_abstracts_of_the_saved_page_are_those_of_the_annotation() -> None:
    found = {entry.title: entry for entry in read_feed(PAGE) if isinstance(entry, Paper)}
    lines = (GOLD / "dev.abstracts.jsonl").read_text(encoding="utf-8").splitlines()
    expected = [json.loads(line) for line in lines]
    assert [found[gold["title"]].abstract for gold in expected] == [gold["abstract"] for gold in expected]


def test_a_paper_stands_at_the_line_of_its_title() -> None:
    assert short(listing("One", ABSTRACT, "Two", ABSTRACT)) == [(1, "One"), (3, "Two")]


def test_the_button_glued_to_the_first_title_is_taken_off() -> None:
    assert short(listing("SubscribeFast Things", ABSTRACT, "Two", ABSTRACT)) == [(1, "Fast Things"), (3, "Two")]


def test_a_title_that_begins_with_the_word_of_the_button_keeps_it() -> None:
    assert short(listing("Subscribers at Scale", ABSTRACT)) == [(1, "Subscribers at Scale")]
