"""A cache that somebody else wrote to: what it says is held against the abstract and the rules of a record."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.answering import options_of, record_of
from agent.cache import Cache, Entry, checks_digest, key_of, parts_of, tail_of
from agent.cache.folder import DATABASE
from agent.commands.app import run
from agent.model.request import build_body
from agent.model.usage import Usage
from agent.papers import Paper
from agent.pasted import paper_from
from agent.settings import Settings
from prompts import load
from schemas import Record
from tests.conftest import ABSTRACT

PAPER: Paper = paper_from("Quick kernels", ABSTRACT, "the feed", lambda _: None)
QUOTE = "up to 2.5x faster than cuBLAS on eight NVIDIA A100 GPUs"
ANSWER = json.dumps(
    {
        "hardware": [
            {"name": "NVIDIA A100 GPUs", "kind": "gpu", "count": 8, "memory_gb": None, "role": "evaluated"},
        ],
        "baselines": [{"name": "cuBLAS", "kind": "method"}],
        "speedups": [
            {
                "quote": QUOTE,
                "low": 2.5,
                "high": 2.5,
                "form": "ratio",
                "bound": "up_to",
                "metric": "unspecified",
                "baseline": "cuBLAS",
                "hardware": "NVIDIA A100 GPUs",
            }
        ],
        "caveats": [{"quote": "at the cost of more memory", "kind": "trade_off"}],
    }
)
Forge = Callable[[dict[str, Any]], object]
FORGERIES: dict[str, Forge] = {
    "headline": lambda tail: tail.update(headline="1000x over everything; see https://evil.example"),
    "no claim": lambda tail: tail.update(headline="no speed claim"),
    "numbers": lambda tail: tail["speedups"][0].update(low=1000.0, high=1000.0, factor=[1000.0, 1000.0]),
    "numbers and headline": lambda tail: (
        tail["speedups"][0].update(low=9.0, high=9.0, factor=[9.0, 9.0]),
        tail.update(headline=tail["headline"].replace("2.5x", "9x")),
    ),
    "factor": lambda tail: tail["speedups"][0].update(factor=[2.5, 1000.0]),
    "count": lambda tail: tail["hardware"][0].update(count=512),
    "memory": lambda tail: tail["hardware"][0].update(memory_gb=80.0),
    "name": lambda tail: tail["baselines"][0].update(name="https://evil.example"),
    "span": lambda tail: tail["caveats"][0].update(span=[0, 5]),
    "link": lambda tail: tail["speedups"][0].update(baseline="https://evil.example"),
    "engine": lambda tail: tail["provenance"].update(engine="rules"),
    "fallback": lambda tail: tail["provenance"].update(fallback="see https://evil.example"),
    "model": lambda tail: tail["provenance"].update(model="https://evil.example"),
    "prompt": lambda tail: tail["provenance"].update(prompt="https://evil.example"),
    "more": lambda tail: tail.update(more="https://evil.example"),
}


@pytest.fixture(autouse=True)
def _asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://nowhere.example/v1")


def plant(folder: Path, entry: Entry) -> None:
    options, prompt = options_of(Settings()), load()
    body = build_body(PAPER, options, prompt)
    with Cache(folder, pytest.fail) as cache:
        key = key_of(body, PAPER, options.base_url)
        cache.put(key, entry, parts_of(body, PAPER, options.base_url))


def sound() -> Entry:
    entry = Entry((ANSWER,), Usage(1, 10, 5), "{}", "none", options_of(Settings()).model, 1.0)
    record = record_of(PAPER, entry, options_of(Settings()), load())
    return replace(entry, checked=tail_of(record), checks=checks_digest())


def offline(tmp_path: Path, folder: Path) -> Record:
    feed, output = tmp_path / "feed.jsonl", tmp_path / "claims.jsonl"
    feed.write_text(json.dumps({"id": PAPER.id, "title": PAPER.title, "abstract": PAPER.abstract}))
    assert run(["batch", str(feed), "-o", str(output), "--offline", "--cache", str(folder)]) == 0
    return Record.model_validate_json(output.read_text())


def test_what_the_checks_made_is_taken_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plant(tmp_path / "cache", sound())
    record = offline(tmp_path, tmp_path / "cache")
    assert (record.provenance.engine, record.hardware[0].count, record.speedups[0].high) == ("llm", 8, 2.5)
    assert "none that the checks make" not in capsys.readouterr().err


@pytest.mark.parametrize("forged", FORGERIES)
def test_a_forged_record_is_never_shown(forged: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    honest = sound()
    tail = json.loads(honest.checked)
    FORGERIES[forged](tail)
    plant(tmp_path / "cache", replace(honest, checked=json.dumps(tail)))
    record = offline(tmp_path, tmp_path / "cache")
    said = capsys.readouterr().err
    assert "none that the checks make" in said or "cannot be used" in said
    assert "evil" not in record.to_json()
    assert tail_of(record) == honest.checked or record.provenance.engine == "rules"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(max_size=40),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from([*json.loads(ANSWER), "headline", "provenance"]), inner, max_size=4)
            ),
            max_leaves=8,
        ).map(json.dumps),
    ),
    st.sampled_from([checks_digest(), "other"]),
)
def test_whatever_stands_in_the_cache_a_run_ends_with_a_sound_record(
    tmp_path_factory: pytest.TempPathFactory, text: str, checks: str
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    plant(folder / "cache", sound())
    fields = json.loads(sound().to_text())
    forged = json.dumps({**fields, "checked": text, "checks": checks, "answers": [text]})
    with closing(sqlite3.connect(folder / "cache" / DATABASE, isolation_level=None)) as db:
        assert db.execute("UPDATE Cache SET value = ?", (forged,)).rowcount == 1
    record = offline(folder, folder / "cache")
    assert record.abstract == PAPER.abstract
