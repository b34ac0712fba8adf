"""The local engine: hardware, baselines, speedups and caveats from the text alone, with no model and no key."""

from agent.claims import Claims
from agent.papers import Paper
from agent.rules.baselines import find_baselines
from agent.rules.caveats import find_caveats
from agent.rules.hardware import find_hardware
from agent.rules.page import Page
from agent.rules.speedups import find_speedups

__all__ = ["find_claims"]


def find_claims(paper: Paper) -> Claims:
    """All claims that the rules find in a paper, each with the rule that found it and where it begins."""
    page = Page(paper.title, paper.abstract)
    hardware = find_hardware(page)
    baselines = find_baselines(page, hardware)
    speedups = find_speedups(page, hardware, baselines)
    return Claims(hardware, baselines, speedups, find_caveats(page))
