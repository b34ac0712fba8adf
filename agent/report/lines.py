"""What the page is told of a record: one line of JSON, which can stand in a script element as it is."""

import json

from agent.headline import written
from agent.report.devices import device_of
from schemas import Record


def line(record: Record) -> str:
    """The record, its speedups as a person would write them, and its devices by short name and vendor, as a line.

    No `<` is in it, so that no text of a paper can end the element that the line stands in.
    """
    speedups = json.dumps([written(claim) for claim in record.speedups])
    devices = json.dumps([device_of(hardware) for hardware in record.hardware])
    whole = f'{{"record":{record.to_json()},"written":{speedups},"devices":{devices}}}\n'
    return whole.replace("<", "\\u003c")
