"""JSON Lines and JSON documents."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.feeds import read_feed
from agent.papers import Paper, Skipped, paper_id

SNAPSHOT = Path(__file__).parent / "feeds" / "arxiv-snapshot.jsonl"
ENTRIES = [{"id": f"p{number}", "title": f"Title {number}", "abstract": f"Text {number}."} for number in range(4)]

Found = list[Paper | Skipped]


def read(text: str) -> Found:
    return list(read_feed(text.encode("utf-8", "surrogatepass"), "feed"))


def ids(found: Found) -> list[str]:
    return [entry.id for entry in found if isinstance(entry, Paper)]


def lines_of(found: Found) -> list[int]:
    return [entry.line for entry in found]


def test_the_arxiv_snapshot_s_wrapped_titles_and_abstracts_become_one_line() -> None:
    first, second, third = read_feed(SNAPSHOT)
    assert isinstance(first, Paper)
    assert first.id == "2401.90001"
    assert first.title == "Quick Tiles: Blocked Products on Small Accelerators"
    assert first.abstract == (
        "We cut a matrix product into tiles that fit the register file. On an NVIDIA A100 GPU this is 2.1x faster "
        "than cuBLAS for narrow shapes. Wide shapes gain nothing."
    )
    assert isinstance(second, Paper)
    assert second.abstract.startswith(r"We take $\sqrt{n}$ steps")
    assert str(third) == f'{SNAPSHOT}:3: no abstract for "A Withdrawn Paper"'


def test_a_line_that_is_not_json_costs_itself_alone() -> None:
    lines = [json.dumps(entry) for entry in ENTRIES]
    found = read("\n".join([lines[0], '{"title": "cut', "", lines[1], "not JSON at all"]))
    assert ids(found) == ["p0", "p1"]
    assert lines_of(found) == [1, 2, 4, 5]


def test_a_bad_first_line_does_not_hide_that_the_feed_is_json_lines() -> None:
    found = read("\n".join(["oops", *(json.dumps(entry) for entry in ENTRIES)]))
    assert ids(found) == ["p0", "p1", "p2", "p3"]


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_is_read_under_the_lines_of_its_objects(indent: int | None) -> None:
    found = read(json.dumps(ENTRIES, indent=indent))
    assert ids(found) == ["p0", "p1", "p2", "p3"]
    assert lines_of(found) == ([1, 1, 1, 1] if indent is None else [2, 7, 12, 17])


@pytest.mark.parametrize("indent", [None, 1])
def test_a_list_within_an_object_is_found_however_deep(indent: int | None) -> None:
    document = {"title": "A feed", "description": "of papers", "meta": {"tags": [{"name": "x"}]}, "n": 4}
    found = read(json.dumps({**document, "response": {"docs": ENTRIES}, "next": None}, indent=indent))
    assert ids(found) == ["p0", "p1", "p2", "p3"] if indent else len(found) == 1


def test_a_list_in_an_object_on_one_line_is_read() -> None:
    found = read(json.dumps({"title": "A feed", "description": "of papers", "items": ENTRIES}))
    assert ids(found) == ["p0", "p1", "p2", "p3"]


def test_a_paper_s_references_are_not_papers_of_the_feed() -> None:
    paper = {"references": [{"title": "Old", "abstract": "Old text."}], **ENTRIES[0]}
    assert ids(read(json.dumps(paper))) == ids(read(json.dumps(paper, indent=1))) == ["p0"]


def test_objects_over_several_lines_one_after_the_other_are_read() -> None:
    found = read("\n".join(json.dumps(entry, indent=2) for entry in ENTRIES))
    assert ids(found) == ["p0", "p1", "p2", "p3"]
    assert lines_of(found) == [1, 6, 11, 16]


def test_other_common_names_of_fields_are_known() -> None:
    found = read(
        json.dumps([{"paper": {"id": "2401.1", "title": "T", "summary": "S."}}, {"Paper Title": "U", "Summary": "S."}])
    )
    assert [(entry.id, entry.title) for entry in found if isinstance(entry, Paper)] == [
        ("2401.1", "T"),
        (paper_id("U", "S."), "U"),
    ]


def test_reading_goes_on_after_a_broken_object_in_an_array() -> None:
    found = read(json.dumps(ENTRIES, indent=1).replace('"Title 1",', '"Title 1"'))
    assert ids(found) == ["p0", "p2", "p3"]
    assert "not JSON (Expecting ',' delimiter); reading goes on at line 12" in str(found[1])


def test_an_array_that_is_cut_off_keeps_what_was_whole_and_says_so() -> None:
    found = read(json.dumps(ENTRIES)[:-30])
    assert ids(found) == ["p0", "p1", "p2"]
    assert isinstance(found[-1], Skipped)


@pytest.mark.parametrize("abstract", [None, "", "  \n ", 3, ["a"], {"a": 1}, True])
def test_an_abstract_that_is_no_text_is_named(abstract: object) -> None:
    found = read(json.dumps({"title": "T", "abstract": abstract}) + "\n" + json.dumps(ENTRIES[0]))
    assert ids(found) == ["p0"]
    assert lines_of(found) == [1, 2]
    assert "abstract" in str(found[0])


def test_a_paper_without_a_title_is_used() -> None:
    (found,) = read(json.dumps({"abstract": "Text."}))
    assert isinstance(found, Paper)
    assert found.title == ""


def test_a_lone_surrogate_is_replaced_and_named_with_its_place() -> None:
    notice, paper = read(json.dumps({"title": "T", "abstract": "ab\ud800c"}))
    assert notice == Skipped("feed", 1, "abstract: character 3 is not text: U+D800 is replaced by U+FFFD", lost=False)
    assert isinstance(paper, Paper)
    assert paper.abstract == "ab\ufffdc"


@pytest.mark.parametrize("deep", ["[" * 100_000, '[{"title":' * 50_000, '{"a":' * 50_000, '{"title":' + "[" * 100_000])
def test_json_that_is_nested_too_deeply_is_reported_once(deep: str) -> None:
    found = read(deep)
    assert len(found) == 1
    assert isinstance(found[0], Skipped)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
ENTRY = st.fixed_dictionaries({"title": JSON, "abstract": JSON}) | st.dictionaries(
    st.text(max_size=5), JSON, max_size=3
)


def count(found: Found) -> int:
    return sum(1 for entry in found if isinstance(entry, Paper) or entry.lost)


@given(st.lists(ENTRY, min_size=1, max_size=8))
def test_every_line_is_a_paper_or_named(entries: list[object]) -> None:
    lines = [json.dumps(ENTRIES[0]), *(json.dumps(entry) for entry in entries)]
    assert count(read("\n".join(lines))) == len(lines)


@given(st.lists(ENTRY, min_size=1, max_size=8), st.sampled_from([None, 0, 3]))
def test_every_element_of_an_array_is_a_paper_or_named(entries: list[object], indent: int | None) -> None:
    assert count(read(json.dumps(entries, indent=indent))) == len(entries)


def test_an_overlong_line_of_json_costs_itself_alone() -> None:
    line = json.dumps({**ENTRIES[0], "text": "x" * 5_000_000})
    found = read("\n".join([json.dumps(ENTRIES[1]), line, json.dumps(ENTRIES[2])]))
    assert ids(found) == ["p1", "p2"]
    assert str(found[1]) == "feed:2: a line of over 4 MB is no entry of a feed"
