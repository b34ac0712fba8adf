"""Which checks made a record: a digest of their code, so that no one has to remember to count a version up."""

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

CHECKS = (
    "schemas",
    "agent/claims.py",
    "agent/grounding*",
    "agent/headline*",
    "agent/numbers*",
    "agent/papers.py",
    "agent/records*",
    "agent/model",
)
"""The files, and packages of that name, that make a record out of a model's answers.

More than need be rather than less: to check an answer again takes milliseconds and no request."""


@cache
def checks_digest(root: Path = ROOT) -> str:
    """16 hexadecimal digits that change when a file of CHECKS below `root` changes, comes or goes."""
    digest = hashlib.sha256()
    for path in files_of_the_checks(root):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def files_of_the_checks(root: Path = ROOT) -> list[Path]:
    """The files below `root` that the digest is made of."""
    found = {path for pattern in CHECKS for path in root.glob(pattern)}
    return sorted(
        path for path in found | {inner for outer in found for inner in outer.rglob("*")} if path.suffix == ".py"
    )
