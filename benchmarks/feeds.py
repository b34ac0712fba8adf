"""Large feeds, made of the listing page with altered titles and numbers."""

import itertools
import json
import random
import re
from pathlib import Path

from agent.feeds import read_feed
from agent.papers import Paper

LISTING = Path(__file__).parents[1] / "tests" / "feeds" / "hf-gpu-papers.txt"
_NUMBER = re.compile(r"\d+")


def make_feed(path: Path, papers: int, seed: int = 0) -> None:
    """Write JSON Lines of so many papers to `path`; the same seed gives the same bytes."""
    draw = random.Random(seed)
    originals = [entry for entry in read_feed(LISTING) if isinstance(entry, Paper)]
    with path.open("w", encoding="utf-8") as file:
        for number, paper in enumerate(itertools.islice(itertools.cycle(originals), papers)):
            abstract = _NUMBER.sub(lambda match: _other(match[0], draw), paper.abstract)
            line = {"id": f"made-{number}", "title": f"{paper.title} ({number})", "abstract": abstract}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _other(digits: str, draw: random.Random) -> str:
    return digits if digits.startswith("0") or draw.random() < 0.5 else str(draw.randint(1, 9)) + digits[1:]
