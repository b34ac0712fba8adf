"""caveats."""

from agent.claims import Claim
from agent.rules.page import Page
from schemas import BaselineAnswer, CaveatAnswer, HardwareAnswer, SpeedupAnswer


def find_caveats(page: Page) -> list[Claim[CaveatAnswer]]:
    """Find the caveats of a page."""
    return []
