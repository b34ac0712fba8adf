"""CSV and TSV."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import InputError
from agent.feeds import read_feed
from agent.papers import Paper, Skipped

TABLE = Path(__file__).parent / "feeds" / "table.csv"

Found = list[Paper | Skipped]


def read(text: str) -> Found:
    return list(read_feed(text.encode(), "table"))


def papers(found: Found) -> list[tuple[str, str, int]]:
    return [(entry.title, entry.abstract, entry.line) for entry in found if isinstance(entry, Paper)]


def test_a_table_is_read_by_the_names_in_its_header() -> None:
    first, short, empty, last = read_feed(TABLE, "table")
    assert first == Paper("A1", "Tiles, Quick", 'We say "fast", and mean it: 2x.', "table", 2)
    assert str(short) == "table:4: 3 cells where the header has 4"
    assert str(empty) == 'table:5: no abstract for "No Text"'
    assert last == Paper("A4", "Plain", "We are 3x faster.", "table", 6)


@pytest.mark.parametrize("delimiter", list(",\t;|"))
def test_the_delimiter_is_taken_from_the_header(delimiter: str) -> None:
    found = read(f"title{delimiter}abstract\nA{delimiter}We are fast.\n")
    assert papers(found) == [("A", "We are fast.", 2)]


def test_a_quotation_that_is_never_closed_costs_its_own_row_alone() -> None:
    found = read('title,abstract\nA,"not closed\nB,We are fast.\nC,So are we.\n')
    assert papers(found) == [("B", "We are fast.", 3), ("C", "So are we.", 4)]
    assert str(found[0]) == "table:2: a quotation mark opens in this row and is not closed"


def test_a_row_whose_quotation_marks_do_not_add_up_is_named_with_its_lines() -> None:
    found = read('title,abstract\nA,"one\ntwo "three" four"\nB,We are fast.\n')
    assert papers(found) == [("B", "We are fast.", 4)]
    assert "table:2: from here to line 3 no row of the table" in str(found[0])


def test_a_quotation_mark_within_a_cell_is_a_character() -> None:
    assert papers(read('title\tabstract\nA 5" disk\tIt is "fast".\n')) == [('A 5" disk', 'It is "fast".', 2)]


def test_empty_cells_beyond_the_header_are_let_be() -> None:
    assert papers(read("title,abstract\nA,We are fast.,,\n")) == [("A", "We are fast.", 2)]


def test_a_table_without_abstracts_is_refused_with_the_names_that_it_has() -> None:
    with pytest.raises(InputError, match=r'table: no column is named "abstract" \(there are: title, authors\)'):
        read("title,authors\nA,B\n")


def test_a_cell_of_a_megabyte_is_named_and_skipped() -> None:
    found = read(f"title,abstract\nA,{'x' * 1_000_000}\nB,We are fast.\n")
    assert papers(found) == [("B", "We are fast.", 3)]
    assert "1,000,000 characters" in str(found[0])


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\r\n"), max_size=12)


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=8), st.sampled_from([",", "\t", ";"]))
def test_every_row_is_a_paper_or_named(rows: list[list[str]], delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["id", "title", "abstract"])
    writer.writerow(["1", "One", "We are fast."])
    writer.writerows(rows)
    found = read(text.getvalue())
    counted = sum(1 for entry in found if isinstance(entry, Paper) or entry.lost)
    assert counted == 1 + sum(1 for row in rows if any(row))
