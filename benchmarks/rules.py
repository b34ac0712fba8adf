"""The speed of the rules on one core, beside a raw scan of the same text: `python -m benchmarks.rules`.

The scan is one compiled alternation of 63 device names over the same text, which is what a list of words alone would
cost. Hostile texts show that no input makes the rules slow: each is run at two sizes, and twice the text should cost
about twice the time.
"""

import re
import time
from collections.abc import Callable
from functools import partial

from agent.feeds import read_feed
from agent.papers import Paper
from agent.rules import find_claims
from agent.workers import by_rules
from benchmarks.feeds import LISTING

_NAMES = [
    f"{family}{number}" for family in ("RTX ", "A", "H", "V", "GTX ", "MI", "TPU v") for number in range(100, 109)
]
HOSTILE = {
    "1,1,1,…": "1,1,1,",
    "nested parentheses": "((((((",
    "closing parentheses": "a) ) ",
    "one long word": "x",
    "times and times": "2x faster ",
    "than than than": "than A, B and C, ",
    "spaces": " ",
    "up to up to": "up to ",
    "GPU GPU GPU": "GPU ",
    "dots": "1.1.",
    "8 A100 and": "8 NVIDIA A100 GPUs and ",
}


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The shortest of a few runs."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def main() -> None:
    """Print the figures."""
    papers = [entry for entry in read_feed(LISTING) if isinstance(entry, Paper)]
    texts = [paper.abstract for paper in papers]
    scan = re.compile("|".join(map(re.escape, _NAMES)))
    find = seconds(lambda: [find_claims(paper) for paper in papers])
    record = seconds(lambda: [by_rules(paper).to_json() for paper in papers])
    raw = seconds(lambda: [list(scan.finditer(text)) for text in texts])
    size = sum(map(len, texts)) / 1e6
    print(f"rules          {len(papers) / find:8.0f} abstracts/s  {size / find:6.2f} MB/s")
    print(f"rules to JSON  {len(papers) / record:8.0f} abstracts/s  {size / record:6.2f} MB/s")
    print(f"raw scan       {len(papers) / raw:8.0f} abstracts/s  {size / raw:6.2f} MB/s")
    for name, unit in HOSTILE.items():
        short, long = (_hostile(unit, length) for length in (50_000, 100_000))
        times = [seconds(partial(find_claims, paper), 2) for paper in (short, long)]
        print(f"{name:22} 100 KB {times[1]:6.2f} s, {times[1] / times[0]:.2f} x the time of 50 KB")


def _hostile(unit: str, length: int) -> Paper:
    text = (unit * (length // len(unit) + 1))[:length]
    return Paper("hostile", "We propose X", f"We propose X, 2x faster than Y on an A100. {text}")


if __name__ == "__main__":
    main()
