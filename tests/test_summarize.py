import io
import json
import sys
from pathlib import Path

import pytest
from rich.console import Console

from agent.commands.app import run
from agent.commands.card import card
from agent.door import summarize
from schemas import Record
from tests.conftest import ABSTRACT


@pytest.fixture
def pasted(monkeypatch: pytest.MonkeyPatch) -> "Paste":
    return Paste(monkeypatch)


class Paste:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def __call__(self, text: str | bytes) -> None:
        raw = text.encode() if isinstance(text, str) else text
        self.monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))


def test_a_pasted_abstract_gives_json_in_a_pipe(pasted: Paste, capsys: pytest.CaptureFixture[str]) -> None:
    pasted(ABSTRACT)
    assert run(["summarize"]) == 0
    record = Record.model_validate_json(capsys.readouterr().out)
    assert (record.title, record.abstract) == ("", ABSTRACT)
    assert record.headline == "up to 2.5x over cuBLAS on 8 NVIDIA A100 GPUs; at the cost of more memory"


def test_an_abstract_comes_from_a_file_and_its_title_from_an_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "abstract.txt"
    file.write_text(ABSTRACT.replace(" than ", "\nthan "))
    assert run(["summarize", str(file), "--title", "Quick", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["title"], record["abstract"]) == ("Quick", ABSTRACT)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Quick: Kernels\n\n{ABSTRACT}", "Quick: Kernels"),
        (f"Quick: Kernels\n{ABSTRACT * 3}", "Quick: Kernels"),
        ("We have a short line\nand another short line.", ""),
        (f"{ABSTRACT}\n\n{ABSTRACT}", ""),
    ],
)
def test_a_first_line_that_can_only_be_the_title_is_taken_for_it_and_said_so(
    text: str, title: str, pasted: Paste, capsys: pytest.CaptureFixture[str]
) -> None:
    pasted(text)
    assert run(["summarize"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["title"] == title
    assert ("the first line is taken for the title" in err) == bool(title)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 1_000_000])
def test_what_cannot_be_an_abstract_is_an_error(text: str, pasted: Paste, capsys: pytest.CaptureFixture[str]) -> None:
    pasted(text)
    assert run(["summarize"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "standard input: " in err
    assert "give the text of one abstract" in err


def test_a_byte_that_is_not_utf8_is_named_and_replaced(pasted: Paste, capsys: pytest.CaptureFixture[str]) -> None:
    pasted(b"Caf\xe9 " + ABSTRACT.encode())
    assert run(["summarize"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["abstract"].startswith("Caf\ufffd ")
    assert "the byte 0xE9" in err


def test_explain_names_the_rule_and_the_span_of_each_item(pasted: Paste, capsys: pytest.CaptureFixture[str]) -> None:
    pasted(ABSTRACT)
    assert run(["summarize", "--explain"]) == 0
    start = ABSTRACT.index("NVIDIA A100 GPUs")
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("hardware")]
    assert len(lines) == 1
    assert f"{start}:{start + 16}  NVIDIA A100 GPUs" in lines[0]


def test_the_card_shows_the_claims_and_colours_their_evidence() -> None:
    console = Console(file=io.StringIO(), width=100, force_terminal=True, color_system="standard")
    console.print(card(summarize(ABSTRACT, "Quick kernels", engine="rules")))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "up to 2.5x" in shown
    assert "8 × NVIDIA A100 GPUs, gpu, evaluated" in shown
    assert "36mNVIDIA A100 GPUs" in shown


def test_the_card_shows_steering_characters_and_markup_as_text() -> None:
    console = Console(file=io.StringIO(), width=200)
    console.print(card(summarize(f"[red]\x1b[2J\u202e {ABSTRACT}", "[bold]T[/bold]\x07", engine="rules")))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\x07" not in shown
    assert "[bold]T[/bold]" in shown
    assert "[red]" in shown


def test_a_terminal_gets_the_card(
    pasted: Paste, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pasted(ABSTRACT)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert run(["summarize"]) == 0
    assert "╭" in capsys.readouterr().out
