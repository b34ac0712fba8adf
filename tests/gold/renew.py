"""`python -m tests.gold.renew` stores what the rules find in the annotated half today, and how it scores.

`tests/test_eval_held_line.py` fails when a later change scores lower; renew it after a change that is wanted.
"""

import json
from pathlib import Path

from agent.evaluation.evaluation import Gold, evaluate, read_gold
from agent.evaluation.extraction import extract
from agent.evaluation.records import RecordFile
from agent.evaluation.scores import Scores, score
from agent.ledger import Ledger
from agent.settings import Settings

FOLDER = Path(__file__).parent
GOLD = FOLDER / "dev.jsonl"
RECORDS, SCORES = FOLDER / "rules.jsonl", FOLDER / "rules.scores.json"


def _must_not_happen(message: str) -> None:
    raise AssertionError(message)


def scored_rules() -> tuple[Gold, RecordFile, Scores]:
    """The annotated half, what the rules find in it, and the figures of that."""
    gold = read_gold(str(GOLD), _must_not_happen)
    settings = Settings(engine="rules")
    found = extract(gold, settings, ledger=Ledger(), notice=_must_not_happen, watch=lambda outcome: None)
    return gold, found, score(evaluate(gold, found, _must_not_happen))


def lines(records: RecordFile) -> str:
    """The titles and lists of records as JSON Lines."""
    entries = records.entries.values()
    return "".join(json.dumps({"id": e.id, "title": e.title, **e.lists}, ensure_ascii=False) + "\n" for e in entries)


def renew() -> None:
    """Write both files."""
    _, found, scores = scored_rules()
    RECORDS.write_text(lines(found), encoding="utf-8")
    SCORES.write_text(json.dumps(scores.as_json(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    renew()
