"""How fast the cache opens, finds and keeps, and how large it is: `python -m benchmarks.cache [--million]`.

Each entry has the text of a typical answer and record, about 2.5 KB. Times are wall time.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from agent.cache import Cache, Entry, Parts, cache_check, cache_clear, cache_info, key_of, parts_of
from agent.model.usage import Usage
from agent.papers import Paper

ABSTRACT = "Ours is up to 2.5x faster than cuBLAS on eight NVIDIA A100 GPUs, at the cost of a little accuracy. " * 12
ANSWER = '{"hardware":[{"name":"NVIDIA A100 GPUs","kind":"gpu","count":8,"memory_gb":null,"role":"evaluated"}]}' * 8
TAIL = '{"headline":"up to 2.5x over cuBLAS on 8 NVIDIA A100 GPUs","hardware":["' + "x" * 1500 + '"]}'
BATCH = 10_000


def paper(number: int) -> Paper:
    return Paper(str(number), f"Fast Tiles {number}", ABSTRACT)


def body(number: int) -> dict[str, object]:
    messages = [{"role": "system", "content": "x" * 8000}, {"role": "user", "content": ABSTRACT + str(number)}]
    return {"model": "small-1", "messages": messages, "response_format": {"schema": "y" * 3000}}


def entry() -> Entry:
    return Entry((ANSWER,), Usage(1, 2200, 300), TAIL, "0123456789abcdef", "small-1", time.time())


def rated(what: str, count: int, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(f"  {what:<36}{seconds * 1000:>12.1f} ms{count / seconds:>12,.0f}/s")


def opened(folder: Path, rounds: int = 5) -> float:
    def once() -> float:
        start = time.perf_counter()
        cache = Cache(folder, sys.exit)
        seconds = time.perf_counter() - start
        cache.close()
        return seconds

    return min(once() for _ in range(rounds)) * 1000


def imported() -> float:
    script = "import time; t = time.perf_counter(); import agent.cache; print(time.perf_counter() - t)"
    times = [subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout for _ in range(5)]
    return min(map(float, times)) * 1000


def put(cache: Cache, keys: list[str], parts: Parts, at_once: int) -> None:
    for at in range(0, len(keys), at_once):
        cache.put_many((key, entry(), parts) for key in keys[at : at + at_once])


def measure(folder: Path, count: int, feed: int) -> None:
    keys = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(count)]
    parts: Parts = parts_of(body(0), paper(0), None)
    few = keys[: min(count, BATCH)]
    print(f"{count:,} entries of {len(entry().to_text()):,} characters")
    start = time.perf_counter()
    Cache(folder, sys.exit).close()
    print(f"  {'open, new':<36}{(time.perf_counter() - start) * 1000:>12.1f} ms")
    with Cache(folder, sys.exit) as cache:
        rated("put, one at a time", len(few), lambda: put(cache, few, parts, 1))
        rated("put, 10,000 at a time", count, lambda: put(cache, keys, parts, BATCH))
    print(f"  {'open, existing':<36}{opened(folder):>12.1f} ms")
    with Cache(folder, sys.exit) as cache:
        step = max(1, count // feed)
        rated(f"get {feed}, fresh", feed, lambda: [cache.get(key) for key in keys[::step][:feed]])
        rated("get, found", len(few), lambda: [cache.get(key) for key in few])
        rated("get, not found", len(few), lambda: [cache.get(f"-{key}") for key in few])
        rated("explain a miss, first (reads all)", count, lambda: cache.explain(parts))
    rated("key_of", feed, lambda: [key_of(body(number), paper(number), None) for number in range(feed)])
    rated("info", count, lambda: cache_info(folder))
    rated("check", count, lambda: cache_check(folder))
    print(f"  {'size on disk':<36}{cache_info(folder).bytes / 1e6:>12.1f} MB")
    rated("clear", count, lambda: cache_clear(folder))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--million", action="store_true", help="also with 1,000,000 entries (some 4 GB, minutes)")
    options.add_argument("--feed", type=int, default=203, help="abstracts in a feed (203)")
    given = options.parse_args()
    print(f"import agent.cache: {imported():.0f} ms")
    for count in (10_000, *((1_000_000,) if given.million else ())):
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), count, given.feed)


if __name__ == "__main__":
    main()
