"""Files that `perfclaims eval` cannot use, or only in part: one line that names the place, never a traceback."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.commands.app import run
from agent.errors import InputError
from agent.evaluation.evidence import sentence_of
from agent.evaluation.records import Entry, read_records
from tests.test_eval import ANNOTATED, NOTHING, SPEEDUP, TEXT, Files, only_line, record

ONE, TWO = record("One", **ANNOTATED), record("Two", **NOTHING)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no record"),
        (b"\n\n", "holds no record"),
        (b"id,title\n1,One\n", ":1: not JSON (Expecting value)"),
        (b'{"title": "One"', ":1: not JSON"),
        (b"\x00\xff\xfe binary", ":1: not JSON"),
        (b"[1, 2]\n", ":1: a list is no record"),
        (b"[" * 100_000, ":1: not JSON"),
        (b'{"title": "One", "hardware": [{"count": ' + b"9" * 5000 + b"}]}", ":1: not JSON"),
        (b'{"id": "one", "hardware": []}\n', ":1: no title"),
        (b'{"title": 1, "hardware": []}\n', ":1: no title"),
        (b'{"title": "One", "abstract": "Only a feed."}\n', ":1: none of the lists"),
        (b'{"title": "One", "hardware": {"name": "A100"}}\n', ":1: hardware is a dict, not a list"),
        (b'{"title": "One", "hardware": "A100"}\n', ":1: hardware is a str, not a list"),
        (b'{"title": "Another", "hardware": []}\n', "has no title in common with"),
    ],
)
def test_a_file_that_holds_no_records_of_these_papers_is_named(
    content: bytes, says: str, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    predicted = files.folder / "p.jsonl"
    predicted.write_bytes(content)
    for arguments in (
        ["eval", files.gold, str(predicted)],
        ["eval", files.gold, files.gold, "--against", str(predicted)],
    ):
        assert run(arguments) == 1
        line = only_line(capsys)
        assert str(predicted) in line
        assert says in line


def test_a_missing_file_and_a_folder_are_named(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["eval", files.gold, "none.jsonl"]) == 1
    assert "none.jsonl: no such file" in only_line(capsys)
    assert run(["eval", str(files.folder), files.gold]) == 1
    assert "is a folder" in only_line(capsys)


def test_missing_abstracts_are_named_with_the_place_where_they_belong(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(files.abstracts).unlink()
    assert run(["eval", files.gold, files.gold]) == 1
    assert "gold.abstracts.jsonl: no such file; the abstracts of" in only_line(capsys)


@pytest.mark.parametrize(
    ("abstracts", "says"),
    [
        ([record("One", abstract=TEXT)], "gold.jsonl:2: no abstract of this title in"),
        ([record("One", abstract=None), record("Two", abstract="A.")], "abstracts.jsonl:1: no title and abstract"),
        ([{"title": ["One"], "abstract": "A."}], "abstracts.jsonl:1: no title and abstract"),
    ],
)
def test_abstracts_that_do_not_fit_are_named(
    abstracts: list[dict[str, Any]], says: str, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    files.write("gold.abstracts.jsonl", *abstracts)
    assert run(["eval", files.gold, files.gold]) == 1
    assert says in only_line(capsys)


UNSOUND: list[tuple[str, Any, str]] = [
    ("hardware", {"kind": "gpu"}, "hardware[0] has no name"),
    ("hardware", {"name": 5}, "hardware[0] has no name"),
    ("baselines", "cuBLAS", "baselines[0] is no object with fields"),
    ("speedups", SPEEDUP | {"low": "2.5"}, 'speedups[0] has "2.5" for low, not a number'),
    ("speedups", SPEEDUP | {"high": None}, "speedups[0] has null for high, not a number"),
    ("speedups", SPEEDUP | {"low": float("nan")}, "speedups[0] has no factor: NaN to 2.5"),
    ("speedups", SPEEDUP | {"low": float("inf")}, "speedups[0] has no factor: Infinity to 2.5"),
    ("speedups", SPEEDUP | {"form": "before_after", "low": 0}, "speedups[0] has no factor: 0 to 2.5"),
    ("speedups", {"quote": "2x"}, "speedups[0] has null for low, not a number"),
    ("caveats", {"quote": ""}, "caveats[0] has no quote"),
]


@pytest.mark.parametrize(("field", "item", "says"), UNSOUND)
def test_an_unsound_predicted_item_is_named_and_counts_as_wrong(
    field: str, item: Any, says: str, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    predicted = files.write("p.jsonl", TWO, record("One", **NOTHING | {field: [item]}))
    assert run(["eval", files.gold, predicted, "--json", "--misses", field]) == 0
    out, err = capsys.readouterr()
    assert err == f"perfclaims: {predicted}:2: {err.partition(':2: ')[2]}"
    assert says in err
    assert json.loads(out)[field]["predicted"] == 1


@pytest.mark.parametrize(("field", "item", "says"), UNSOUND)
def test_an_unsound_annotated_item_is_an_error(
    field: str, item: Any, says: str, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = files.write("gold.jsonl", TWO, record("One", **NOTHING | {field: [item]}))
    assert run(["eval", gold, gold]) == 1
    line = only_line(capsys)
    assert f"gold.jsonl:2: {says}" in line
    assert "correct the annotation" in line


def test_many_unsound_items_are_counted_not_listed(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    predicted = files.write("p.jsonl", TWO, record("One", **NOTHING | {"hardware": [{}] * 1000}))
    assert run(["eval", files.gold, predicted]) == 0
    err = capsys.readouterr().err
    assert err.count("\n") == 6
    assert "995 more items are unsound" in err


def test_of_a_title_that_comes_twice_the_last_record_counts(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    predicted = files.write("p.jsonl", record("One", **NOTHING), TWO, ONE)
    assert run(["eval", files.gold, predicted, "--min", "macro=1"]) == 0
    assert "p.jsonl:3: the same title as line 1, 'One'; the last one counts" in capsys.readouterr().err


def test_records_of_other_papers_are_counted_apart(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    predicted = files.write("p.jsonl", ONE, TWO, record("Three", **ANNOTATED))
    assert run(["eval", files.gold, predicted, "--min", "macro=1"]) == 0
    assert "1 records are of papers that are not annotated and do not count" in capsys.readouterr().err


def test_papers_without_titles_are_joined_by_their_ids(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    untitled = {"id": "p1", "title": ""}
    gold = files.write("gold.jsonl", untitled | ANNOTATED, TWO)
    files.write("gold.abstracts.jsonl", untitled | {"abstract": TEXT}, record("Two", abstract="B."))
    assert run(["eval", gold, gold, "--min", "macro=1"]) == 0
    assert run(["eval", "--engine", "rules", gold]) == 0


def test_an_annotated_caveat_that_is_nowhere_is_told(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    gold = files.write("gold.jsonl", record("One", **NOTHING | {"caveats": [{"quote": "It is slow"}]}), TWO)
    assert run(["eval", gold, gold]) == 0
    assert (
        "gold.jsonl:1: this caveat is not in the abstract and cannot be found: 'It is slow'" in capsys.readouterr().err
    )


def test_what_could_steer_a_terminal_is_made_visible(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = [{"name": "\x1b[2J\ud800\u202e cuBLAS", "kind": "method"}]
    predicted = files.write("p.jsonl", TWO, record("One", **NOTHING | {"hardware": hostile}))
    assert run(["eval", files.gold, predicted, "--misses", "hardware"]) == 0
    assert "  extra  \\x1b[2J\\ud800\\u202e cuBLAS\n" in capsys.readouterr().out


@given(st.binary(max_size=60), st.recursive(st.none() | st.integers() | st.text(max_size=4), st.lists, max_leaves=4))
def test_no_content_brings_anything_but_records_or_a_named_error(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, value: Any
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    for content in (raw, json.dumps({"title": "One", "hardware": value, "speedups": [value]}).encode()):
        path.write_bytes(content)
        with suppress(InputError):
            entries = read_records(str(path), lambda _: None).entries
            assert all(isinstance(entry, Entry) for entry in entries.values())


@given(st.text(max_size=80), st.text(max_size=80), st.data())
def test_a_passage_stands_in_its_sentence_as_it_stands_in_the_text(
    title: str, abstract: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(abstract)))
    end = data.draw(st.integers(start, len(abstract)))
    item = {"quote": abstract[start:end], "span": [start, end]}
    sentence = sentence_of(abstract[start:end], item, title, abstract)
    if sentence is not None:
        text = title if sentence.in_title else abstract
        assert str(sentence) in "".join(" " if c.isspace() else c for c in text)
