"""Entries, requests and folders that the tests of the cache share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.cache import Cache, Entry, Parts, key_of, parts_of
from agent.model.usage import Usage
from agent.papers import Paper

PAPER = Paper("2401.00001", "Fast Tiles", "Ours is 2.5x faster than cuBLAS on an NVIDIA A100 GPU.")
BASE_URL = "http://127.0.0.1:8080/v1"
ENTRY = Entry(
    answers=('{"speedups": 1}', '{"speedups": []}'),
    usage=Usage(2, 1234, 180),
    checked='{"headline":"no speed claim","provenance":{}}',
    checks="0123456789abcdef",
    model="small-1",
    created=1795376448.25,
)


def body_of(paper: Paper = PAPER, **changes: object) -> dict[str, Any]:
    body = {
        "model": "small-1",
        "messages": [
            {"role": "system", "content": "List the claims."},
            {"role": "user", "content": f"<title>{paper.title}</title>\n<abstract>{paper.abstract}</abstract>"},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "Answer", "schema": {"properties": {"quote": {}, "low": {}}}},
        },
        "temperature": 0.0,
        "max_tokens": 800,
    }
    return {**body, **changes}


def key(number: int = 0) -> str:
    return key_of(body_of(paper(number)), paper(number), BASE_URL)


def parts(number: int = 0) -> Parts:
    return parts_of(body_of(paper(number)), paper(number), BASE_URL)


def paper(number: int) -> Paper:
    return PAPER._replace(id=str(number), abstract=f"{PAPER.abstract} Take {number}.")


def fill(folder: Path, count: int, entry: Callable[[int], Entry] = lambda _: ENTRY) -> None:
    """A closed cache of `count` entries, none of which had anything to say."""
    notices: list[str] = []
    with Cache(folder, notices.append) as cache:
        cache.put_many((key(number), entry(number), parts(number)) for number in range(count))
    assert notices == []
