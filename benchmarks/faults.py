"""The fault campaign: `python -m benchmarks.faults --runs 50 --seed 0`.

Each case runs `batch` over the annotated half of the feed against a stand-in that has one kind of fault, all of them,
or changes in mid-run, and ends the process at a random moment with a signal, fills its disk, or lets it be. Then:

1. the disturbed run keeps whole records, in the order of the feed, and says in a line what happened, if it could;
2. the same command, faults and all, with `--resume` or from the start, gives every record, each once;
3. so does one more run without faults, and an offline one with the service gone writes the same bytes as that.

What was answered the first time is not paid for again, a model's records are those of an undisturbed run, and no
prompt is sent over its bound. Whatever is not so is counted; every count must be 0. The exit status is 1 if one is not.
Figures in seconds are patience, not measurements: the cases bear a loaded machine.
"""

import argparse
import io
import json
import os
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from agent.exports.frames import PACKINGS, whole_frames
from agent.feeds import read_feed
from agent.model.dialogue import REASKS
from agent.model.transport import TRIES
from agent.papers import Paper
from benchmarks.outliving import spread
from benchmarks.smalldisk import SIZE, disk
from schemas import Placed, Record
from tests.wire.standin import FAULTS, Behaviour, Counts, StandIn, serving_in_thread

FEED = Path(__file__).parents[1] / "tests" / "gold" / "dev.abstracts.jsonl"
BOUND = TRIES * (REASKS + 1)
PATIENCE = 180.0
"""Seconds that a run may take before it counts as hung."""
GRACE = 30.0
"""Seconds that a run may take to end once it was told to."""
ANSWERED_WRONG = ("malformed", "ungrounded", "all", "changing")
"""Faults after which a model is asked again, so that its record counts more requests and may lack an item."""

HABITS: dict[str, tuple[Behaviour, ...]] = {
    "none": (Behaviour(latency=0.05),),
    **{fault: (Behaviour(latency=0.05, faults={fault: 0.25}, retry_after=0.2),) for fault in FAULTS},
    "all": (Behaviour(latency=0.05, faults=dict.fromkeys(FAULTS, 0.05), retry_after=0.2),),
    "changing": (
        Behaviour(latency=0.05),
        Behaviour(latency=0.05, faults=dict.fromkeys(FAULTS, 0.08), retry_after=0.2),
        Behaviour(status=503, retry_after=0.2),
        Behaviour(latency=0.3, faults={"rate_limit": 0.5}, retry_after=0.5),
        Behaviour(latency=0.05),
    ),
}
BACKGROUND = "SIGTERM, background"
ENDS = ("left alone", "kill -9", "SIGTERM", BACKGROUND, "Ctrl-C", "Ctrl-C twice", "file limit", "full disk")
SIGNALS = {
    "kill -9": signal.SIGKILL,
    "SIGTERM": signal.SIGTERM,
    BACKGROUND: signal.SIGTERM,  # as a script's `command &` starts it, with SIGINT ignored
    "Ctrl-C": signal.SIGINT,
    "Ctrl-C twice": signal.SIGINT,
}
STATUSES = {
    "kill -9": {0, -signal.SIGKILL},
    # Before the command has set itself up, a signal ends it as any process.
    "SIGTERM": {0, 130, -signal.SIGTERM},
    BACKGROUND: {0, 130, -signal.SIGTERM},
    "Ctrl-C": {0, 130, -signal.SIGINT},
    "Ctrl-C twice": {0, 130, -signal.SIGINT},
    "file limit": {0, 1},
    "full disk": {0, 1},
    "left alone": {0},
}
COUNTED = (
    "records lost",
    "records twice",
    "wrong bytes",
    "over the bound",
    "tracebacks",
    "hung",
    "wrong status",
    "left behind",
)


@dataclass(frozen=True)
class Case:
    """One case: what the service does, how the run ends, and what it writes.

    It ends `moment` seconds after it started or, if `asked` is not 0, after it sent so many requests.
    """

    faults: str
    end: str
    moment: float
    asked: int
    suffix: str
    resume: bool
    seed: int


