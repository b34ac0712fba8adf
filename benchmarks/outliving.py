"""Whether a run that is ended leaves processes behind: the rules over all cores, as a large feed has them."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.feeds import make_feed

GRACE = 30.0
"""Seconds that processes may take to end after their run."""


def spread(rounds: int, seed: int, folder: Path, tell: Callable[[str], None]) -> int:
    """The rules over all cores, ended at a random moment: how many processes outlive their run."""
    draw, outliving = random.Random(seed), 0
    make_feed(folder / "feed.jsonl", 20_000)
    for number in range(rounds):
        how = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)[number % 3]
        command = [sys.executable, "-m", "agent", "batch", str(folder / "feed.jsonl"), "--engine", "rules"]
        process = subprocess.Popen(
            [*command, "-o", str(folder / "records.jsonl")],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
        )
        time.sleep(draw.uniform(3, 12))
        process.send_signal(how)
        process.wait(GRACE)
        deadline = time.monotonic() + GRACE
        while (left := _session(process.pid)) and time.monotonic() < deadline:
            time.sleep(0.2)
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        outliving += len(left)
        tell(f"rules over all cores, {how.name}: status {process.returncode}, {len(left)} processes outlive it")
    return outliving


def _session(session: int) -> list[int]:
    """The living processes of a session, by /proc/PID/stat."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, own = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if own == str(session) and state != "Z":
            found.append(int(path.parent.name))
    return found
