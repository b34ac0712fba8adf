"""hardware."""

from agent.claims import Claim
from agent.rules.page import Page
from schemas import BaselineAnswer, CaveatAnswer, HardwareAnswer, SpeedupAnswer


def find_hardware(page: Page) -> list[Claim[HardwareAnswer]]:
    """Find the hardware of a page."""
    return []
