"""What answers cost."""

from typing import NamedTuple


class Usage(NamedTuple):
    """Token usage: the requests that were answered, re-asks included, and the service's own count of their tokens."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def plus(self, other: "Usage") -> "Usage":
        """The sum of both."""
        return Usage(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))
