"""baselines."""

from agent.claims import Claim
from agent.rules.page import Page
from schemas import BaselineAnswer, CaveatAnswer, HardwareAnswer, SpeedupAnswer


def find_baselines(page: Page, hardware: list[Claim[HardwareAnswer]]) -> list[Claim[BaselineAnswer]]:
    """Find the baselines of a page."""
    return []