@dataclass
class Found:
    """What a case has shown: counts by name, and a line for each that is not zero."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    requests: int = 0
    kept: int = 0
    status: int = 0

    def note(self, what: str, detail: str, count: int = 1) -> None:
        if count:
            self.counts[what] += count
            self.lines.append(f"{what}: {detail}"[:600])


def drawn(runs: int, seed: int) -> Iterator[Case]:
    """The cases: every fault comes up in turn, and so does every end, with what is left drawn from the seed."""
    draw = random.Random(seed)
    for number in range(runs):
        yield Case(
            faults=list(HABITS)[number % len(HABITS)],
            end=ENDS[(number + number // len(HABITS)) % len(ENDS)],
            moment=draw.uniform(0, 3) if number % 4 == 3 else draw.uniform(0, 0.3),
            asked=0 if number % 4 == 3 else draw.randrange(1, 110),
            suffix=draw.choice((".jsonl", ".jsonl", ".jsonl.gz", ".jsonl.zst")),
            resume=draw.random() < 0.7,
            seed=draw.randrange(1 << 30),
        )


class Stage:
    """A folder, a service and the papers: where one case is played."""

    def __init__(self, case: Case, folder: Path, papers: list[Paper], reference: dict[str, str]) -> None:
        self.case, self.folder, self.papers, self.reference = case, folder, papers, reference
        self.found = Found()
        self.habits = tuple(replace(habit, seed=case.seed) for habit in HABITS[case.faults])
        self.service = StandIn(self.habits[0])
        self.disk = folder / "disk"
        self.output = self.disk / f"records{case.suffix}"
        self.part = self.output.with_name(f"{self.output.name}.part")

    def play(self) -> Found:
        """All runs of the case, one after the other."""
        with serving_in_thread(self.service) as url:
            with disk(self.disk, small=self.case.end == "full disk") as grow:
                self._disturbed(url)
                grow()
                self._finished(url)
            clean = self.folder / "clean.jsonl"
            self._behave(HABITS["none"][0])
            self._run(url, clean, "clean run")
        again = self.folder / "offline.jsonl"
        self._run(url, again, "offline run", "--offline")
        self._same(_lines(clean), _lines(again), "offline run")
        self._look_around()
        return self.found

    def _disturbed(self, url: str) -> None:
        limit = SIZE // 2 if self.case.end == "file limit" else None
        process = _start(self._command(url, self.output), limit, background=self.case.end == BACKGROUND)
        deadline, told = time.monotonic() + PATIENCE, 0.0
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
            self._change()
            if self.service.counts.sent.total() >= self.case.asked:
                told = told or time.monotonic() + self.case.moment
            if self.case.end in SIGNALS and told and time.monotonic() > told:
                _tell(process, self.case)
                deadline = min(deadline, time.monotonic() + GRACE)
                told = deadline + 1
        self._judge(process, "disturbed run", STATUSES[self.case.end])
        self.found.status = process.returncode
        self._count_prompts("disturbed run")
        if self.part.exists():
            self._in_order(_lines(self.part), "disturbed run")

    def _change(self) -> None:
        """Go from one behaviour to the next as requests come in; a service that is down is soon back."""
        turn = self.service.counts.sent.total() * len(self.habits) // (2 * len(self.papers))
        self.service.behaviour = self.habits[min(turn, len(self.habits) - 1)]

    def _finished(self, url: str) -> None:
        kept = _lines(self.part)
        self.found.kept = len(kept)
        resume = self.case.resume and self.part.exists()
        self._behave(self.habits[-1])
        self._run(url, self.output, "finishing run", *(["--resume"] if resume else []))
        lines = _lines(self.output)
        ids = [json.loads(line)["id"] for line in lines]
        self.found.note("records lost", "finishing run", len({paper.id for paper in self.papers} - set(ids)))
        self.found.note("records twice", "finishing run", len(ids) - len(set(ids)))
        if ids != [paper.id for paper in self.papers]:
            self.found.note("wrong bytes", "the finishing run is not in the order of the feed")
        if resume:
            self._same(kept, lines[: len(kept)], "what was resumed")
        for line in lines:
            self._believe(line)

    def _believe(self, line: str) -> None:
        """A record is that of an undisturbed run, by the model or by the rules, but for what it cost."""
        record = Record.model_validate_json(line)
        if record.provenance.engine == "llm" and self.case.faults not in ANSWERED_WRONG:
            same = line == self.reference[record.id]
        elif record.provenance.engine == "llm" and not record.provenance.dropped:
            same = _claims(line) == _claims(self.reference[record.id])
        else:
            same = all(record.text_of(item)[slice(*item.span)] == item.passage for item in _items(record))
            same = same and bool(record.provenance.fallback or record.provenance.dropped)
        if not same:
            self.found.note("wrong bytes", f"{record.id} is not as in an undisturbed run: {line[-300:]}")

    def _run(self, url: str, output: Path, name: str, *more: str) -> None:
        process = _start([*self._command(url, output), *more])
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        self._judge(process, name, {0})
        self._count_prompts(name)

    def _command(self, url: str, output: Path) -> list[str]:
        cache = (self.disk if self.case.seed % 2 else self.folder) / "cache"
        asked = ["--base-url", url, "--model", "annotations", "--concurrency", "8", "--timeout", "1"]
        return [sys.executable, "-m", "agent", "batch", str(FEED), "-o", str(output), "--cache", str(cache), *asked]

    def _behave(self, behaviour: Behaviour) -> None:
        self.service.behaviour, self.service.counts = behaviour, Counts()

    def _judge(self, process: "subprocess.Popen[str]", name: str, statuses: set[int]) -> None:
        hung = process.poll() is None
        if hung:
            process.kill()
        _, said = process.communicate()
        self.found.note("hung", f"{name}: {said[-200:]}", hung)
        traced = "Traceback" in said or "Exception ignored" in said
        self.found.note("tracebacks", f"{name}: {said[-900:]}", traced and not _is_pythons_own(said))
        status = process.returncode
        if not hung and status not in statuses:
            self.found.note("wrong status", f"{name}: {status}: {said[-300:]}")
        silent = status in (1, 130) and not said.startswith("perfclaims: ") and self.case.end != "Ctrl-C twice"
        self.found.note("wrong status", f"{name}: status {status} and no word", silent)

    def _count_prompts(self, name: str) -> None:
        sent = self.service.counts.sent
        self.found.requests += sent.total()
        over = [count for count in sent.values() if count > BOUND]
        self.found.note("over the bound", f"{name}: {over}", len(over))

    def _in_order(self, lines: list[str], name: str) -> None:
        ids = [json.loads(line)["id"] for line in lines]
        if ids != [paper.id for paper in self.papers[: len(ids)]]:
            self.found.note("wrong bytes", f"{name}: the .part is not the beginning of the feed")

    def _same(self, ours: list[str], theirs: list[str], name: str) -> None:
        other = sum(a != b for a, b in zip(ours, theirs, strict=False)) + abs(len(ours) - len(theirs))
        self.found.note("wrong bytes", f"{name}: {other} of {len(ours)} lines differ", other)

    def _look_around(self) -> None:
        cache = self.folder / "cache"
        if cache.exists() and stat.S_IMODE(cache.stat().st_mode) != 0o700:
            self.found.note("left behind", "the cache folder is open to others")
        known = {"disk", "cache", "clean.jsonl", "offline.jsonl"}
        for path in self.folder.iterdir():
            self.found.note("left behind", str(path.name), path.name not in known)


def _start(command: list[str], limit: int | None = None, *, background: bool = False) -> "subprocess.Popen[str]":
    def bound() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN if background else signal.SIG_DFL)
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    environ = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "PERFCLAIMS_"))}
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environ, preexec_fn=bound
    )


def _is_pythons_own(said: str) -> bool:
    """Whether an interrupt came before Python had loaded a line of this project, which cannot help it."""
    return said.rstrip().endswith("KeyboardInterrupt") and "agent/" not in said


def _tell(process: "subprocess.Popen[str]", case: Case) -> None:
    process.send_signal(SIGNALS[case.end])
    if case.end == "Ctrl-C twice":
        time.sleep(case.seed % 300 / 1000)
        process.send_signal(SIGNALS[case.end])


def _lines(path: Path) -> list[str]:
    """The whole lines of a file of records, packed or not; none if it is not there."""
    if not path.exists():
        return []
    data = path.read_bytes()
    if packing := next((PACKINGS[suffix] for suffix in PACKINGS if suffix in path.suffixes), None):
        data = b"".join(frame for _, frame in whole_frames(io.BytesIO(data), packing))
    return data[: data.rfind(b"\n") + 1].decode().splitlines()


def _items(record: Record) -> tuple[Placed, ...]:
    return *record.hardware, *record.baselines, *record.speedups, *record.caveats


def _claims(line: str) -> dict[str, Any]:
    """A record without what it cost."""
    return {name: value for name, value in json.loads(line).items() if name != "provenance"}


def undisturbed(folder: Path) -> dict[str, str]:
    """The records of a run that nothing disturbs, by their id."""
    folder.mkdir()
    output = folder / "records.jsonl"
    with serving_in_thread(StandIn(Behaviour())) as url:
        asked = ["--base-url", url, "--model", "annotations", "--cache", str(folder / "cache")]
        command = [sys.executable, "-m", "agent", "batch", str(FEED), "-o", str(output), *asked]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return {json.loads(line)["id"]: line for line in _lines(output)}


def campaign(cases: Iterator[Case], folder: Path, tell: Callable[[str], None]) -> list[tuple[Case, Found]]:
    """Play the cases one after the other; `tell` is given a line for each and for whatever is found."""
    papers = [entry for entry in read_feed(FEED) if isinstance(entry, Paper)]
    reference = undisturbed(folder / "undisturbed")
    played = []
    for number, case in enumerate(cases):
        own = folder / str(number)
        own.mkdir()
        began = time.monotonic()
        found = Stage(case, own, papers, reference).play()
        shutil.rmtree(own)
        played.append((case, found))
        tell(
            f"{number:3} {case.faults:11} {case.end:19} {case.asked:3} + {case.moment:3.1f} s {case.suffix:10} "
            f"status {found.status:3}, {found.kept:3} kept, {found.requests:4} requests, "
            f"{time.monotonic() - began:5.1f} s, {found.counts.total()} found"
        )
        for line in found.lines:
            tell(f"    {line}")
    return played


def table(played: list[tuple[Case, Found]]) -> Iterator[str]:
    """The counts by fault and by end, as Markdown."""
    yield "| | runs | requests | " + " | ".join(COUNTED) + " |"
    yield "|---|" + "---:|" * (len(COUNTED) + 2)
    kinds: list[tuple[str, Callable[[Case], bool]]] = [
        *((f"fault: {fault}", lambda case, fault=fault: case.faults == fault) for fault in HABITS),
        *((f"end: {end}", lambda case, end=end: case.end == end) for end in ENDS),
        ("all", lambda _: True),
    ]
    for name, belongs in kinds:
        own = [found for case, found in played if belongs(case)]
        counts = sum((found.counts for found in own), Counter[str]())
        cells = [len(own), sum(found.requests for found in own), *(counts[what] for what in COUNTED)]
        yield f"| {name} | " + " | ".join(map(str, cells)) + " |"


def main() -> None:
    """Play a campaign and print its table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=50)
    options.add_argument("--spread", type=int, default=6, metavar="ROUNDS", help="rounds of the rules over all cores")
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def tell(line: str) -> None:
            print(line, flush=True)

        outliving = spread(given.spread, given.seed, folder, tell)
        played = campaign(drawn(given.runs, given.seed), folder, tell)
    print(*table(played), sep="\n")
    sys.exit(bool(outliving or sum(found.counts.total() for _, found in played)))


if __name__ == "__main__":
    main()
