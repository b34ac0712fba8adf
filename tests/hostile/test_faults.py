"""The fault campaign in short (`python -m benchmarks.faults` is the whole of it)."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agent.feeds import read_feed
from agent.papers import Paper
from benchmarks.faults import COUNTED, ENDS, FEED, HABITS, Case, Found, Stage, drawn, table, undisturbed
from tests.wire.standin import FAULTS

pytestmark = [
    pytest.mark.block_network(allowed_hosts=["127.0.0.1"]),
    pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX"),
]


def test_a_mix_of_all_faults_and_a_kill_at_the_worst_moment_lose_nothing(tmp_path: Path) -> None:
    papers = [entry for entry in read_feed(FEED) if isinstance(entry, Paper)]
    reference = undisturbed(tmp_path / "undisturbed")
    own = tmp_path / "case"
    own.mkdir()
    found = Stage(Case("all", "kill -9", 0.05, 60, ".jsonl", True, 7), own, papers, reference).play()
    assert found.lines == []
    assert found.status == -signal.SIGKILL
    assert found.requests > len(papers)


def test_a_campaign_has_every_fault_and_every_end() -> None:
    cases = list(drawn(len(HABITS) * len(ENDS), seed=0))
    assert {case.faults for case in cases} == {*FAULTS, "none", "all", "changing"}
    assert {case.end for case in cases} == set(ENDS)
    assert len({(case.faults, case.end) for case in cases}) > 2 * max(len(HABITS), len(ENDS))


def test_a_campaign_would_see_what_it_looks_for(tmp_path: Path) -> None:
    papers = [Paper("a", "T", "We win."), Paper("b", "T", "We win.")]
    stage = Stage(Case("none", "kill -9", 0, 1, ".jsonl", True, 0), tmp_path, papers, {})
    line = json.dumps({"id": "b"})
    stage._in_order([line], "run")
    stage._same([line], [line, line], "run")
    stage.service.counts.sent["prompt"] = 19
    stage._count_prompts("run")
    for code in ("raise ValueError", "import time; time.sleep(60)"):
        process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)
        if "raise" in code:
            process.wait()
        stage._judge(process, "run", {0})
    assert stage.found.counts.pop("wrong status") == 2
    assert dict(stage.found.counts) == {"wrong bytes": 2, "over the bound": 1, "tracebacks": 1, "hung": 1}


def test_the_table_has_a_row_for_every_fault_and_end_and_one_for_all() -> None:
    found = Found()
    found.note("records lost", "three of them", 3)
    rows = list(table([(next(drawn(1, 0)), found)]))
    assert len(rows) == 2 + len(HABITS) + len(ENDS) + 1
    assert rows[-1].startswith("| all | 1 | 0 | 3 |")
    assert rows[0].count("|") == rows[-1].count("|") == len(COUNTED) + 4


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_command_loads_ends_it_without_a_traceback(number: int) -> None:
    code = (
        "import os, runpy, signal, sys; sys.argv = ['agent', 'schema'];"
        "sys.addaudithook(lambda event, what: event == 'import' and what[0] == 'agent.commands.app'"
        f" and os.kill(os.getpid(), {number}));"
        "runpy.run_module('agent', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    )
    assert (done.returncode, done.stderr) == (-number, b"")


def test_a_termination_ends_a_run_whose_interrupts_a_script_has_ignored(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    os.mkfifo(feed)
    command = [sys.executable, "-m", "agent", "batch", str(feed), "--engine", "rules"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN) and None,
    )
    with feed.open("wb") as pipe:
        for number in range(3):
            pipe.write(json.dumps({"title": "T", "abstract": f"We win {number}."}).encode() + b"\n")
        pipe.flush()
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.stdout.readline()
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.startswith(b"perfclaims: interrupted: ")
