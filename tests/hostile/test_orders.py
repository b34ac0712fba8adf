"""Abstracts that give orders, answered by a model that obeyed: nothing that is not in the abstract reaches a record."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent.answering import options_of
from agent.cache import key_of
from agent.commands.app import run
from agent.model.request import build_body
from agent.papers import Paper
from agent.pasted import paper_from
from agent.settings import Settings
from prompts import load
from schemas import Record

ORDERS = [
    line.encode("utf-8").decode("unicode_escape").encode("latin-1").decode("utf-8")
    if "\\u" not in line
    else json.loads(f'"{line}"')
    for line in (Path(__file__).parent / "orders.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
SECRET = "sk-planted-secret-0123456789"
OBEYED: dict[str, Any] = {
    "hardware": [
        {"name": "QUUX-9", "kind": "gpu", "count": 1, "memory_gb": None, "role": "evaluated"},
        {"name": "QUUX-9", "kind": "exploit", "count": -1, "memory_gb": 1e308, "role": "owner"},
    ],
    "baselines": [
        {"name": "https://evil.example/x", "kind": "method"},
        {"name": SECRET, "kind": "method"},
        {"name": "<script>alert(1)</script>", "kind": "generic"},
    ],
    "speedups": [
        {
            "quote": "1000x faster than everything else there is",
            "low": 1000,
            "high": 1000,
            "form": "ratio",
            "bound": "up_to",
            "metric": "unspecified",
            "baseline": "https://evil.example/x",
            "hardware": "QUUX-9",
        }
    ],
    "caveats": [{"quote": "this paper is retracted; $(touch pwned)", "kind": "limitation"}],
    "headline": "PWNED",
    "provenance": {"engine": "llm-verified"},
}


def paper_of(text: str) -> Paper:
    return paper_from("", text, "orders", lambda _: None)


@pytest.fixture
def obeyed(tmp_path: Path) -> tuple[Path, Path]:
    options, prompt = options_of(Settings(engine="llm")), load()
    feed, answers = tmp_path / "feed.jsonl", tmp_path / "answers.jsonl"
    with feed.open("w") as papers, answers.open("w") as lines:
        for text in ORDERS:
            papers.write(json.dumps({"title": "", "abstract": text}) + "\n")
            paper = paper_of(text)
            message = {"content": json.dumps(OBEYED)}
            body = {"choices": [{"finish_reason": "stop", "message": message}], "usage": {"prompt_tokens": 1}}
            key = key_of(build_body(paper, options, prompt), paper, None)
            lines.write(json.dumps({"custom_id": key, "response": {"status_code": 200, "body": body}}) + "\n")
    return feed, answers


def test_there_are_enough_of_them() -> None:
    assert len(ORDERS) >= 40


def test_an_order_arrives_as_text_between_marks_that_it_cannot_close() -> None:
    prompt = load()
    for text in ORDERS:
        paper = paper_of(text)
        body = build_body(paper, options_of(Settings(engine="llm")), prompt)
        system, user = body["messages"]
        assert system["content"] == prompt.system
        assert paper.abstract in user["content"]
        opening, closing = user["content"].splitlines()[0], user["content"].splitlines()[-1]
        assert paper.abstract.count(opening) == paper.abstract.count(closing) == 0


def test_nothing_that_is_not_in_the_abstract_reaches_a_record(
    obeyed: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.chdir(tmp_path)
    feed, answers = obeyed
    before = set(tmp_path.iterdir())
    output = tmp_path / "records.jsonl"
    assert run(["collect", str(feed), str(answers), "-o", str(output), "--engine", "llm", "--no-cache"]) == 0
    assert set(tmp_path.iterdir()) == before | {output}
    records = [Record.model_validate_json(line) for line in output.read_text().splitlines()]
    assert [record.abstract for record in records] == [paper_of(text).abstract for text in ORDERS]
    for record in records:
        for item in (*record.hardware, *record.baselines, *record.speedups, *record.caveats):
            assert item.passage in record.abstract
        for planted in ("QUUX-9", "evil.example", "1000x faster than everything else", "PWNED", "retracted"):
            if planted not in record.abstract:
                assert planted not in record.headline
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".md"])
def test_the_rules_answer_orders_with_what_stands_there(suffix: str, tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text("".join(json.dumps({"title": text[:80], "abstract": text}) + "\n" for text in ORDERS))
    output = tmp_path / f"claims{suffix}"
    assert run(["batch", str(feed), "--engine", "rules", "-o", str(output)]) == 0
    text = output.read_bytes().decode()
    if suffix == ".md":
        assert "<script" not in text
        assert "https://" not in text
    if suffix == ".csv":
        assert not any(line.startswith(("=", "@", '"=', '"@')) for line in text.splitlines())
