"""A version of the prompt: what is the same for all papers, how a paper follows it, how an answer is asked again."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from prompts.tokens import estimate_tokens

LATEST = "v1"
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Prompt:
    """The texts of one version. `system` goes first and is the same for every paper, so that providers cache it."""

    version: str
    system: str
    paper: str
    reask: str

    def about(self, title: str, abstract: str) -> str:
        """The message that holds one paper, its text unchanged between two lines that the text cannot contain.

        The lines carry the first 12 hexadecimal digits of the SHA-256 of title, newline, abstract: a text that closes
        its own fence would have to hold its own hash. Values are put in once and never read as templates.
        """
        mark = hashlib.sha256(f"{title}\n{abstract}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
        return Template(self.paper).substitute(mark=mark, title=title, abstract=abstract)

    def again(self, problems: Iterable[str]) -> str:
        """The message that asks for an answer again, with one line for each thing that was wrong."""
        return Template(self.reask).substitute(problems="\n".join(f"- {problem}" for problem in problems))

    @property
    def tokens_in_front(self) -> int:
        """About the number of tokens that stand in front of every abstract (and its title), the fence included."""
        return estimate_tokens(self.system + self.about("", ""))


def versions() -> tuple[str, ...]:
    """All versions that are there, the oldest first."""
    return tuple(sorted((f.parent.name for f in _FOLDER.glob("v*/system.txt")), key=lambda name: int(name[1:])))


@cache
def load(version: str | None = None) -> Prompt:
    """Read a version of the prompt, the latest if none is named.

    Raises ValueError for a version that is not there.
    """
    name = LATEST if version is None else version
    if name not in versions():
        raise ValueError(f"no prompt version {name!r}; there are {', '.join(versions())}")

    def text(part: str) -> str:
        return (_FOLDER / name / f"{part}.txt").read_text(encoding="utf-8").rstrip("\n")

    return Prompt(name, text("system"), text("paper"), text("reask"))
