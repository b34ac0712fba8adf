"""The closed vocabularies of a record, as `docs/annotation.md` defines each word."""

from typing import Literal

HardwareKind = Literal[
    "gpu", "cpu", "tpu", "npu", "fpga", "asic", "microcontroller", "mobile", "edge_board", "system", "other"
]
Role = Literal["evaluated", "baseline", "target"]
BaselineKind = Literal["method", "hardware", "setting", "generic"]
Form = Literal["ratio", "percent_faster", "percent_less_time", "orders_of_magnitude", "before_after"]
Bound = Literal["up_to", "at_least", "average", "about", "exact"]
Metric = Literal["latency", "throughput", "runtime", "unspecified"]
CaveatKind = Literal["scope", "trade_off", "simulation", "limitation"]
Engine = Literal["llm", "rules"]
Field = Literal["hardware", "baselines", "speedups", "caveats"]
