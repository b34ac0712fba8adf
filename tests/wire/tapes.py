"""The cassettes that there are, and the command whose requests each of them answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tests.wire import local_model
from tests.wire.standin import Behaviour, standing_in
from tests.wire.tape import CASSETTES

ANNOTATED = Path(__file__).parents[1] / "gold" / "dev.abstracts.jsonl"
INVENTED = Path(__file__).with_name("invented.jsonl")
FAULTS = (
    ("ungrounded", "malformed", "ungrounded"),
    ("rate_limit", "ok"),
    ("error", "ok"),
    ("html", "ok"),
    ("ungrounded", "ok"),
    ("malformed", "ok"),
    ("malformed", "malformed", "malformed"),
    ("truncate",),
    ("refuse",),
    ("filter",),
)
"""What becomes of the requests about each of the first annotated abstracts."""


@dataclass(frozen=True)
class Tape:
    """A cassette: who answers in it (a stand-in of this behaviour, else the local model) and which papers are asked.

    `papers` is how many of the feed, all if it is None.
    """

    name: str
    about: str
    feed: Path
    model: str
    options: tuple[str, ...] = ()
    behaviour: Behaviour | None = None
    papers: int | None = None

    @property
    def path(self) -> Path:
        """The cassette's file."""
        return CASSETTES / f"{self.name}.json"

    def command(self, base_url: str, folder: Path) -> list[str]:
        """The command line that sends the requests, one at a time so that a recording has one order.

        The feed and the records are in `folder`, as feed.jsonl and records.jsonl.
        """
        feed, output = folder / "feed.jsonl", folder / "records.jsonl"
        lines = self.feed.read_text(encoding="utf-8").splitlines(keepends=True)
        feed.write_text("".join(lines[: self.papers]), encoding="utf-8")
        asked = ["--base-url", base_url, "--model", self.model, "--concurrency", "1", "--no-cache"]
        return ["batch", str(feed), "-o", str(output), *asked, *self.options]

    @contextmanager
    def service(self) -> Iterator[str]:
        """The base URL of the service that is recorded."""
        if self.behaviour is None:
            with local_model.served() as url:
                yield url
        else:
            with standing_in(self.behaviour) as (url, _):
                yield url


ANNOTATIONS = Tape(
    "annotations",
    "Annotations of the feed's first half, sent by a stand-in. They are not the output of a model.",
    ANNOTATED,
    "annotations",
    behaviour=Behaviour(),
)
FAULTY = Tape(
    "faults",
    "Annotations with scripted faults, sent by a stand-in. They are not the output of a model.",
    ANNOTATED,
    "annotations",
    behaviour=Behaviour(script=tuple(chain.from_iterable(FAULTS)), retry_after=0.01),
    papers=len(FAULTS),
)
LOCAL = Tape(
    "smollm2",
    "SmolLM2-135M-Instruct (Q4_1) under llama.cpp on a CPU. It is too small for the task: its answers test the checks.",
    INVENTED,
    local_model.MODEL,
    options=("--temperature", "0", "--max-tokens", "400"),
)
TAPES = (ANNOTATIONS, FAULTY, LOCAL)
