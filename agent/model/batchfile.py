"""OpenAI's batch file format: requests as lines of a file, and the answers that come back in one, in any order.

The format is that of OpenAI's Batch API, which `vllm run-batch` reads too: each line of requests has `custom_id`,
`method`, `url` and `body`, each line of answers `custom_id`, `response` (`status_code`, `body`) and `error`.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from agent.errors import InputError, ServiceError, UnansweredError
from agent.model.answered import Answered
from agent.model.checks import settle
from agent.model.replies import Reply, reply_in
from agent.papers import Paper

URL = "/v1/chat/completions"


def request_line(key: str, body: dict[str, Any]) -> str:
    """A request as a line of a batch file; its custom id is its cache key."""
    line = {"custom_id": key, "method": "POST", "url": URL, "body": body}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


class AnswerFile:
    """A file of answers, found by their cache key; a `Source` for a run.

    `notice` is told, by line, of what cannot be used. Only the places of the lines are kept in memory. Raises
    InputError if the file cannot be read or holds no line of a batch's answers.
    """

    down: str | None = None

    def __init__(self, path: Path, notice: Callable[[str], None]) -> None:
        self.path = path
        self._notice = notice
        self._places: dict[str, int] = {}
        self._taken: set[str] = set()
        try:
            self._file = path.open("rb")
            for number, place, line in self._lines():
                self._enter(number, place, line)
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror}); name the file of answers") from error
        if not self._places:
            raise InputError(f"{path}: holds no answers; each line needs a custom_id and a response")

    async def ask(self, paper: Paper, key: str) -> Answered:
        """The answer about a paper, checked as a live one is; what fails the checks is dropped, not asked again.

        Raises ModelError or ServiceError if the file has none, or none that can be used.
        """
        if (place := self._places.get(key)) is None:
            raise ServiceError(f"no answer in {self.path.name}")
        self._taken.add(key)
        self._file.seek(place)
        reply = self._reply(json.loads(self._file.readline()))
        try:
            text = reply.whole()
            checked = settle([text], paper)
        except UnansweredError as error:
            error.usage = reply.usage
            raise
        return Answered(checked.claims, checked.dropped, reply.usage, (text,), is_final=True)

    async def close(self) -> None:
        """Close the file, and say how many of its answers belong to no paper of the feed."""
        self._file.close()
        if strangers := len(self._places.keys() - self._taken):
            self._notice(
                f"{self.path}: {strangers} of {len(self._places)} answers are to no request about this feed; "
                "--model, --base-url, sampling options and prompt must be those of `perfclaims requests`"
            )

    def _lines(self) -> Iterator[tuple[int, int, bytes]]:
        place = 0
        for number, line in enumerate(self._file, start=1):
            if line.strip():
                yield number, place, line
            place += len(line)

    def _enter(self, number: int, place: int, line: bytes) -> None:
        try:
            given = json.loads(line)
            key = given["custom_id"]
            if not isinstance(key, str) or not ("response" in given or "error" in given):
                raise ValueError("it is no answer")
        except (ValueError, KeyError, TypeError, RecursionError):
            self._notice(f"{self.path}:{number}: is no line of a batch's answers; skipped")
            return
        if key in self._places:
            self._notice(f"{self.path}:{number}: a second answer to {key[:12]}…; the first one counts")
            return
        self._places[key] = place

    def _reply(self, given: dict[str, Any]) -> Reply:
        response, error = given.get("response"), given.get("error")
        if error or not isinstance(response, dict):
            raise ServiceError(f"the batch gave no answer: {_said(error)}")
        if response.get("status_code") != 200:
            raise ServiceError(f"the batch gave status {response.get('status_code')}: {_said(response.get('body'))}")
        return reply_in(response.get("body"))


def _said(error: object) -> str:
    inner = error.get("error", error) if isinstance(error, dict) else error
    message = inner.get("message") or inner.get("code") if isinstance(inner, dict) else inner
    return " ".join(str(message or "no reason given").split())[:200]
