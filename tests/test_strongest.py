import sys

import pytest

from agent.commands.strongest import SHOWN, Strongest
from agent.outcomes import Outcome


def outcome(factor: float, title: str = "A title") -> Outcome[str]:
    return Outcome("p", title, "", factor=factor, headline=f"up to {factor}x over cuBLAS; at the cost of memory")


def test_a_terminal_sees_the_strongest_claims_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "140")
    table = Strongest()
    for factor in (2.0, 0.0, 9.5, 1200.0, 3.0, 4.0, 5.0):
        table.enter(outcome(factor, f"[bold]Paper[/bold] {factor}\x1b[2J"))
    table.show()
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["1,200x", "9.5x", "5x", "4x", "3x"]
    assert len(lines) == SHOWN + 1
    assert "[bold]Paper[/bold] 1200.0\\x1b[2J" in lines[1]
    assert "up to 1200.0x over cuBLAS" in lines[1]
    assert "at the cost" not in lines[1]


def test_a_pipe_sees_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    table = Strongest()
    table.enter(outcome(2.0))
    table.show()
    assert capsys.readouterr().err == ""
