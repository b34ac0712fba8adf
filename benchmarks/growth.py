"""What a larger feed costs: `python -m benchmarks.growth [rules] [model] [cores] [flight] [--most N]`.

rules   time and memory of 1e3, 1e4, … abstracts by the rules, over all cores
model   the same of 1e2, 1e3, 1e4 by the stand-in at 20 ms an answer, 32 in flight
cores   the rate over all cores beside that of one (the command held to one core), in turn, at 10,000 abstracts
flight  the rate at 32, 128 and 512 in flight as a share of what the latency of 1 s allows, beside plain AsyncOpenAI

Memory is that of all processes together. On a shared machine read the processor time and the ratios within one run.
"""

import argparse
import os
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.feeds import make_feed
from benchmarks.processes import Cost, cost_of, python
from benchmarks.wire import COMPILED, stand_in

LATENCY = 1.0
ROUNDS = 3


def row(what: str, papers: int, cost: Cost) -> None:
    print(
        f"{what:10}{papers:>10,}{cost.wall:10.1f} s wall{cost.cpu:10.1f} s CPU{cost.megabytes:8.0f} MB"
        f"{papers / cost.wall:10,.0f}/s{cost.cpu / papers * 1000:8.2f} ms CPU each",
        flush=True,
    )


def feed_of(folder: Path, papers: int) -> Path:
    path = folder / f"{papers}.jsonl"
    if not path.exists():
        make_feed(path, papers)
    return path


def done(command: list[str]) -> Cost:
    cost = cost_of(command, **COMPILED)
    if cost.status:
        raise RuntimeError(f"{' '.join(command)} ended with status {cost.status}")
    return cost


def by_rules(folder: Path, papers: int) -> list[str]:
    output = folder / "records.jsonl"
    return python("-m", "agent", "batch", str(feed_of(folder, papers)), "--engine", "rules", "-o", str(output))


def by_model(folder: Path, papers: int, address: str, in_flight: int) -> list[str]:
    asked = ["--base-url", f"{address}/v1", "--model", "m", "--no-cache", "--concurrency", str(in_flight)]
    feed = str(feed_of(folder, papers))
    return python("-m", "agent", "batch", feed, "-o", str(folder / "records.jsonl"), *asked)


def rules(folder: Path, most: int) -> None:
    for papers in (10**power for power in range(3, 7)):
        if papers <= most:
            row("rules", papers, done(by_rules(folder, papers)))


def model(folder: Path, most: int) -> None:
    with stand_in("--latency", "0.02") as address:
        for papers in (10**power for power in range(2, 5)):
            if papers <= most:
                row("model", papers, done(by_model(folder, papers, address, 32)))


def cores(folder: Path, most: int) -> None:
    papers = min(10_000, most)
    command = by_rules(folder, papers)
    every = os.sched_getaffinity(0)
    ratios = []
    for _ in range(ROUNDS):
        alone = done(["taskset", "-c", str(min(every)), *command])
        spread = done(command)
        ratios.append(alone.wall / spread.wall)
        row("one core", papers, alone)
        row(f"{len(every)} cores", papers, spread)
    print(f"{statistics.median(ratios):.2f} x the rate of one core (median of {ROUNDS} pairs)")


def flight(folder: Path, most: int) -> None:
    with stand_in("--latency", str(LATENCY)) as address:
        for in_flight in (32, 128, 512):
            papers = min(4 * in_flight, most)
            requests = folder / "requests.jsonl"
            asked = ["--base-url", f"{address}/v1", "--model", "m"]
            done(python("-m", "agent", "requests", str(feed_of(folder, papers)), "-o", str(requests), *asked))
            peer = f"import benchmarks.wire_peers as peers; peers.IN_FLIGHT = {in_flight}; peers.main()"
            for name, command in (
                ("plain", python("-c", peer, "plain", str(requests), f"{address}/v1")),
                ("perfclaims", by_model(folder, papers, address, in_flight)),
            ):
                cost = done(command)
                share = papers / cost.wall / (in_flight / LATENCY)
                print(f"{in_flight:4} in flight, {share:5.0%} of {in_flight / LATENCY:.0f}/s ", end="")
                row(name, papers, cost)


MEASUREMENTS: dict[str, Callable[[Path, int], None]] = {
    "rules": rules,
    "model": model,
    "cores": cores,
    "flight": flight,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    options.add_argument("--most", type=int, default=1_000_000, help="abstracts in the largest feed (1,000,000)")
    given = options.parse_args()
    for name in given.names or MEASUREMENTS:
        with tempfile.TemporaryDirectory() as folder:
            MEASUREMENTS[name](Path(folder), given.most)


if __name__ == "__main__":
    main()
