"""What a dialogue with a model came to."""

from dataclasses import dataclass

from agent.claims import Claims
from agent.model.usage import Usage
from schemas import Dropped


@dataclass(frozen=True, slots=True)
class Answered:
    """What a model said of one paper, after the checks.

    `raw` are its answers as they came, the first one first: `checks.settle` makes the same claims of them. `is_final`
    is False where a fault cut the dialogue short, so that a later run may ask again.
    """

    claims: Claims
    dropped: tuple[Dropped, ...]
    usage: Usage
    raw: tuple[str, ...]
    is_final: bool
