import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.commands.app import run
from tests.wire.standin import annotations, completion
from tests.wire.tapes import ANNOTATED, ANNOTATIONS

OPTIONS = ["--base-url", "http://service.example/v1", "--model", "annotations"]
PAPERS = len(ANNOTATED.read_text(encoding="utf-8").splitlines())
Lines = list[dict[str, Any]]


def lines_of(path: Path) -> Lines:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def answered(request: dict[str, Any]) -> dict[str, Any]:
    """The line that a batch service writes about a request."""
    response = {"status_code": 200, "request_id": "r", "body": completion("ok", request["body"])}
    return {"id": "batch_req_1", "custom_id": request["custom_id"], "response": response, "error": None}


@pytest.fixture
def requests(tmp_path: Path) -> Lines:
    path = tmp_path / "requests.jsonl"
    assert run(["requests", str(ANNOTATED), "-o", str(path), *OPTIONS]) == 0
    return lines_of(path)


@pytest.fixture
def collected(tmp_path: Path) -> Callable[..., Lines]:
    """The records that `collect` makes of lines of answers, with the exit status as it has to be."""

    def collect(lines: Lines | str, *options: str, status: int = 0) -> Lines:
        responses, output = tmp_path / "responses.jsonl", tmp_path / "records.jsonl"
        text = lines if isinstance(lines, str) else "".join(json.dumps(line) + "\n" for line in lines)
        responses.write_text(text, encoding="utf-8")
        command = ["collect", str(ANNOTATED), str(responses), "-o", str(output), *OPTIONS, *options]
        assert run(command) == status
        return lines_of(output) if output.exists() else []

    return collect


def test_a_request_file_holds_the_very_bodies_of_live_calls(requests: Lines) -> None:
    tape = json.loads(ANNOTATIONS.path.read_text(encoding="utf-8"))
    system = {"role": "system", "content": "\n".join(tape["system"])}
    live = [tape["options"] | {"messages": [system, *each["messages"]]} for each in tape["exchanges"]]
    assert [line["body"] for line in requests] == live
    assert {(line["method"], line["url"]) for line in requests} == {("POST", "/v1/chat/completions")}
    assert len({line["custom_id"] for line in requests}) == PAPERS


