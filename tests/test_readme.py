"""The README's examples are run: every `$ perfclaims …` in a console block must give what stands below it."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.commands.app import run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_SECONDS = re.compile(r"in \d+\.\d s")


def examples() -> Iterator[tuple[str, str]]:
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = example.partition("\n")
            yield command, output


EXAMPLES = list(examples())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("readme")
    (place / "tests").symlink_to(ROOT / "tests")
    return place


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_an_example_gives_what_the_readme_shows(
    command: str, output: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    words = shlex.split(command)
    assert words.pop(0) == "perfclaims"
    assert run(words) == 0
    out, err = capsys.readouterr()
    shown, wanted = (_SECONDS.sub("in … s", text) for text in (err + out, output))
    pattern = ".*?".join(re.escape(part) for part in wanted.split("[…]"))
    assert not wanted or re.fullmatch(pattern, shown, re.DOTALL), shown


def test_the_record_that_the_readme_shows_is_the_record(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    shown = re.search(r"\$ perfclaims (summarize [^\n]*)\n```.*?```json\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    assert run(shlex.split(shown[1])) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(shown[2])


def test_the_python_in_the_readme_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(block, {})


def test_the_readme_sets_up_as_ci_does() -> None:
    commands = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    assert "pip install -q . && .venv/bin/perfclaims batch tests/feeds/hf-gpu-papers.txt" in commands[0]
    assert "pip install -q -e '.[dev]' && .venv/bin/python -m pytest" in commands[1]


def test_every_command_has_a_place_in_the_readme() -> None:
    from agent.commands.app import app

    names = [command.name for command in app.registered_commands] + [group.name for group in app.registered_groups]
    for name in names:
        assert f"perfclaims {name}" in README
