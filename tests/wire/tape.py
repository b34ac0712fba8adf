"""Cassettes of exchanges with a model: how vcrpy writes and finds them, as JSON that can be read and compared.

A cassette is a JSON object: `about` says who answers; `system` and `options` are the parts of the request that all
exchanges share, written once; `exchanges` holds, in the order in which they came, the other messages of each request
with its method and path, and of the response the status, the headers below and the body. Nothing else of the wire is
kept: no host, no key, no cookie, no organisation.
"""

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import vcr  # type: ignore[import-untyped]
from vcr.cassette import Cassette  # type: ignore[import-untyped]
from vcr.persisters.filesystem import CassetteNotFoundError  # type: ignore[import-untyped]
from vcr.request import Request  # type: ignore[import-untyped]

CASSETTES = Path(__file__).parents[2] / "cassettes"
HEADERS_KEPT = ("content-type", "retry-after", "retry-after-ms", "x-should-retry")
_PLACE = "http://cassette"
_NAMELESS = {"content-type": "application/json"}

Exchange = dict[str, Any]


@contextmanager
def recording(path: Path, about: str) -> Iterator[Cassette]:
    """Let requests through and write them to a new cassette with what came back."""
    path.unlink(missing_ok=True)
    with _machine(about).use_cassette(str(path), record_mode="all") as cassette:
        yield cassette


@contextmanager
def replaying(path: Path) -> Iterator[Cassette]:
    """Answer requests from a cassette alone: each exchange once, found by method, path and the meaning of the body."""
    with _machine("").use_cassette(str(path), record_mode="none") as cassette:
        yield cassette


def unplayed(cassette: Cassette) -> list[str]:
    """What of a cassette nobody has asked for: the end of the last message of each such exchange."""
    return [
        json.loads(request.body)["messages"][-1]["content"][-200:]
        for place, request in enumerate(cassette.requests)
        if not cassette.play_counts[place]
    ]


def _machine(about: str) -> vcr.VCR:
    machine = vcr.VCR(
        match_on=["method", "path", "meaning"],
        before_record_request=_scrubbed_request,
        before_record_response=_scrubbed_response,
        decode_compressed_response=True,
    )
    machine.register_matcher("meaning", _same_meaning)
    machine.register_persister(_Shelf(about))
    return machine


class _Shelf:
    """Writes and reads cassette files; vcrpy's persister."""

    def __init__(self, about: str) -> None:
        self._about = about

    def save_cassette(self, path: str, recorded: dict[str, list[Any]], serializer: object) -> None:
        bodies = [json.loads(request.body) for request in recorded["requests"]]
        options = {name: value for name, value in bodies[0].items() if name != "messages"}
        system = bodies[0]["messages"][0]
        for body in bodies:
            if body != options | {"messages": [system, *body["messages"][1:]]}:
                raise ValueError(f"{path}: the requests differ in more than what follows the system message")
        turns = zip(recorded["requests"], bodies, recorded["responses"], strict=True)
        tape = {
            "about": self._about,
            "system": system["content"].split("\n"),
            "options": options,
            "exchanges": [_exchange(*turn) for turn in turns],
        }
        Path(path).write_text(json.dumps(tape, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def load_cassette(self, path: str, serializer: object) -> tuple[list[Request], list[Exchange]]:
        try:
            tape = json.loads(Path(path).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise CassetteNotFoundError from None
        system = {"role": "system", "content": "\n".join(tape["system"])}
        requests, responses = [], []
        for exchange in tape["exchanges"]:
            body = tape["options"] | {"messages": [system, *exchange["messages"]]}
            requests.append(Request(exchange["method"], _PLACE + exchange["path"], json.dumps(body), dict(_NAMELESS)))
            responses.append(_response(exchange))
        return requests, responses


def _exchange(request: Request, body: dict[str, Any], response: dict[str, Any]) -> Exchange:
    text = response["body"]["string"].decode()
    try:
        answer: dict[str, Any] = {"body": json.loads(text)}
    except ValueError:
        answer = {"page": text}
    return {
        "method": request.method,
        "path": request.path,
        "messages": body["messages"][1:],
        "status": response["status"]["code"],
        "headers": {name: value[0] for name, value in response["headers"].items()},
        **answer,
    }


def _response(exchange: Exchange) -> dict[str, Any]:
    page = exchange["page"] if "page" in exchange else json.dumps(exchange["body"])
    return {
        "status": {"code": exchange["status"], "message": ""},
        "headers": {name: [value] for name, value in exchange["headers"].items()},
        "body": {"string": page.encode()},
    }


def _scrubbed_request(request: Request) -> Request:
    return Request(request.method, _PLACE + request.path, request.body, dict(_NAMELESS))


def _scrubbed_response(response: dict[str, Any]) -> dict[str, Any]:
    kept = {name.lower(): value for name, value in response["headers"].items() if name.lower() in HEADERS_KEPT}
    return copy.copy(response) | {"headers": kept}


def _same_meaning(asked: Request, stored: Request) -> None:
    if asked.body != stored.body and _meaning(asked.body) != _meaning(stored.body):
        raise AssertionError("the request's body is not the recorded one; `python -m tests.wire.record` records anew")


@cache
def _meaning(body: bytes) -> str:
    return json.dumps(json.loads(body), sort_keys=True)
