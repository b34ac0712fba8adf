"""Which checks made a record: a digest of their code, so that no one has to remember to count a version up."""

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

CHECKS = (
    "schemas/**/*.py",
    "agent/claims.py",
    "agent/grounding*",
    "agent/headline*",
    "agent/numbers*",
    "agent/papers.py",
    "agent/records*",
    "agent/model/answers*",
    "agent/model/checks*",
    "agent/model/dialogue*",
    "agent/model/numerals*",
)
"""The files, and packages of that name, that make a record out of a model's answers."""


@cache
def checks_digest(root: Path = ROOT) -> str:
    """16 hexadecimal digits that change when a file of CHECKS below `root` changes, comes or goes."""
    digest = hashlib.sha256()
    found = {path for pattern in CHECKS for path in root.glob(pattern)}
    for path in sorted(found | {inner for outer in found for inner in outer.glob("**/*.py")}):
        if path.suffix == ".py":
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
