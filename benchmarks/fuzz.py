"""Coverage-guided fuzzing of what reads untrusted text: `python -m benchmarks.fuzz NAME --seconds 720 --found FOLDER`.

feeds      bytes of any kind through the feed reader
grounding  a passage and a text through the placer of spans
rules      a text, raw or made of repeated fragments, through all rules and into a record
answers    a model's answer, raw or a mended JSON of any values, through the checks

Needs atheris (`pip install atheris`, Python 3.11 to 3.13). An input is a finding if it raises what it should not, takes
over a second of processor time, or makes the process grow by over 200 MB; no input is over 20,000 characters. A finding
is kept in FOLDER, one for each place in the code, and the search goes on. The exit status is 1 if there are any.
"""

import argparse
import hashlib
import json
import os
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

with atheris.instrument_imports(include=["agent", "schemas"]):
    from agent.errors import InputError, ModelError
    from agent.feeds import read_feed
    from agent.grounding import ground, place
    from agent.model.checks import check_answer
    from agent.papers import LONGEST_ABSTRACT, Paper
    from agent.pasted import paper_from
    from agent.records import compose
    from agent.rules import find_claims
    from agent.workers import by_rules
    from schemas import Provenance

FEEDS = Path(__file__).parents[1] / "tests" / "feeds"
SECONDS, MEGABYTES = 1.0, 200.0
FRAGMENTS = (
    *("up to ", "2.5x ", "10-20% ", "$3.1\\times$ ", "faster than ", "compared to ", "over ", "and ", ", ", "(", ")"),
    *("NVIDIA A100 GPU", " 8 ", "RTX 4090", "TPU v4 ", "80 GB ", "cuBLAS", "FlashAttention-2", "we ", "We propose "),
    *("speedup of ", "from 3 s to 1 s ", "respectively", "orders of magnitude ", "baseline", "state-of-the-art "),
    *("at the cost of ", "however, ", "limited to ", "only ", "reduces latency by ", "improves throughput by "),
    *(
        ". ",
        "-",
        "/",
        "1,",
        "1.",
        "x",
        "\\",
        "{",
        "}",
        "$",
        "~",
        "×",
        "µ",
        "ß",
        "\u200b",
        "\ud800",
        "İ",
        "ﬁ",
        "\n",
        "\t",
    ),
)
NAMES = ("hardware", "baselines", "speedups", "caveats")


class Slow(Exception):
    """An input took too long."""


class Large(Exception):
    """An input took too much memory."""


def feeds(data: bytes) -> None:
    try:
        for entry in read_feed(data, "feed"):
            if isinstance(entry, Paper):
                assert entry.abstract.strip()
                assert len(entry.abstract) <= LONGEST_ABSTRACT
                assert "\n" not in entry.abstract
                entry.abstract.encode()
    except InputError:
        pass


def grounding(data: bytes) -> None:
    given = atheris.FuzzedDataProvider(data)
    passage = _text(given, 300)
    text = _text(given, LONGEST_ABSTRACT)
    if len(text) > 10 and given.ConsumeBool():
        start = given.ConsumeIntInRange(0, len(text) - 1)
        passage = text[start : start + given.ConsumeIntInRange(1, 200)]
    if span := place(passage, text, near=given.ConsumeIntInRange(0, 100)):
        assert 0 <= span[0] < span[1] <= len(text)
    ground(passage, Paper("p", text[:200], text))


def rules(data: bytes) -> None:
    given = atheris.FuzzedDataProvider(data)
    if (paper := _paper(given, LONGEST_ABSTRACT)) is None:
        return
    record = by_rules(paper)
    for item in (*record.hardware, *record.baselines, *record.speedups, *record.caveats):
        assert record.text_of(item)[slice(*item.span)] == item.passage
    assert not record.provenance.dropped, record.provenance.dropped
    json.loads(record.to_json())
    assert "\n" not in record.headline


def answers(data: bytes) -> None:
    given = atheris.FuzzedDataProvider(data)
    if (paper := _paper(given, 2_000)) is None:
        return
    if given.ConsumeBool():
        text = _text(given, LONGEST_ABSTRACT)
    else:
        text = json.dumps({name: [_row(given, paper) for _ in range(given.ConsumeIntInRange(0, 5))] for name in NAMES})
    try:
        checked = check_answer(text, paper)
    except ModelError:
        return
    provenance = Provenance(engine="llm", model="m", prompt="1", dropped=checked.dropped, requests=1)
    record = compose(paper, checked.claims, provenance)
    assert record.provenance.dropped == checked.dropped
    record.to_json().encode()


def _paper(given: Any, longest: int) -> Paper | None:
    try:
        return paper_from(_text(given, 200), _text(given, longest), "fuzz", lambda _: None)
    except InputError:
        return None


