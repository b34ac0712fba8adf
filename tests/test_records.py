import json
from typing import Any

import pytest
from pydantic import ValidationError

from agent.claims import Claim, Claims
from agent.headline import headline, shortened
from agent.papers import Paper
from agent.records import compose
from schemas import (
    BaselineAnswer,
    CaveatAnswer,
    HardwareAnswer,
    Provenance,
    Record,
    SpeedupAnswer,
)

PAPER = Paper(
    "demo-1",
    "Quick kernels for the H100",
    "Quick is up to 2.5times faster than FasterTransformer on eight NVIDIA A100 GPUs, at the cost of more memory.",
)
RULES = Provenance(engine="rules", model=None, prompt=None)


def device(name: str, **changes: Any) -> Claim[HardwareAnswer]:
    fields = {"name": name, "kind": "gpu", "count": 8, "memory_gb": None, "role": "evaluated"} | changes
    return Claim(HardwareAnswer.model_validate(fields))


def speedup(**changes: Any) -> Claim[SpeedupAnswer]:
    fields: dict[str, Any] = {
        "quote": "up to 2.5x faster than FasterTransformer",
        "low": 2.5,
        "high": 2.5,
        "form": "ratio",
        "bound": "up_to",
        "metric": "unspecified",
        "baseline": "fastertransformer",
        "hardware": "NVIDIA A100 GPU",
    }
    return Claim(SpeedupAnswer.model_validate(fields | changes))


BASELINE = Claim(BaselineAnswer(name="fastertransformer", kind="method"))
CAVEAT = Claim(CaveatAnswer(quote="at the cost of more memory", kind="trade_off"))


def test_slips_are_mended_and_links_follow_the_mended_names() -> None:
    record = compose(PAPER, Claims([device("NVIDIA A100 GPU")], [BASELINE], [speedup()], [CAVEAT]), RULES)
    assert [h.name for h in record.hardware] == ["NVIDIA A100 GPUs"]
    claim = record.speedups[0]
    assert claim.quote == "up to 2.5times faster than FasterTransformer"
    assert (claim.baseline, claim.hardware, claim.factor) == ("FasterTransformer", "NVIDIA A100 GPUs", (2.5, 2.5))
    assert record.provenance.dropped == ()
    assert record.headline == "up to 2.5x over FasterTransformer on 8 NVIDIA A100 GPUs; at the cost of more memory"


def test_what_stands_only_in_the_title_says_so() -> None:
    record = compose(PAPER, Claims([device("H100")]), RULES)
    line = record.to_json()
    assert '"span":[22,26],"in":"title"' in line.replace(" ", "")
    assert '"in":null' not in compose(PAPER, Claims([device("A100 GPUs")]), RULES).to_json()
    assert Record.model_validate_json(line) == record


def test_what_is_not_in_the_paper_is_dropped_by_name() -> None:
    record = compose(PAPER, Claims([device("Quux 9000")], [], [speedup(hardware="Quux 9000")]), RULES)
    assert record.hardware == ()
    assert record.speedups[0].hardware is None
    assert [(d.field, d.passage, d.reason) for d in record.provenance.dropped] == [
        ("hardware", "Quux 9000", "not in the abstract or the title"),
        (
            "speedups",
            "up to 2.5x faster than FasterTransformer",
            "its link to 'fastertransformer' was cut, as baselines does not list that",
        ),
        (
            "speedups",
            "up to 2.5x faster than FasterTransformer",
            "its link to 'Quux 9000' was cut, as hardware does not list that",
        ),
    ]


def test_numbers_that_give_no_factor_are_dropped_by_name() -> None:
    record = compose(PAPER, Claims(speedups=[speedup(form="percent_less_time", low=100, high=100)]), RULES)
    assert record.speedups == ()
    assert "no time at all" in record.provenance.dropped[0].reason


@pytest.mark.parametrize(
    "changes", [{"span": [0, 3]}, {"factor": [9.0, 9.0]}, {"baseline": "cuBLAS"}, {"low": "2.5"}, {"surplus": 1}]
)
def test_a_record_that_is_not_true_to_its_abstract_is_not_valid(changes: dict[str, Any]) -> None:
    record = compose(PAPER, Claims([device("NVIDIA A100 GPUs")], [BASELINE], [speedup()]), RULES).model_dump(
        by_alias=True, mode="json"
    )
    record["speedups"][0] |= changes
    with pytest.raises(ValidationError):
        Record.model_validate_json(json.dumps(record))


def test_the_headline_says_so_where_nothing_is_claimed() -> None:
    assert headline((), (), ()) == "no speed claim"


def test_a_long_caveat_is_cut_at_a_word() -> None:
    assert shortened("at the cost of memory", 12) == "at the cost …"
