import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.cache import cache_info
from agent.commands.app import run
from agent.model.gate import FAILURES
from tests.wire.standin import Behaviour, standing_in
from tests.wire.tapes import ANNOTATED

pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])

Command = Callable[..., list[str]]
PAPERS = 12


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """The command line of a run about the first annotated abstracts, its records in records.jsonl."""
    feed = tmp_path / "feed.jsonl"
    feed.write_text("".join(ANNOTATED.read_text(encoding="utf-8").splitlines(keepends=True)[:PAPERS]))

    def made(url: str, *options: str) -> list[str]:
        output = str(tmp_path / "records.jsonl")
        return ["batch", str(feed), "-o", output, "--base-url", url, "--model", "annotations", *options]

    return made


@pytest.fixture
def records(tmp_path: Path) -> Callable[[], list[dict[str, Any]]]:
    """Reads what the command wrote."""
    return lambda: [json.loads(line) for line in (tmp_path / "records.jsonl").read_text().splitlines()]


def only_line(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        (401, "invalid_api_key", "set OPENAI_API_KEY"),
        (404, "model_not_found", "knows no model 'annotations'"),
        (429, "insufficient_quota", "the quota of this key is spent"),
    ],
)
def test_a_service_that_refuses_all_stops_the_run_with_one_line_and_keeps_what_has_arrived(
    status: int, code: str, says: str, command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with standing_in(Behaviour(status=status, code=code, after=5)) as (url, counts):
        assert run(command(url, "--concurrency", "1")) == 1
    assert says in only_line(capsys)
    assert counts.sent.total() == 6
    assert cache_info(tmp_path / "cache").entries == 5


def test_a_strict_run_writes_what_was_answered_and_names_what_was_not(
    command: Command, records: Callable[[], list[dict[str, Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    with standing_in(Behaviour(script=("ok", "refuse", "ok", "truncate"))) as (url, _):
        assert run(command(url, "--concurrency", "1", "--strict")) == 3
    assert len(records()) == PAPERS - 2
    assert {record["provenance"]["engine"] for record in records()} == {"llm"}
    err = capsys.readouterr().err
    assert err.count("the model refused") == err.count("the answer was cut off") == 1
    assert "2 failed" in err


def test_a_service_that_is_down_is_noticed_once_and_the_rest_goes_to_the_rules(
    command: Command, records: Callable[[], list[dict[str, Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command("http://127.0.0.1:9/v1")) == 0
    assert {record["provenance"]["engine"] for record in records()} == {"rules"}
    assert all("the service is down" in record["provenance"]["fallback"] for record in records())
    assert len(records()) == PAPERS
    assert capsys.readouterr().err.count("the service is down") == 1


def test_a_service_that_falls_silent_is_asked_a_few_times_and_no_more(command: Command) -> None:
    with standing_in(Behaviour(status=503, after=4)) as (url, counts):
        assert run(command(url, "--concurrency", "2")) == 0
    assert 4 < counts.sent.total() <= 4 + 2 * FAILURES + 2


def test_a_replay_from_the_cache_writes_the_same_bytes_and_asks_nobody(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "records.jsonl"
    with standing_in(Behaviour(script=("malformed", "ungrounded"))) as (url, counts):
        assert run(command(url)) == 0
        live, sent = output.read_bytes(), counts.sent.total()
        assert run(command(url, "--concurrency", "3", "--timeout", "7")) == 0
        assert counts.sent.total() == sent > PAPERS
    assert run(command(url, "--offline", "--strict")) == 0
    assert output.read_bytes() == live
    assert f"{PAPERS} from cache" in capsys.readouterr().err


def test_offline_what_is_not_in_the_cache_falls_to_rules_or_fails_and_the_miss_is_explained(
    command: Command, records: Callable[[], list[dict[str, Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    with standing_in() as (url, counts):
        assert run(command(url)) == 0
        changed = command(url, "--offline", "--temperature", "0.5", "--explain-misses")
        assert run(changed) == 0
        assert {record["provenance"]["fallback"] for record in records()} == {"not in the cache"}
        assert run([*changed, "--strict"]) == 3
        assert counts.sent.total() == PAPERS
    err = capsys.readouterr().err
    assert err.count("differs from the entry of") == 2 * PAPERS
    assert 'in sampling ({}, now {"temperature":0.5})' in err


def test_a_dry_run_says_what_a_run_would_send_and_sends_nothing(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with standing_in() as (url, counts):
        assert run(command(url, "--dry-run", "--price-in", "1000000")) == 0
        assert counts.sent.total() == 0
        said = capsys.readouterr().err
        assert f"{PAPERS} records, 0 from cache, {PAPERS} requests, about " in said
        tokens = int(said.split("about ")[1].split(" tokens")[0].replace(",", ""))
        assert f", {tokens}.0000 for them" in said
        assert run(command(url)) == 0
        assert run(command(url, "--dry-run")) == 0
        assert f"{PAPERS} from cache, 0 requests, about 0 tokens" in capsys.readouterr().err
        assert counts.sent.total() == PAPERS


def test_a_bound_on_requests_is_kept_and_the_rest_goes_to_the_rules(
    command: Command, records: Callable[[], list[dict[str, Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    with standing_in() as (url, counts):
        assert run(command(url, "--max-requests", "5")) == 0
        assert counts.sent.total() == 5
    fallbacks = [record["provenance"]["fallback"] for record in records()]
    assert fallbacks.count(None) == 5
    assert fallbacks.count("the bound of 5 requests is reached (--max-requests)") == PAPERS - 5
    assert f"{PAPERS - 5} fallen back to rules" in capsys.readouterr().err


def test_a_bound_on_tokens_stops_the_asking(command: Command) -> None:
    with standing_in() as (url, counts):
        assert run(command(url, "--max-tokens-total", "5000", "--concurrency", "1")) == 0
        assert 1 <= counts.sent.total() < 5


def test_the_closing_line_counts_and_costs_what_the_run_did(
    command: Command, records: Callable[[], list[dict[str, Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    with standing_in(Behaviour(script=("malformed", "ok", "refuse"))) as (url, _):
        prices = ["--price-in", "1000000", "--price-out", "0"]
        assert run(command(url, "--concurrency", "1", *prices)) == 0
    tokens = sum(record["provenance"]["input_tokens"] for record in records())
    said = capsys.readouterr().err
    assert f"{PAPERS} records, {PAPERS} asked, 1 re-asks, 1 fallen back to rules, {tokens:,} tokens in" in said
    assert f"cost {tokens}.0000" in said


def test_no_more_requests_are_in_flight_than_were_allowed(command: Command) -> None:
    with standing_in(Behaviour(latency=0.01)) as (url, counts):
        assert run(command(url, "--concurrency", "3")) == 0
    assert counts.most_in_flight == 3


def test_the_same_paper_twice_is_asked_about_once(command: Command, tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text(feed.read_text() * 2)
    with standing_in(Behaviour(latency=0.01)) as (url, counts):
        assert run(command(url)) == 0
    assert counts.sent.total() == PAPERS
    written = (tmp_path / "records.jsonl").read_text().splitlines()
    assert written[:PAPERS] == written[PAPERS:]


def test_an_interrupted_run_keeps_what_had_arrived_and_the_next_sends_only_the_rest(
    command: Command, tmp_path: Path, records: Callable[[], list[dict[str, Any]]]
) -> None:
    script = ("ok",) * 5 + ("hang",) * 2
    with standing_in(Behaviour(script=script)) as (url, counts):
        arguments = command(url, "--concurrency", "2", "--cache", str(tmp_path / "cache"))
        process = subprocess.Popen([sys.executable, "-m", "agent", *arguments], stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 30
        while counts.sent.total() < 7 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        assert process.returncode == 130
        assert "interrupted" in err
        assert "Traceback" not in err
        assert not (tmp_path / "records.jsonl").exists()
        assert cache_info(tmp_path / "cache").entries == 5
        assert run(arguments) == 0
        assert counts.sent.total() == 7 + PAPERS - 5
    assert len(records()) == PAPERS


def test_a_replay_loads_neither_client_nor_instructor_nor_retrier_nor_rules(command: Command, tmp_path: Path) -> None:
    with standing_in() as (url, _):
        assert run(command(url, "--cache", str(tmp_path / "cache"))) == 0
    arguments = command(url, "--cache", str(tmp_path / "cache"), "--offline")
    heavy = {"openai", "instructor", "tenacity", "httpx2", "agent.rules", "rich"}
    code = f"import sys; from agent.commands.app import run; print(run({arguments}), {heavy} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0 set()\n"
    assert f"{PAPERS} from cache" in done.stderr