def test_answers_in_any_order_make_the_records_that_live_calls_make(
    requests: Lines, collected: Callable[..., Lines], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [answered(line) for line in requests]
    random.Random(1).shuffle(answers)
    records = collected(answers)
    assert [record["id"] for record in records] == [paper["id"] for paper in lines_of(ANNOTATED)]
    assert {record["provenance"]["engine"] for record in records} == {"llm"}
    assert f"{PAPERS} records, {PAPERS} asked" in capsys.readouterr().err
    again = tmp_path / "again.jsonl"
    assert run(["batch", str(ANNOTATED), "-o", str(again), "--offline", "--strict", *OPTIONS]) == 0
    assert again.read_bytes() == (tmp_path / "records.jsonl").read_bytes()


def test_missing_answers_errors_and_refusals_fall_to_rules_and_say_why(
    requests: Lines, collected: Callable[..., Lines]
) -> None:
    answers = [answered(line) for line in requests[3:]]
    error = {"code": "batch_expired", "message": "This request could not be executed in time."}
    answers.append({"id": "e", "custom_id": requests[1]["custom_id"], "response": None, "error": error})
    page = {"status_code": 500, "request_id": "r", "body": {"error": {"message": "Internal\nerror"}}}
    answers.append({"id": "f", "custom_id": requests[2]["custom_id"], "response": page, "error": None})
    answers[0]["response"]["body"] = completion("refuse", requests[3]["body"])
    records = collected(answers)
    assert [record["provenance"]["fallback"] for record in records[:5]] == [
        "no answer in responses.jsonl",
        "the batch gave no answer: This request could not be executed in time.",
        "the batch gave status 500: Internal error",
        "the model refused: I can't help with that.",
        None,
    ]
    assert [record["provenance"]["requests"] for record in records[:5]] == [0, 0, 0, 1, 1]


def test_under_strict_what_has_no_answer_fails_by_name(
    requests: Lines, collected: Callable[..., Lines], capsys: pytest.CaptureFixture[str]
) -> None:
    records = collected([answered(line) for line in requests[1:]], "--strict", status=3)
    assert len(records) == PAPERS - 1
    assert capsys.readouterr().err.count("no answer in responses.jsonl") == 1


def test_answers_go_through_the_checks_of_live_ones(requests: Lines, collected: Callable[..., Lines]) -> None:
    answers = [answered(line) for line in requests]
    answers[0]["response"]["body"] = completion("ungrounded", requests[0]["body"])
    first = collected(answers)[0]
    assert first["provenance"]["engine"] == "llm"
    assert {dropped["passage"][:9] for dropped in first["provenance"]["dropped"]} >= {"Quux 9000"}
    assert len(first["hardware"]) == len(lines_of(ANNOTATED.with_name("dev.jsonl"))[0]["hardware"]) - 1


def test_a_second_answer_a_stranger_and_a_broken_line_are_each_reported(
    requests: Lines, collected: Callable[..., Lines], capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [answered(line) for line in requests]
    stranger = answers[0] | {"custom_id": "f" * 64}
    text = "".join(json.dumps(line) + "\n" for line in [*answers, answers[5], stranger])
    records = collected(text + '{"custom_id": 3}\nnot JSON\n\n[]\n' + "[" * 100_000 + "\n")
    assert {record["provenance"]["fallback"] for record in records} == {None}
    err = capsys.readouterr().err
    assert f"responses.jsonl:{PAPERS + 1}: a second answer to {answers[5]['custom_id'][:12]}…" in err
    assert f"1 of {PAPERS + 1} answers are to no request about this feed" in err
    for number in (3, 4, 6, 7):
        assert f"responses.jsonl:{PAPERS + number}: is no line of a batch's answers; skipped" in err


@pytest.mark.parametrize("first", [None, {"status_code": 500, "request_id": "r", "body": None}])
def test_an_answer_counts_before_an_error_to_the_same_request(
    first: object, requests: Lines, collected: Callable[..., Lines]
) -> None:
    error = {"code": "server_error", "message": "no"} if first is None else None
    failed = {"id": "e", "custom_id": requests[0]["custom_id"], "response": first, "error": error}
    records = collected([failed, *map(answered, requests)])
    assert records[0]["provenance"]["fallback"] is None


def test_answers_to_other_requests_are_no_answers_and_the_remedy_is_said(
    requests: Lines, collected: Callable[..., Lines], capsys: pytest.CaptureFixture[str]
) -> None:
    records = collected([answered(line) for line in requests], "--temperature", "1")
    assert {record["provenance"]["engine"] for record in records} == {"rules"}
    err = capsys.readouterr().err
    assert f"{PAPERS} of {PAPERS} answers are to no request about this feed" in err
    assert "must be those of `perfclaims requests`" in err


@pytest.mark.parametrize(
    "body", [None, [], "", {}, {"choices": []}, {"choices": [{"message": None}]}, {"choices": {"a": 1}}, 10**400]
)
def test_a_body_of_any_shape_falls_to_rules(body: object, requests: Lines, collected: Callable[..., Lines]) -> None:
    answers = [answered(line) for line in requests]
    answers[0]["response"]["body"] = body
    records = collected(answers)
    assert [bool(record["provenance"]["fallback"]) for record in records] == [True] + [False] * (PAPERS - 1)


@pytest.mark.parametrize(("text", "says"), [("", "holds no answers"), ("nonsense\n", "holds no answers")])
def test_a_file_without_answers_is_an_error(
    text: str, says: str, collected: Callable[..., Lines], capsys: pytest.CaptureFixture[str]
) -> None:
    assert collected(text, status=1) == []
    assert says in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["collect", str(ANNOTATED), str(tmp_path / "none.jsonl"), *OPTIONS]) == 1
    assert "none.jsonl: cannot be read" in capsys.readouterr().err


def test_the_same_paper_twice_takes_one_request_and_both_get_its_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed, requests, responses = (tmp_path / f"{name}.jsonl" for name in ("feed", "requests", "responses"))
    feed.write_text(ANNOTATED.read_text(encoding="utf-8").splitlines(keepends=True)[0] * 2)
    assert run(["requests", str(feed), "-o", str(requests), *OPTIONS]) == 0
    assert "the same paper as before; one request serves both" in capsys.readouterr().err
    (request,) = lines_of(requests)
    responses.write_text(json.dumps(answered(request)))
    assert run(["collect", str(feed), str(responses), *OPTIONS]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == second
    assert json.loads(first)["provenance"]["engine"] == "llm"


def test_the_stand_in_knows_every_annotated_abstract() -> None:
    assert len(annotations()) == PAPERS