def _text(given: Any, longest: int) -> str:
    """Text as it comes, or fragments that are repeated until it is long."""
    if given.ConsumeBool():
        return str(given.ConsumeUnicode(given.ConsumeIntInRange(0, longest)))
    picked = given.ConsumeIntListInRange(given.ConsumeIntInRange(1, 24), 0, len(FRAGMENTS) - 1)
    unit = "".join(FRAGMENTS[number] for number in picked)
    times = int(given.ConsumeIntInRange(1, 400))
    return (unit * times)[:longest]


def _row(given: Any, paper: Paper) -> Any:
    def value() -> Any:
        kind = given.ConsumeIntInRange(0, 6)
        if kind == 0:
            return given.ConsumeInt(16)
        if kind == 1:
            return given.ConsumeFloat()
        if kind == 2:
            return given.ConsumeUnicode(20)
        if kind == 3:
            return given.PickValueInList([None, True, [], {}, 1e308, 10**400, "", "ratio", "up_to", "null", "[" * 50])
        start = given.ConsumeIntInRange(0, len(paper.abstract))
        return paper.abstract[start : start + given.ConsumeIntInRange(0, 120)]

    if given.ConsumeProbability() < 0.1:
        return value()
    fixed = {
        "kind": ["gpu", "method", "generic", "trade_off", "GPU "],
        "role": ["evaluated", "target"],
        "form": ["ratio", "percent_faster", "percent_less_time", "orders_of_magnitude", "before_after"],
        "bound": ["exact", "up_to", "at_least", "about"],
        "metric": ["unspecified", "latency", "throughput"],
    }
    row = {
        name: value() for name in ("name", "quote", "count", "memory_gb", "low", "high", "baseline", "hardware", "more")
    }
    return row | {name: given.PickValueInList(values) for name, values in fixed.items()}


TARGETS: dict[str, Callable[[bytes], None]] = {
    "feeds": feeds,
    "grounding": grounding,
    "rules": rules,
    "answers": answers,
}


def watched(target: Callable[[bytes], None], folder: Path, found: set[str]) -> Callable[[bytes], None]:
    """The target, its findings kept instead of raised."""

    def run(data: bytes) -> None:
        before, began = _megabytes(), time.process_time()
        try:
            target(data)
            if (took := time.process_time() - began) > SECONDS:
                raise Slow(f"{took:.2f} s for {len(data)} bytes")
            if (grown := _megabytes() - before) > MEGABYTES:
                raise Large(f"{grown:.0f} MB for {len(data)} bytes")
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            name = hashlib.sha256(f"{type(error)} {place.filename} {place.lineno}".encode()).hexdigest()[:12]
            if name not in found:
                found.add(name)
                (folder / f"{target.__name__}-{name}").write_bytes(data)
                (folder / f"{target.__name__}-{name}.txt").write_text(traceback.format_exc(), errors="replace")
                sys.stderr.write(f"found {type(error).__name__}: {str(error)[:200]!r} at {place.filename}\n")

    return run


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seeds(folder: Path) -> None:
    """What the search begins with: small feeds of all formats, and abstracts."""
    for path in FEEDS.iterdir():
        data = path.read_bytes()
        (folder / path.name).write_bytes(data[:8_000])
    for number, paper in enumerate(read_feed(FEEDS / "arxiv-snapshot.jsonl")):
        if isinstance(paper, Paper):
            find_claims(paper)
            (folder / f"abstract{number}").write_bytes(b"\xff" + paper.abstract.encode())


def main() -> None:
    """Search until the time is over."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("name", choices=TARGETS)
    options.add_argument("--seconds", type=int, default=720)
    options.add_argument("--found", type=Path, required=True, metavar="FOLDER", help="where findings are kept")
    given = options.parse_args()
    given.found.mkdir(parents=True, exist_ok=True)
    found: set[str] = set()
    ends = time.monotonic() + given.seconds
    with tempfile.TemporaryDirectory() as corpus:
        seeds(Path(corpus))
        run = watched(TARGETS[given.name], given.found, found)
        runs = 0

        def one(data: bytes) -> None:
            nonlocal runs
            runs += 1
            run(data)
            if time.monotonic() > ends:
                print(f"{given.name}: {runs} inputs, {len(found)} findings, {_megabytes():.0f} MB at most", flush=True)
                shutil.rmtree(corpus, ignore_errors=True)
                os._exit(bool(found))  # libFuzzer takes any other way out for a crash

        limits = ["-max_len=20000", "-timeout=120", "-rss_limit_mb=0", "-len_control=20", "-verbosity=0"]
        atheris.Setup([sys.argv[0], corpus, *limits], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
