"""Listing pages: the user's own, and what breaks the alternation of titles and abstracts."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.feeds import read_feed
from agent.papers import Paper, Skipped

HERE = Path(__file__).parent
PAGE = HERE / "feeds" / "hf-gpu-papers.txt"
BROKEN_PAGE = HERE / "feeds" / "broken-page.txt"
GOLD = HERE / "gold"
ABSTRACT = "We measure a thing on a machine and find it faster than another thing on the same machine."
LONG = "We measure and measure " * 20

Found = list[Paper | Skipped]


def listing(*lines: str) -> Found:
    return list(read_feed("\n".join(lines).encode(), "page"))


def titles(found: Found) -> list[tuple[int, str]]:
    return [(entry.line, entry.title) for entry in found if isinstance(entry, Paper)]


def skipped(found: Found) -> list[tuple[int, bool]]:
    return [(entry.line, entry.lost) for entry in found if isinstance(entry, Skipped)]


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
    assert titles(listing("One", ABSTRACT, "Two", ABSTRACT)) == [(1, "One"), (3, "Two")]


def test_the_button_glued_to_the_first_title_is_taken_off_and_not_to_a_later_one() -> None:
    found = listing("SubscribeFast Things", ABSTRACT, "SubscribeNet Explained", ABSTRACT)
    assert titles(found) == [(1, "Fast Things"), (3, "SubscribeNet Explained")]


def test_a_title_that_begins_with_the_word_of_the_button_keeps_it() -> None:
    assert titles(listing("Subscribers at Scale", ABSTRACT)) == [(1, "Subscribers at Scale")]


def test_a_broken_page_is_read_around_its_breaks_and_each_is_named() -> None:
    found = list(read_feed(BROKEN_PAGE, "page"))
    assert titles(found) == [
        (2, "Quick Tiles on Small Accelerators"),
        (5, "Slow Roots Taken Quickly"),
        (7, "Apart from Its Abstract"),
    ]
    assert skipped(found) == [(1, True), (4, True), (8, False)]
    assert 'no abstract follows "A Title Whose Abstract Is Missing"' in str(found[2])


def test_a_text_without_a_title_is_named_and_the_next_paper_is_read() -> None:
    found = listing("One", ABSTRACT, LONG, "Two", ABSTRACT)
    assert titles(found) == [(1, "One"), (4, "Two")]
    assert skipped(found) == [(3, True)]


def test_the_end_of_an_abstract_broken_in_two_is_not_taken_for_a_title() -> None:
    found = listing("One", ABSTRACT, "And this is the rest of it.", "Two", ABSTRACT)
    assert titles(found) == [(1, "One"), (4, "Two")]
    assert skipped(found) == [(3, True)]


def test_blank_lines_between_all_papers_are_the_page_s_own_rhythm() -> None:
    assert skipped(listing("One", ABSTRACT, "", "Two", ABSTRACT, "", "", "Three", ABSTRACT, "")) == []


def test_a_blank_line_between_two_papers_of_a_page_that_has_none_is_named() -> None:
    found = listing("One", ABSTRACT, "Two", ABSTRACT, "", "Three", ABSTRACT)
    assert len(titles(found)) == 3
    assert skipped(found) == [(5, False)]


def test_a_title_at_the_end_of_the_page_is_named() -> None:
    assert skipped(listing("One", ABSTRACT, "Two")) == [(3, True)]


def test_the_same_paper_twice_is_two_papers_of_one_id() -> None:
    first, second = listing("One", ABSTRACT, "One", ABSTRACT)
    assert isinstance(first, Paper)
    assert isinstance(second, Paper)
    assert (first.id, first.line, second.line) == (second.id, 1, 3)


@pytest.mark.parametrize("size", [20_001, 1_000_000])
def test_an_abstract_that_is_too_long_is_named_with_its_length_and_costs_nothing_else(size: int) -> None:
    found = listing("One", "x" * size, "Two", ABSTRACT)
    assert titles(found) == [(3, "Two")]
    assert f"{size:,} characters" in str(found[0])


def test_an_abstract_of_the_greatest_length_is_used() -> None:
    assert titles(listing("One", "x" * 20_000)) == [(1, "One")]


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_every_kind_of_line_end_is_read(ending: str) -> None:
    found = list(read_feed(ending.join(["One", ABSTRACT, "Two", ABSTRACT]).encode()))
    assert titles(found) == [(1, "One"), (3, "Two")]


def test_mixed_line_ends_are_read() -> None:
    found = list(read_feed(f"One\r\n{ABSTRACT}\nTwo\r{ABSTRACT}\r\n".encode()))
    assert titles(found) == [(1, "One"), (3, "Two")]


WORDS = st.text("abc xyz", min_size=1, max_size=40).filter(lambda text: bool(text.strip()))
LINES = st.lists(st.one_of(WORDS, WORDS.map(lambda text: f"{text}."), st.just(LONG), st.just("")), max_size=30)


@given(LINES)
def test_every_line_of_a_page_is_in_a_paper_or_named(lines: list[str]) -> None:
    found = listing("One", ABSTRACT, *lines)
    papers = [entry for entry in found if isinstance(entry, Paper)]
    lost = [entry for entry in found if isinstance(entry, Skipped) and entry.lost]
    assert 2 * len(papers) + len(lost) == 2 + sum(1 for line in lines if line.strip())
