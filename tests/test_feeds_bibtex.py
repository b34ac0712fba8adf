"""BibTeX."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.feeds import read_feed
from agent.feeds.bibtex import unprotected
from agent.papers import Paper, Skipped

LIBRARY = Path(__file__).parent / "feeds" / "library.bib"


def test_a_bibliography_is_read_entry_by_entry_under_its_keys() -> None:
    first, bare, broken, last = read_feed(LIBRARY, "library")
    assert first == Paper(
        "nobody2024tiles",
        "Quick Tiles for NVIDIA GPUs",
        r"We gain $2^{3}\times$ and save 40\% of the \emph{energy} on one machine.",
        "library",
        4,
    )
    assert bare == Skipped("library", 11, 'no abstract for "An Entry without an Abstract"')
    assert str(broken) == "library:13: not a BibTeX entry: its braces, quotation marks or commas do not add up"
    assert last == Paper("paren2021", "In Parentheses", "We are 2x faster than before.", "library", 18)


def test_an_abbreviation_that_is_not_defined_is_named() -> None:
    (found,) = read_feed(b"@article{a, title = {T}, abstract = {We are fast.}, journal = nowhere}", "library")
    assert "abbreviation 'nowhere'" in str(found)


def test_entries_on_one_line_are_all_read() -> None:
    found = list(read_feed(b"@a{k, abstract = {One.}} @a{l, abstract = {Two.}}"))
    assert [entry.id for entry in found if isinstance(entry, Paper)] == ["k", "l"]


def test_braces_that_are_nested_too_deeply_cost_their_entry_alone() -> None:
    deep = "{" * 5_000 + "}" * 5_000
    found = list(read_feed(f"@a{{k, abstract = {{{deep}}}}}\n@a{{l, abstract = {{Two.}}}}".encode()))
    assert [(type(entry), entry.line) for entry in found] == [(Skipped, 1), (Paper, 2)]


def test_an_entry_over_the_limit_costs_itself_alone() -> None:
    found = list(read_feed(f"@a{{k, abstract = {{{'x' * 70_000}}}}}\n@a{{l, abstract = {{Two.}}}}".encode()))
    assert [(type(entry), entry.line) for entry in found] == [(Skipped, 1), (Paper, 2)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{NVIDIA} {GPU}s", "NVIDIA GPUs"),
        ("{{Nested} Braces}", "Nested Braces"),
        (r"\emph{fast} {code}", r"\emph{fast} code"),
        (r"\frac{a}{b} {c}", r"\frac{a}{b} c"),
        (r"$2^{10}$ {times}", r"$2^{10}$ times"),
        (r"M{\"o}bius", r"M{\"o}bius"),
        (r"M\"{o}bius", r"M\"{o}bius"),
        (r"40\% {less}", r"40\% less"),
        (r"\{a\}", r"\{a\}"),
        ("a } b { c", "a } b  c"),
    ],
)
def test_braces_that_only_protect_case_are_taken_off(written: str, read: str) -> None:
    assert unprotected(written) == read


@given(st.text('ab{}\\$ %"', max_size=60))
def test_taking_braces_off_changes_nothing_else(text: str) -> None:
    assert unprotected(text).replace("{", "").replace("}", "") == text.replace("{", "").replace("}", "")
