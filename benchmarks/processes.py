"""Running a command and watching what it costs: wall time, processor time, and the memory of all its processes."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Cost:
    """Seconds on the wall, seconds of processor time, and the most megabytes at a time, of a command and its children.

    Memory is the proportional set size (PSS, Linux's /proc/PID/smaps_rollup), so that shared pages count once.
    """

    wall: float
    cpu: float
    megabytes: float
    status: int


def cost_of(command: Sequence[str], **environment: str) -> Cost:
    """Run a command to its end, its output thrown away, and say what it cost."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    child = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | environment
    )
    most = 0.0
    while child.poll() is None:
        most = max(most, _megabytes(child.pid))
        time.sleep(INTERVAL)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, most, child.returncode)


def quick(command: Sequence[str], times: int = 7) -> float:
    """The median wall time of a short command in seconds, after one run that warms the file cache."""
    walls = []
    for _ in range(times + 1):
        began = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        walls.append(time.perf_counter() - began)
    return sorted(walls[1:])[times // 2]


def python(*arguments: str) -> list[str]:
    """A command of this interpreter."""
    return [sys.executable, *arguments]


def _megabytes(pid: int) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        own = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, StopIteration):
        return 0.0
    return own + sum(_megabytes(int(child)) for child in children)
