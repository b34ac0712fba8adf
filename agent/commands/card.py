"""A record as a card in the terminal: the abstract with its evidence coloured, and the claims set out below it."""

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from agent.commands.screen import plain
from agent.headline import written
from schemas import Record

STYLES = {"hardware": "cyan", "baselines": "magenta", "speedups": "bold green", "caveats": "yellow"}


def show(record: Record) -> None:
    """Write the card to standard output."""
    Console().print(card(record))


def card(record: Record) -> Panel:
    """The card: headline, title, the abstract with its evidence in four colours, a table for each list."""
    provenance = record.provenance
    engine = provenance.engine if provenance.model is None else f"{provenance.engine}, {provenance.model}"
    parts: list[RenderableType] = [Text(plain(record.headline), style="bold"), Text()]
    if record.title:
        parts += [_coloured(record, "title"), Text()]
    parts += [_coloured(record, "abstract"), Text(), _claims(record)]
    parts += [Text(f"dropped: {plain(d.passage)} ({d.reason})", style="red") for d in provenance.dropped]
    return Panel(Group(*parts), title=f"{plain(record.id)}", subtitle=f"by {plain(engine)}", title_align="left")


def _coloured(record: Record, where: str) -> Text:
    source = getattr(record, where)
    text = Text(source, style="bold" if where == "title" else "")
    for field in ("caveats", "speedups", "baselines", "hardware"):
        for item in getattr(record, field):
            if (item.in_ or "abstract") == where:
                text.stylize(STYLES[field], *item.span)
    text.plain = "".join(character if character.isprintable() or character == " " else "\ufffd" for character in source)
    return text


def _claims(record: Record) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for field, lines in _lines(record).items():
        for number, line in enumerate(lines):
            table.add_row(Text(field if number == 0 else "", style=STYLES[field]), Text(plain(line)))
    return table


def _lines(record: Record) -> dict[str, list[str]]:
    return {
        "hardware": [
            ", ".join(
                filter(
                    None,
                    (
                        f"{item.count} × {item.name}" if item.count else item.name,
                        f"{item.memory_gb:g} GB" if item.memory_gb else "",
                        item.kind.replace("_", " "),
                        item.role,
                    ),
                )
            )
            for item in record.hardware
        ],
        "baselines": [f"{item.name}, {item.kind}" for item in record.baselines],
        "speedups": [
            f"{written(item)}"
            + (f" = {_factor(item.factor)}" if item.form != "ratio" else "")
            + (f" over {item.baseline}" if item.baseline else "")
            + (f" on {item.hardware}" if item.hardware else "")
            + (f", {item.metric}" if item.metric != "unspecified" else "")
            for item in record.speedups
        ],
        "caveats": [f"{item.quote}, {item.kind.replace('_', ' ')}" for item in record.caveats],
    }


def _factor(ends: tuple[float, float]) -> str:
    low, high = (f"{end:.3g}" for end in ends)
    return f"{low}x" if low == high else f"{low}x to {high}x"
