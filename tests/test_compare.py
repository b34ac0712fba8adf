"""`perfclaims compare`: two files of records without annotation."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent.commands.app import run
from tests.test_eval import ANNOTATED, NOTHING, OTHER, SPEEDUP, TEXT, Files, only_line, record


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def one(**changed: Any) -> dict[str, Any]:
    return record("One", abstract=TEXT, **ANNOTATED | changed)


TWO = record("Two", abstract=OTHER, **NOTHING)


def compared(capsys: pytest.CaptureFixture[str], left: str, right: str) -> dict[str, Any]:
    assert run(["compare", left, right, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_file_agrees_with_itself(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    left = files.write("a.jsonl", one(), TWO)
    found = compared(capsys, left, left)
    assert found["agreement"] == 1
    assert (found["records"], found["alike"]) == (2, 2)
    assert found["fields"]["speedups"] == {"f1": 1, "both": 1, "only_left": 0, "only_right": 0}


def test_the_agreement_of_a_paper_is_the_mean_of_the_f1_of_its_fields(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    two_devices = [*ANNOTATED["hardware"], {"name": "memory", "kind": "other"}]
    left, right = files.write("a.jsonl", one()), files.write("b.jsonl", one(hardware=two_devices, caveats=[]))
    paper = compared(capsys, left, right)["papers"][0]
    assert [paper[field] for field in ANNOTATED] == [0.6667, 1, 1, 0]
    assert paper["agreement"] == round((2 / 3 + 1 + 1 + 0) / 4, 4)
    assert compared(capsys, right, left)["papers"][0]["agreement"] == paper["agreement"]


def test_the_least_agreeing_paper_comes_first_with_what_differs(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    three = record("Three", abstract="It wins against cuDNN.", **NOTHING | {"baselines": [{"name": "cuDNN"}]})
    left = files.write("a.jsonl", one(), TWO, three)
    right = files.write("b.jsonl", one(speedups=[SPEEDUP | {"metric": "latency"}]), TWO, three | {"baselines": []})
    assert run(["compare", left, right]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == ""
    assert lines[:6] == [
        "0.75  Three",
        f"  only in {left}  baselines  cuDNN",
        "    It wins against «cuDNN».",
        "1.00  One",
        "  differs  speedups  up to 2.5x faster than cuBLAS  [2.5 ratio, metric unspecified against latency]",
        "    Our kernel is «up to 2.5x faster than cuBLAS» on eight A100 GPUs.",
    ]
    assert lines[6].split() == ["field", "F1", "both", "only", left, "only", right]
    assert lines[-1].startswith("agreement 0.917 over 3 papers, 1 of them alike; 0 only in")


def test_optional_marks_of_an_annotated_file_play_no_part(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    left = files.write("a.jsonl", one(baselines=[{"name": "cuBLAS", "optional": True}]))
    right = files.write("b.jsonl", one(baselines=[]))
    assert compared(capsys, left, right)["fields"]["baselines"]["only_left"] == 1


def test_records_without_a_counterpart_are_counted(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    left, right = files.write("a.jsonl", one(), TWO), files.write("b.jsonl", TWO)
    assert run(["compare", left, right]) == 0
    out, err = capsys.readouterr()
    assert f"{left}: 1 records are of papers that the other file does not have" in err
    assert f"1 only in {left}, 0 only in {right}" in out


def test_another_abstract_is_told(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    left, right = files.write("a.jsonl", one()), files.write("b.jsonl", one() | {"abstract": "Revised."})
    assert run(["compare", left, right]) == 0
    assert "1 papers have another abstract in" in capsys.readouterr().err


def test_an_abstract_in_one_of_the_files_is_enough(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    without = files.write("a.jsonl", record("One", **ANNOTATED))
    with_it = files.write("b.jsonl", one())
    assert compared(capsys, without, with_it)["agreement"] == 1
    assert run(["compare", without, without]) == 1
    assert "a.jsonl:1: no abstract, and none in" in only_line(capsys)


def test_files_without_a_common_title_are_named(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", files.write("a.jsonl", one()), files.write("b.jsonl", TWO)]) == 1
    assert "have no title in common" in only_line(capsys)


def test_both_from_standard_input_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "-", "-"]) == 2
    assert "only one of A and B can be standard input" in only_line(capsys)
