"""The strongest claims of a run, as a small table at its end."""

import heapq
import itertools
import sys
from typing import Any

from agent.commands.screen import plain
from agent.headline import shortened
from agent.outcomes import Outcome

SHOWN = 5


class Strongest:
    """Keeps the outcomes with the largest factors, and shows them on standard error where that is a terminal."""

    def __init__(self) -> None:
        self._kept: list[tuple[float, int, Outcome[Any]]] = []
        self._count = itertools.count(0, -1)

    def enter(self, outcome: Outcome[Any]) -> None:
        """See one outcome; of equal ones the earlier is kept."""
        if outcome.factor:
            entry = (outcome.factor, next(self._count), outcome)
            push = heapq.heappush if len(self._kept) < SHOWN else heapq.heappushpop
            push(self._kept, entry)

    def show(self) -> None:
        """Write the table, the strongest first."""
        if not self._kept or not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", title_justify="left")
        table.add_column("factor", justify="right", no_wrap=True)
        table.add_column("strongest claims")
        table.add_column("paper")
        for factor, _, outcome in sorted(self._kept, reverse=True):
            claim = outcome.headline.partition(";")[0]
            cells = (
                f"{factor:,.0f}x" if factor >= 1000 else f"{factor:.4g}x",
                shortened(claim, 60),
                shortened(outcome.title or outcome.id, 50),
            )
            table.add_row(*(Text(plain(cell)) for cell in cells))
        Console(stderr=True).print(table)
