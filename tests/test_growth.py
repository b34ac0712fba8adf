import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.commands.app import run
from tests.conftest import ABSTRACT

PAPERS = 300
NOTE = "x" * 400
"""A field that no paper has, so that the lines fill the sample by which a feed is recognised."""
SOON = (  # the command itself, but spread over two processes after a few papers
    "import sys, agent.workers as workers; workers.LARGE, workers.CHUNK, workers._cores = 20, 8, lambda: 2; "
    "from agent.commands.app import main; main(sys.argv[1:])"
)


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.jsonl"
    lines = [{"id": f"p{n}", "title": f"T{n}", "abstract": f"{ABSTRACT} {n}", "note": NOTE} for n in range(PAPERS)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def whole(feed: Path) -> bytes:
    assert run(["batch", str(feed), "--engine", "rules", "-o", str(feed.with_name("whole.jsonl"))]) == 0
    return feed.with_name("whole.jsonl").read_bytes()


class Running:
    """A run on the first two thirds of a feed, which waits for the rest."""

    def __init__(self, feed: Path) -> None:
        self.output = feed.with_name("claims.jsonl")
        self.part = self.output.with_name("claims.jsonl.part")
        command = [sys.executable, "-c", SOON, "batch", "-", "--engine", "rules", "-o", str(self.output)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        lines = feed.read_bytes().splitlines(keepends=True)
        self.rest = b"".join(lines[2 * PAPERS // 3 :])
        assert self.process.stdin is not None
        self.process.stdin.write(b"".join(lines[: 2 * PAPERS // 3]))
        self.process.stdin.flush()
        until(lambda: self.part.exists() and self.part.stat().st_size > 20_000)

    @property
    def workers(self) -> list[int]:
        pid = self.process.pid
        threads = Path(f"/proc/{pid}/task").iterdir()
        return [int(child) for thread in threads for child in (thread / "children").read_text().split()]


def until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the processes in Linux's /proc")


@needs_proc
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_what_it_did_and_no_process_and_can_be_gone_on_with(
    how: signal.Signals, feed: Path, whole: bytes
) -> None:
    running = Running(feed)
    workers = running.workers
    assert len(workers) == 2
    running.process.send_signal(how)
    _, said = running.process.communicate(timeout=60)
    until(lambda: all(map(is_gone, workers)))
    assert b"Traceback" not in said
    if how != signal.SIGKILL:
        assert running.process.returncode == 130
        assert f"they are in {running.part}, and --resume goes on from there" in said.decode()
    assert whole.startswith(running.part.read_bytes())
    assert run(["batch", str(feed), "--engine", "rules", "-o", str(running.output), "--resume"]) == 0
    assert running.output.read_bytes() == whole


@needs_proc
def test_worker_processes_that_are_killed_lose_nothing_and_are_replaced(feed: Path, whole: bytes) -> None:
    running = Running(feed)
    killed = running.workers
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    until(lambda: all(map(is_gone, killed)))
    _, said = running.process.communicate(running.rest, timeout=60)
    assert running.process.returncode == 0
    assert b"Traceback" not in said
    assert running.output.read_bytes() == whole
