"""Why the rules found what they found: for each item the rule that made it and where."""

from collections.abc import Iterator

from agent.grounding import ground
from agent.papers import Paper
from agent.rules import find_claims


def explained(paper: Paper) -> Iterator[str]:
    """A line for each item that the rules find in a paper: its field, its rule, its span and its passage."""
    claims = find_claims(paper)
    for field in ("hardware", "baselines", "speedups", "caveats"):
        for claim in getattr(claims, field):
            place = ground(claim.passage, paper, near=claim.start, in_title=claim.in_title)
            span = f"{'title ' if place.in_title else ''}{place.start}:{place.end}" if place else "not placed"
            yield f"{field:9}  {claim.rule:32}  {span:>15}  {' '.join(claim.passage.split())}"
