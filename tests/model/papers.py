"""Invented papers and answers that the tests of the model path share."""

import copy
import json
from typing import Any

from agent.papers import Paper

PAPER = Paper(
    "p1",
    "Tern: Joins on a Raspberry Pi",
    "Joins are slow. We present Tern, which cuts the latency of sqlJoin by 20% on two NVIDIA V100 GPUs (32GB) and is "
    r"up to $2.5\times$ faster than DuckDB, at the cost of a slightly lower accuracy. Loading falls from 2 hours to 15 "
    "minutes; on an FPGA the latency is only 68% of DuckDB's. Both are an order of magnitude faster than MySQL.",
)

ANSWER: dict[str, list[dict[str, Any]]] = {
    "hardware": [
        {"name": "NVIDIA V100 GPUs", "kind": "gpu", "count": 2, "memory_gb": 32, "role": "evaluated"},
        {"name": "Raspberry Pi", "kind": "edge_board", "count": None, "memory_gb": None, "role": "target"},
    ],
    "baselines": [{"name": "DuckDB", "kind": "method"}],
    "speedups": [
        {
            "quote": "cuts the latency of sqlJoin by 20%",
            "low": 20,
            "high": 20,
            "form": "percent_less_time",
            "bound": "exact",
            "metric": "latency",
            "baseline": None,
            "hardware": "NVIDIA V100 GPUs",
        },
        {
            "quote": r"up to $2.5\times$ faster than DuckDB",
            "low": 2.5,
            "high": 2.5,
            "form": "ratio",
            "bound": "up_to",
            "metric": "unspecified",
            "baseline": "DuckDB",
            "hardware": None,
        },
    ],
    "caveats": [{"quote": "at the cost of a slightly lower accuracy", "kind": "trade_off"}],
}


def changed(field: str, place: int, **members: object) -> str:
    """The JSON of the sound answer with one item changed."""
    answer = copy.deepcopy(ANSWER)
    answer[field][place].update(members)
    return json.dumps(answer)


SOUND = json.dumps(ANSWER)
UNGROUNDED = changed("baselines", 0, name="Quux 9000")
