import json
import re
from pathlib import Path

import pytest

from agent.commands.app import run
from schemas import Record
from tests.wire.standin import SECRETS, Behaviour, standing_in
from tests.wire.tape import CASSETTES, recording, replaying, unplayed
from tests.wire.tapes import ANNOTATED, ANNOTATIONS, FAULTY, INVENTED, LOCAL, TAPES, Tape

KEY = "sk-planted-0123456789abcdefghij"
SECRET = re.compile(
    r"\bsk-[\w-]{8}|\bBearer\b|authorization|api[-_]key|cookie|organization|\borg-|req[-_]planted|x-request-id|"
    r"127\.0\.0\.1|localhost|https?://(?!cassette)|/home/|/tmp/|/root/|/usr/",
    re.IGNORECASE,
)


def replayed(tape: Tape, folder: Path, *more: str) -> list[Record]:
    """The records that a tape's command writes with the cassette alone for a service."""
    with replaying(tape.path) as cassette:
        status = run([*tape.command("http://elsewhere.example/v1", folder), *more])
        assert (status, unplayed(cassette)) == (0, [])
    return [Record.model_validate_json(line) for line in (folder / "records.jsonl").read_text().splitlines()]


def stands_verbatim(record: Record) -> bool:
    items = (*record.hardware, *record.baselines, *record.speedups, *record.caveats)
    return all(record.text_of(item)[slice(*item.span)] == item.passage for item in items)


def answers_of(path: Path) -> list[dict[str, object]]:
    return [exchange.get("body", {}) for exchange in json.loads(path.read_text())["exchanges"]]


def test_the_whole_annotated_half_is_replayed_offline_and_says_what_was_annotated(tmp_path: Path) -> None:
    records = replayed(ANNOTATIONS, tmp_path)
    gold = [json.loads(line) for line in (ANNOTATED.parent / "dev.jsonl").read_text().splitlines()]
    assert [record.id for record in records] == [row["id"] for row in gold]
    for record, row in zip(records, gold, strict=True):
        assert (record.provenance.engine, record.provenance.requests, record.provenance.dropped) == ("llm", 1, ())
        assert stands_verbatim(record)
        for field in ("hardware", "baselines", "speedups", "caveats"):
            passages = [item.get("name", item.get("quote")) for item in row[field]]
            assert [item.passage.removesuffix("s") for item in getattr(record, field)] == [
                passage.removesuffix("s") for passage in passages
            ]


def test_every_fault_on_the_wire_is_survived_or_said(tmp_path: Path) -> None:
    records = replayed(FAULTY, tmp_path)
    asked = [(record.provenance.engine, record.provenance.requests) for record in records]
    assert asked == [
        ("llm", 3),  # a name that stands nowhere, asked again in vain: the rest is kept
        *[("llm", 1)] * 3,  # 429, 500 and a page of HTML, each sent again
        *[("llm", 2)] * 2,  # a name that stands nowhere and broken JSON, each asked again
        ("rules", 3),
        *[("rules", 1)] * 3,
    ]
    assert records[0].provenance.dropped[0].passage.startswith("Quux 9000")
    reasons = [record.provenance.fallback or "" for record in records[6:]]
    assert reasons[0].startswith("the JSON is broken at character")
    assert reasons[1].startswith("the answer was cut off after")
    assert reasons[2] == "the model refused: I can't help with that."
    assert reasons[3] == "the content filter of the service stopped the answer"
    assert all(map(stands_verbatim, records))


def test_what_a_weak_model_says_is_checked_asked_again_and_never_believed(tmp_path: Path) -> None:
    records = replayed(LOCAL, tmp_path)
    assert len(records) == len(INVENTED.read_text().splitlines())
    assert all(map(stands_verbatim, records))
    assert max(record.provenance.requests for record in records) == 3
    for record in records:
        assert record.provenance.requests >= 1
        assert record.provenance.fallback or record.provenance.engine == "llm"


def test_no_cassette_is_an_orphan() -> None:
    assert {path.name for path in CASSETTES.iterdir()} == {tape.path.name for tape in TAPES} | {"README.md"}


def test_no_cassette_is_large() -> None:
    assert sum(path.stat().st_size for path in CASSETTES.iterdir()) < 1_000_000


@pytest.mark.parametrize("tape", TAPES, ids=lambda tape: tape.name)
def test_no_cassette_holds_a_secret_or_names_a_machine(tape: Tape) -> None:
    wire = json.loads(tape.path.read_text())
    for exchange in wire["exchanges"]:
        del exchange["messages"][0]  # the abstract, which may hold an address
    assert SECRET.findall(json.dumps(wire)) == []


@pytest.mark.parametrize("tape", [ANNOTATIONS, FAULTY], ids=lambda tape: tape.name)
def test_annotations_are_named_as_such(tape: Tape) -> None:
    wire = json.loads(tape.path.read_text())
    assert "not the output of a model" in wire["about"]
    assert {answer["model"] for answer in answers_of(tape.path) if "model" in answer} == {"annotations"}


@pytest.mark.block_network(allowed_hosts=["127.0.0.1"])
def test_a_recording_leaves_out_key_cookie_organisation_and_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-planted")
    tape = Tape("planted", "", INVENTED, "annotations", behaviour=Behaviour())
    path = tmp_path / "planted.json"
    with standing_in() as (url, _), recording(path, "planted"):
        assert run(tape.command(url, tmp_path)) == 0
    written = path.read_text()
    assert len(json.loads(written)["exchanges"]) == len(INVENTED.read_text().splitlines())
    for secret in (KEY, *SECRETS, *SECRETS.values(), url):
        assert secret not in written
    assert SECRET.findall(written) == []


@pytest.mark.parametrize(
    "secret", [KEY, f"Bearer {KEY}", "org-0123", "http://10.0.0.1/v1", "127.0.0.1:80", "Set-Cookie: a", "/home/me"]
)
def test_a_planted_secret_is_found(secret: str) -> None:
    assert SECRET.search(json.dumps({"headers": {"x": secret}}))


def test_an_exchange_that_nobody_asks_for_is_noticed(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    with replaying(FAULTY.path) as cassette:
        command = FAULTY.command("http://elsewhere.example/v1", tmp_path)
        feed.write_text("".join(feed.read_text().splitlines(keepends=True)[:-1]))
        assert run(command) == 0
        assert len(unplayed(cassette)) == 1


def test_a_request_with_another_body_is_not_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with replaying(FAULTY.path) as cassette:
        command = FAULTY.command("http://elsewhere.example/v1", tmp_path)
        assert run([*command, "--temperature", "1", "--strict"]) == 3
        assert cassette.play_count == 0
    assert "the service is down" in capsys.readouterr().err
