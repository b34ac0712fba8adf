"""speedups."""

from agent.claims import Claim
from agent.rules.page import Page
from schemas import BaselineAnswer, CaveatAnswer, HardwareAnswer, SpeedupAnswer


def find_speedups(page: Page, hardware: list[Claim[HardwareAnswer]], baselines: list[Claim[BaselineAnswer]]) -> list[Claim[SpeedupAnswer]]:
    """Find the speedups of a page."""
    return []
