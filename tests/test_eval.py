"""`perfclaims eval` as a user meets it."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from agent.commands.app import run
from agent.model.answered import Answered
from agent.model.checks import settle
from agent.model.usage import Usage
from agent.papers import Paper

TEXT = "Our kernel is up to 2.5x faster than cuBLAS on eight A100 GPUs. It needs more memory. It wins."
OTHER = "Nothing is claimed here."
SPEEDUP = {"quote": "up to 2.5x faster than cuBLAS", "low": 2.5, "high": 2.5, "form": "ratio", "bound": "up_to"}
SPEEDUP |= {"metric": "unspecified", "baseline": "cuBLAS", "hardware": None}
ANNOTATED: dict[str, list[dict[str, Any]]] = {
    "hardware": [{"name": "A100 GPUs", "kind": "gpu", "count": 8, "memory_gb": None, "role": "evaluated"}],
    "baselines": [{"name": "cuBLAS", "kind": "method"}],
    "speedups": [SPEEDUP],
    "caveats": [{"quote": "It needs more memory", "kind": "trade_off"}],
}
NOTHING: dict[str, list[dict[str, Any]]] = {field: [] for field in ANNOTATED}


def record(title: str, **lists: Any) -> dict[str, Any]:
    return {"id": title.lower(), "title": title, **lists}


class Files:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.gold = self.write("gold.jsonl", record("One", **ANNOTATED), record("Two", **NOTHING))
        self.abstracts = self.write("gold.abstracts.jsonl", record("One", abstract=TEXT), record("Two", abstract=OTHER))

    def write(self, name: str, *records: Any) -> str:
        path = self.folder / name
        path.write_text("".join(json.dumps(each) + "\n" for each in records))
        return str(path)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def only_line(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("perfclaims: ")
    assert "Traceback" not in err
    assert err.count("\n") == 1, err
    return err


def test_a_pipe_gets_an_aligned_table(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    predicted = files.write("p.jsonl", record("One", **ANNOTATED | {"hardware": []}), record("Two", **NOTHING))
    assert run(["eval", files.gold, predicted]) == 0
    out, err = capsys.readouterr()
    head, hardware, *_, last = out.splitlines()
    assert err == ""
    assert "\x1b" not in out
    assert head == "field          P      R     F1  gold  pred  agreement on matched items"
    assert hardware == "hardware   1.000  0.000  0.000     1     0  kind -  count -  memory_gb -  role -"
    assert last.startswith("macro F1 0.750 (95 % ")
    assert last.endswith("records with all speedups right 1.000, verbatim 1.000, 2 records, 0 absent")


def test_a_terminal_gets_colours(
    files: Files, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    predicted = files.write("p.jsonl", record("One", **ANNOTATED | {"hardware": []}))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert run(["eval", files.gold, predicted, "--misses", "hardware"]) == 0
    out = capsys.readouterr().out
    assert "faster than cuBLAS on eight \x1b[1;31mA100 GPUs\x1b[0m." in out
    assert "«" not in out
    assert "macro F1 0.750" in out


def test_json_holds_the_figures(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["eval", files.gold, files.gold, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["macro_f1"] == 1
    assert figures["speedups"]["agree"] == {"bound": 1, "metric": 1, "baseline": 1, "hardware": 1}
    assert "misses" not in figures


def test_misses_stand_in_their_sentence(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = SPEEDUP | {"low": 2, "quote": "up to 2.5x\nfaster"}
    predicted = files.write("p.jsonl", record("One", **ANNOTATED | {"speedups": [wrong]}), record("Two", **NOTHING))
    assert run(["eval", files.gold, predicted, "--misses", "speedups"]) == 0
    shown = capsys.readouterr().out.splitlines()[:5]
    assert shown == [
        "One",
        "  missed  up to 2.5x faster than cuBLAS  [2.5 ratio]",
        "    Our kernel is «up to 2.5x faster than cuBLAS» on eight A100 GPUs.",
        "  extra  up to 2.5x faster  [2 to 2.5 ratio]",
        "    Our kernel is «up to 2.5x faster» than cuBLAS on eight A100 GPUs.",
    ]


def test_a_passage_of_the_title_and_one_of_nowhere_are_told_apart(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    invented = [{"name": "One", "kind": "method"}, {"name": "Invented", "kind": "method"}, {"kind": "method"}]
    predicted = files.write("p.jsonl", record("One", **ANNOTATED | {"baselines": invented}))
    assert run(["eval", files.gold, predicted, "--misses", "baselines", "--misses", "hardware"]) == 0
    out, err = capsys.readouterr()
    assert "  extra  baselines  One\n    title: «One»\n" in out
    assert "  extra  baselines  Invented\n    not in the abstract or the title\n" in out
    assert "  extra  baselines  (no passage)\n" in out
    assert "p.jsonl:1: baselines[2] has no name; it is scored as it stands" in err


def test_misses_are_in_the_json_if_asked_for(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    predicted = files.write("p.jsonl", record("One", **NOTHING), record("Two", **NOTHING))
    assert run(["eval", files.gold, predicted, "--json", "--misses", "caveats"]) == 0
    (paper,) = json.loads(capsys.readouterr().out)["misses"]["caveats"]
    assert (paper["id"], paper["title"]) == ("one", "One")
    assert paper["items"] == [
        {
            "what": "missed",
            "side": "",
            "field": "caveats",
            "passage": "It needs more memory",
            "detail": "",
            "sentence": "It needs more memory.",
        }
    ]


def test_two_predictions_stand_side_by_side(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    one = files.write("a.jsonl", record("One", **ANNOTATED | {"baselines": []}), record("Two", **NOTHING))
    wrong = [{"name": "memory", "kind": "other"}]
    other = files.write("b.jsonl", record("One", **ANNOTATED | {"hardware": wrong}), record("Two", **NOTHING))
    assert run(["eval", files.gold, one, "--against", other]) == 0
    out = capsys.readouterr().out
    assert f"  found only by {one}  hardware  A100 GPUs\n" in out
    assert f"  found only by {other}  baselines  cuBLAS\n" in out
    assert f"  wrong only in {other}  hardware  memory\n    It needs more «memory».\n" in out
    assert out.count("macro F1 0.750") == 2
    assert "hardware +1.0000, baselines -1.0000, speedups +0.0000, caveats +0.0000, macro +0.0000" in out
    assert run(["eval", files.gold, one, "--against", other, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["against"]["hardware"]["f1"] == 0
    assert [item["what"] for item in figures["differences"][0]["items"]] == ["found", "wrong", "found"]


def test_a_prediction_against_itself_shows_no_difference(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["eval", files.gold, files.gold, "--against", files.gold, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["differences"] == []


def test_below_a_minimum_the_exit_status_is_1(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    predicted = files.write("p.jsonl", record("One", **ANNOTATED | {"hardware": []}), record("Two", **NOTHING))
    assert run(["eval", files.gold, predicted, "--min", "hardware=0.9", "--min", "macro=0.75"]) == 1
    out, err = capsys.readouterr()
    assert "macro F1 0.750" in out
    assert err == f"perfclaims: {predicted}: hardware F1 is 0.0000, below the 0.9 asked for\n"
    assert run(["eval", files.gold, predicted, "--min", "caveats=1", "--min", "macro=0.75"]) == 0


@pytest.mark.parametrize("minimum", ["hardware", "hardware=high", "hardware=1.1", "speed=0.9", "macro=nan", "=", ""])
def test_a_minimum_that_makes_no_sense_is_wrong_usage(
    minimum: str, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["eval", files.gold, files.gold, "--min", minimum]) == 2
    assert "needs one of hardware, baselines, speedups, caveats, macro, and an F1" in only_line(capsys)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{gold}", "{gold}", "--misses", "speed"], "--misses speed: needs one of"),
        (["{gold}", "{gold}", "--engine", "rules"], "leave out"),
        (["{gold}", "-", "--against", "-"], "only one"),
    ],
)
def test_options_that_make_no_sense_are_wrong_usage(
    arguments: list[str], says: str, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["eval", *(argument.format(gold=files.gold) for argument in arguments)]) == 2
    assert says in only_line(capsys)


def test_the_engine_answers_the_abstracts_itself(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["eval", "--engine", "rules", files.gold, "--min", "speedups=1"]) == 0
    out, err = capsys.readouterr()
    assert "speedups   1.000  1.000  1.000     1     1" in out
    assert f"structuring the abstracts of {files.abstracts} by rules" in err
    assert "2 records, 2 by rules" in err


def test_an_annotated_file_of_one_paper_is_enough_for_the_engine(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = files.write("small.jsonl", record("One", **ANNOTATED))
    files.write("small.abstracts.jsonl", record("One", abstract=TEXT))
    assert run(["eval", "--engine", "rules", gold, "--min", "speedups=1"]) == 0
    assert "1 records, 1 by rules" in capsys.readouterr().err


def test_an_engine_stands_against_a_file(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    empty = files.write("p.jsonl", record("One", **NOTHING), record("Two", **NOTHING))
    assert run(["eval", "--engine", "rules", files.gold, "--against", empty]) == 0
    assert "  found only by rules  speedups  up to 2.5x faster than cuBLAS" in capsys.readouterr().out


def test_a_model_that_cannot_answer_is_said_to_have_been_replaced(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["eval", "--engine", "llm", "--model", "m", "--offline", files.gold, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["records"] == 2
    assert "by m with prompt v1" in err
    assert "2 fallen back to rules" in err
    assert run(["eval", "--engine", "llm", "--model", "m", "--offline", "--strict", files.gold]) == 1


class Model:
    """Answers "One" with what is annotated less the hardware, and everything else with nothing."""

    down: str | None = None

    def expect(self, key: str) -> None:
        pass

    async def ask(self, paper: Paper, key: str) -> Answered:
        text = json.dumps(ANNOTATED | {"hardware": []} if paper.title == "One" else NOTHING)
        checked = settle([text], paper)
        return Answered(checked.claims, checked.dropped, Usage(1, 100, 10), (text,), is_final=True)

    async def close(self) -> None:
        pass


def test_a_model_is_asked_and_then_scored_by_its_answers_in_the_cache(
    files: Files, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.answering.Service", lambda *_: Model())
    arguments = ["eval", "--engine", "llm", "--model", "m", "--strict", "--json", files.gold]
    assert run(arguments) == 0
    asked = capsys.readouterr()
    assert json.loads(asked.out)["macro_f1"] == 0.75
    assert "2 records, 2 asked" in asked.err
    assert run([*arguments, "--offline"]) == 0
    cached = capsys.readouterr()
    assert cached.out == asked.out
    assert "2 records, 2 from cache" in cached.err


def test_predictions_come_from_standard_input(
    files: Files, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path(files.gold).read_bytes())))
    assert run(["eval", files.gold, "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["macro_f1"] == 1
