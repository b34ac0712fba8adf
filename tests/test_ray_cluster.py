"""Runs on a Ray cluster of two cores on this machine: `pip install 'perfclaims[ray]'`, and a minute or two."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from agent.cluster import ClusterRun, share_of
from agent.commands.app import run
from agent.errors import UsageError
from agent.settings import Settings
from tests.conftest import ABSTRACT, FEED

needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="needs Ray: pip install 'perfclaims[ray]'")
PAPERS = 2_400


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.jsonl"
    lines = [{"id": f"p{n}", "title": f"T{n}", "abstract": f"{ABSTRACT} Run {n}."} for n in range(PAPERS)]
    path.write_text("".join(json.dumps(line) + "\n" for line in (*lines[:7], {"title": "No abstract"}, *lines[7:])))
    return path


def on_ray(feeds: list[Path], folder: Path, *options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "agent", "batch", *map(str, feeds), "--engine", "rules"]
    command += ["-o", str(folder), "--ray", "local", *options]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def tasks_of(pid: int) -> list[int]:
    """The processes under this one that do the tasks of a cluster."""
    found = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (thread / "children").read_text().split()):
            if Path(f"/proc/{child}/cmdline").read_bytes().startswith(b"ray::Map(structured)"):
                found.append(child)
            found += tasks_of(child)
    return found


@needs_ray
def test_the_parts_are_what_one_machine_writes_though_a_process_is_killed(feed: Path, tmp_path: Path) -> None:
    assert run(["batch", str(feed), str(FEED), "--engine", "rules", "-o", str(tmp_path / "one.jsonl")]) == 0
    folder = tmp_path / "parts"
    process = on_ray([feed, FEED], folder)
    killed: list[int] = []
    while process.poll() is None and not killed:
        try:
            killed = tasks_of(process.pid)[:1]
        except OSError:  # a process ended while it was looked at
            killed = []
        time.sleep(0.05)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    _, said = process.communicate(timeout=300)
    assert killed
    assert process.returncode == 0, said
    assert "feed.jsonl:8: no abstract" in said
    assert "2603 records, 2603 by rules, 1 entries skipped" in said
    parts = sorted(folder.iterdir())
    assert [len(part.read_bytes().splitlines()) for part in parts] == [1000, 1000, 400, 203]
    whole = (tmp_path / "one.jsonl").read_bytes()
    assert b"".join(part.read_bytes() for part in parts) == whole

    parts[1].unlink()
    process = on_ray([feed, FEED], folder, "--resume")
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert "1000 records" in said
    assert b"".join(part.read_bytes() for part in sorted(folder.iterdir())) == whole


@pytest.mark.skipif(find_spec("ray") is not None, reason="Ray is installed")
def test_without_ray_its_extra_is_named(feed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["batch", str(feed), "-o", str(tmp_path / "parts"), "--ray", "local"]) == 1
    assert "--ray needs ray; pip install 'perfclaims[ray]'" in capsys.readouterr().err
    assert not (tmp_path / "parts").exists()


def test_tasks_share_what_the_run_may_ask_and_carry_no_key() -> None:
    settings = Settings(engine="llm", api_key="sk-1", concurrency=64, rate="600/min", tokens_per_minute=9_000)
    share = share_of(settings, 4)
    assert (share.concurrency, share.requests_per_second, share.tokens_per_minute) == (16, 2.5, 2_250)
    assert share.api_key is None


@pytest.mark.parametrize(
    ("feeds", "settings", "says"),
    [
        (["-"], Settings(), "--ray reads files"),
        (["a"], Settings(max_requests=5), "--max-requests and --max-tokens-total count in one process"),
    ],
)
def test_what_cannot_be_done_on_many_machines_is_wrong_usage(
    feeds: list[str], settings: Settings, says: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=says):
        ClusterRun(feeds, tmp_path / "parts", settings, "local")


def test_the_output_is_a_folder(feed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert run(["batch", str(feed), "-o", str(tmp_path / "file"), "--ray", "local"]) == 2
    assert "is a file; with --ray the output is a folder of parts" in capsys.readouterr().err
    assert run(["batch", str(feed), "--ray", "local"]) == 2
    assert "name it with -o" in capsys.readouterr().err
