"""`perfclaims report`: a page to look at, from a file of records."""

from pathlib import Path
from typing import Annotated

import typer

from agent.commands.screen import say


def report(
    records: Annotated[list[str], typer.Argument(metavar="RECORDS", help="JSON Lines of records, or -.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The page; else standard output.")] = None,
) -> None:
    """Make a page that shows records: table, charts, evidence in the abstracts; one file that needs no network."""
    from agent.exports import Sink
    from agent.report.lines import line
    from agent.report.page import report_frame
    from agent.report.reading import read_records

    frame = report_frame(", ".join("standard input" if name == "-" else Path(name).name for name in records))
    count = 0
    with Sink(output) as sink:
        sink.write(frame.head)
        for name in records:
            for record in read_records(name):
                sink.write(line(record))
                count += 1
        sink.write(frame.tail)
    say(f"{count} records in {output or 'the page'}")
