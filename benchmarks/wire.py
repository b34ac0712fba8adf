"""The model path under load, beside what a user would write instead: `python -m benchmarks.wire [NAME…]`.

The service is the stand-in of the tests at 0.2 s an answer, the feed the 203 abstracts of the listing, 32 requests
are in flight. Walls on a shared machine spread widely: the figures to read are the ratios within one run.

speed   wall time, processor time and memory of perfclaims, plain openai and Instructor alone, in turn
faults  a mix of all faults: no record lost or written twice, no prompt sent over the bounds, no Retry-After undercut
killed  kill -9 at a random moment: what the same command sends again, and whether its bytes are the same
replay  the feed from a warm cache, beside the bare imports that it cannot do without
"""

import argparse
import json
import random
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from agent.model.dialogue import REASKS
from agent.model.transport import TRIES
from benchmarks.feeds import LISTING
from benchmarks.processes import Cost, cost_of, python
from tests.wire.process import serving

PAPERS = 203
MIX = {
    "rate-limit": 0.10,
    "error": 0.05,
    "reset": 0.03,
    "hang": 0.03,
    "malformed": 0.05,
    "truncate": 0.05,
    "refuse": 0.03,
    "ungrounded": 0.10,
    "html": 0.02,
}
RETRY_AFTER = 1.0
BARE = "import pydantic, diskcache, typer, rich"
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}


@contextmanager
def stand_in(*options: str) -> Iterator[str]:
    with serving("tests.wire.standin", *options) as address:
        yield address


def stats(address: str) -> dict[str, Any]:
    with urlopen(f"{address}/stats") as page:
        return dict(json.load(page))


def reset(address: str) -> None:
    urlopen(Request(f"{address}/reset", method="POST")).close()


def batch(address: str, folder: Path, output: str = "records.jsonl", *more: str) -> list[str]:
    asked = ["--base-url", f"{address}/v1", "--model", "annotations", "--cache", str(folder / "cache")]
    return python("-m", "agent", "batch", str(LISTING), "-o", str(folder / output), *asked, *more)


def speed(folder: Path, rounds: int) -> None:
    requests = folder / "requests.jsonl"
    with stand_in() as address:
        base_url = f"{address}/v1"
        asked = ["--base-url", base_url, "--model", "annotations"]
        subprocess.run(python("-m", "agent", "requests", str(LISTING), "-o", str(requests), *asked), check=True)
        costs: dict[str, list[Cost]] = {"plain openai": [], "instructor": [], "perfclaims": []}
        for turn in range(rounds + 1):  # the first one compiles and fills the file cache
            own = folder / str(turn)
            own.mkdir()
            commands = {
                "plain openai": python("-m", "benchmarks.wire_peers", "plain", str(requests), base_url),
                "instructor": python("-m", "benchmarks.wire_peers", "instructor", str(requests), base_url),
                "perfclaims": batch(address, own),
            }
            for name, command in commands.items():
                cost = cost_of(command, **COMPILED)
                if cost.status:
                    raise RuntimeError(f"{name} ended with status {cost.status}")
                if turn:
                    costs[name].append(cost)
    plain = costs["plain openai"]
    for name, each in costs.items():
        ratios = [mine.wall / its.wall for mine, its in zip(each, plain, strict=True)]
        print(
            f"{name:14} {median(c.wall for c in each):6.2f} s wall, {statistics.median(ratios):5.2f} x plain openai, "
            f"{median(c.cpu for c in each) / PAPERS * 1000:6.1f} s CPU per 1,000, "
            f"{median(c.megabytes for c in each):5.0f} MB"
        )


def faults(folder: Path, rounds: int) -> None:
    options = [f"--{name}={share}" for name, share in MIX.items()]
    for seed in range(rounds):
        own = folder / f"seed{seed}"
        own.mkdir()
        with stand_in(*options, "--seed", str(seed), "--retry-after", str(RETRY_AFTER)) as address:
            cost = cost_of(batch(address, own, "records.jsonl", "--timeout", "2"), **COMPILED)
            seen = stats(address)
        records = lines(own / "records.jsonl")
        ids = [record["id"] for record in records]
        fallen = sum(record["provenance"]["fallback"] is not None for record in records)
        dropped = sum(len(record["provenance"]["dropped"]) for record in records)
        print(
            f"seed {seed}: status {cost.status}, {len(ids)} records, {len(set(ids))} of them different, "
            f"{fallen} by rules, {dropped} items dropped, {seen['requests']} requests, "
            f"{seen['most_for_one_prompt']} at most for one prompt (bound {TRIES * (REASKS + 1)}), shortest wait "
            f"after a 429 {seen['shortest_wait_after_429']:.2f} s (asked {RETRY_AFTER:.0f} s), {cost.wall:.1f} s"
        )
        print(f"        {', '.join(f'{count} {kind}' for kind, count in sorted(seen['kinds'].items()))}")


def killed(folder: Path, rounds: int) -> None:
    with stand_in() as address:
        undisturbed = folder / "undisturbed"
        undisturbed.mkdir()
        cost_of(batch(address, undisturbed), **COMPILED)
        for turn in range(rounds):
            reset(address)
            own = folder / str(turn)
            own.mkdir()
            moment = random.randrange(1, PAPERS - 10)
            process = subprocess.Popen(batch(address, own), stderr=subprocess.DEVNULL)
            while stats(address)["prompts_answered"] < moment and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            process.wait()
            sent = stats(address)["requests"]
            cost_of(batch(address, own), **COMPILED)
            again = stats(address)["requests"] - PAPERS
            same = (own / "records.jsonl").read_bytes() == (undisturbed / "records.jsonl").read_bytes()
            print(f"killed after {sent} requests: {again} answers paid twice, {'the same' if same else 'OTHER'} bytes")


def replay(folder: Path, rounds: int) -> None:
    with stand_in("--latency", "0") as address:
        cost_of(batch(address, folder), **COMPILED)
    commands = {"bare imports": python("-c", BARE), "the feed": batch(address, folder, "again.jsonl")}
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(5 * rounds + 1):
        for name, command in commands.items():
            cost = cost_of(command, **COMPILED)
            if turn:
                costs[name].append(cost)
    bare, whole = (median(cost.wall for cost in each) for each in costs.values())
    cpu = [median(cost.cpu for cost in each) for each in costs.values()]
    print(
        f"{whole:.3f} s wall, {cpu[1]:.3f} s CPU from the cache; bare imports {bare:.3f} s wall, {cpu[0]:.3f} s CPU, "
        f"so the bound on the wall is {1.5 * bare + 0.3:.3f} s"
    )
    same = (folder / "records.jsonl").read_bytes() == (folder / "again.jsonl").read_bytes()
    print(f"{'the same' if same else 'OTHER'} bytes, with the service gone")


def median(values: Iterator[float]) -> float:
    return statistics.median(values)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


MEASUREMENTS: dict[str, Callable[[Path, int], None]] = {
    "speed": speed,
    "faults": faults,
    "killed": killed,
    "replay": replay,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    for name in given.names or MEASUREMENTS:
        print(f"{name}:")
        with tempfile.TemporaryDirectory() as folder:
            MEASUREMENTS[name](Path(folder), given.rounds)


if __name__ == "__main__":
    main()
