"""OpenAI's batch file format: requests as lines of a file, and the answers that come back in one, in any order.

The format is that of OpenAI's Batch API, which `vllm run-batch` reads too: each line of requests has `custom_id`,
`method`, `url` and `body`, each line of answers `custom_id`, `response` (`status_code`, `body`) and `error`.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from agent.errors import InputError, ServiceError, UnansweredError
from agent.model.answered import Answered
from agent.model.checks import settle
from agent.model.replies import Reply, reply_in
from agent.papers import Paper

URL: Final = "/v1/chat/completions"
LONGEST_LINE = 1 << 22
"""Bytes of one line; no answer is as long."""


def request_line(key: str, body: dict[str, Any]) -> str:
    """A request as a line of a batch file; its custom id is its cache key."""
    line = {"custom_id": key, "method": "POST", "url": URL, "body": body}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


class AnswerFiles:
    """Files of answers, found by their cache key; a `Source` for a run.

    `notice` is told, by line, of what cannot be used. Of several answers to one request the first that is no error
    counts. Only the places of the lines are kept in memory. Raises InputError if a file cannot be read or if none
    holds a line of a batch's answers.
    """

    down: str | None = None

    def __init__(self, paths: Sequence[Path], notice: Callable[[str], None]) -> None:
        self._notice = notice
        self._names = ", ".join(path.name for path in paths)
        self._files: list[BinaryIO] = []
        self._places: dict[str, _Place] = {}
        self._expected: set[str] = set()
        for path in paths:
            try:
                self._files.append(path.open("rb"))
                self._enter_all(path)
            except OSError as error:
                raise InputError(f"{path}: cannot be read ({error.strerror}); name the file of answers") from error
        if not self._places:
            raise InputError(f"{self._names}: holds no answers; each line needs a custom_id and a response")

    def expect(self, key: str) -> None:
        """Note that a paper of the feed has this key, whether or not its answer is asked for."""
        self._expected.add(key)

    async def ask(self, paper: Paper, key: str) -> Answered:
        """The answer about a paper, checked as a live one is; what fails the checks is dropped, not asked again.

        Raises ModelError or ServiceError if there is none, or none that can be used.
        """
        if (place := self._places.get(key)) is None:
            raise ServiceError(f"no answer in {self._names}")
        file = self._files[place.file]
        file.seek(place.start)
        reply = reply_in_line(json.loads(file.readline(LONGEST_LINE)))
        try:
            text = reply.whole()
            checked = settle([text], paper)
        except UnansweredError as error:
            error.usage = reply.usage
            raise
        return Answered(checked.claims, checked.dropped, reply.usage, (text,), is_final=True)

    async def close(self) -> None:
        """Close the files, and say how many of their answers belong to no paper of the feed."""
        for file in self._files:
            file.close()
        if strangers := len(self._places.keys() - self._expected):
            self._notice(
                f"{self._names}: {strangers} of {len(self._places)} answers are to no request about this feed; "
                "--model, --base-url, sampling options and prompt must be those of `perfclaims requests`"
            )

    def _enter_all(self, path: Path) -> None:
        place = len(self._files) - 1
        for number, (start, line) in enumerate(_lines_of(self._files[place]), start=1):
            if line.strip():
                self._enter(f"{path}:{number}", line, place, start)

    def _enter(self, where: str, line: bytes, file: int, start: int) -> None:
        try:
            given = json.loads(line)
            key = given["custom_id"]
            if not isinstance(key, str) or not ("response" in given or "error" in given):
                raise ValueError("it is no answer")
        except (ValueError, KeyError, TypeError, RecursionError):
            self._notice(f"{where}: is no line of a batch's answers; skipped")
            return
        new, old = _Place(file, start, _is_error(given)), self._places.get(key)
        if old is not None and not old.is_error:
            self._notice(f"{where}: a second answer to {key[:12]}…; the first one counts")
            return
        self._places[key] = new


def _lines_of(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a file and where each begins; one that is too long is cut, and so no answer."""
    start = 0
    while line := file.readline(LONGEST_LINE):
        yield start, line
        start += len(line)
        while line and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE)
            start += len(line)


class _Place(NamedTuple):
    file: int
    start: int
    is_error: bool


def reply_in_line(given: dict[str, Any]) -> Reply:
    """The reply in a line of answers; raises ServiceError, with the reason that stands there, if it holds none."""
    response, error = given.get("response"), given.get("error")
    if error or not isinstance(response, dict):
        raise ServiceError(f"the batch gave no answer: {_said(error)}")
    if response.get("status_code") != 200:
        raise ServiceError(f"the batch gave status {response.get('status_code')}: {_said(response.get('body'))}")
    return reply_in(response.get("body"))


def _is_error(given: dict[str, Any]) -> bool:
    response = given.get("response")
    return bool(given.get("error")) or not isinstance(response, dict) or response.get("status_code") != 200


def _said(error: object) -> str:
    inner = error.get("error", error) if isinstance(error, dict) else error
    message = inner.get("message") or inner.get("code") if isinstance(inner, dict) else inner
    return " ".join(str(message or "no reason given").split())[:200]


def answered_keys(path: Path) -> Iterator[str]:
    """The cache keys that a file of answers has an answer to, errors aside; what is no answer is passed over here."""
    with path.open("rb") as file:
        for _, line in _lines_of(file):
            with suppress(ValueError, TypeError, KeyError, ServiceError, RecursionError):
                given = json.loads(line)
                reply_in_line(given)
                yield str(given["custom_id"])
