"""What is under way at a provider: batches by id, kept in the cache folder so that nobody pays twice for them."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

Status = Literal["intended", "under_way", "done", "failed"]
FileName = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}\.jsonl$")]
"""A file of this folder, and no path that would lead out of it."""


class Batch(BaseModel):
    """One part of a run at the provider: its requests by cache key, and the files of answers once they are here.

    `mark` is what the provider is given to know the part by; `id` is the provider's own, None until it is known.
    """

    model_config = ConfigDict(extra="forbid")

    mark: str
    service: str
    keys: list[str]
    id: str | None = None
    status: Status = "intended"
    reason: str = ""
    answers: list[FileName] = []


class BatchState:
    """The batches of a folder. Every change is on disk before the next request is sent."""

    def __init__(self, folder: Path, notice: Callable[[str], None]) -> None:
        self.folder = folder
        for place in (folder.parent, folder):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = folder / "state.json"
        self.batches: list[Batch] = []
        try:
            lines = self._file.read_text(encoding="utf-8").splitlines()
            self.batches = [Batch.model_validate_json(line) for line in lines]
        except FileNotFoundError:
            pass
        except (ValidationError, UnicodeDecodeError):
            aside = self._file.with_suffix(".damaged")
            self._file.replace(aside)
            notice(f"{self._file}: cannot be read, renamed to {aside.name}; what is under way is not known any more")

    def save(self) -> None:
        """Write the state, whole or not at all."""
        beside = self._file.with_suffix(".part")
        lines = "".join(json.dumps(batch.model_dump()) + "\n" for batch in self.batches)
        self._write(beside, lines.encode())
        beside.replace(self._file)

    def keep(self, batch: Batch, name: str, answers: bytes) -> None:
        """Write a file of a batch's answers, and take it in; `save` makes it known."""
        self._write(self.folder / name, answers)
        batch.answers.append(name)

    def _write(self, path: Path, data: bytes) -> None:
        path.unlink(missing_ok=True)  # a link that somebody planted is not followed
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def add(self, batch: Batch) -> None:
        """Take a batch in, and save."""
        self.batches.append(batch)
        self.save()

    def forget(self, batches: Iterable[Batch]) -> None:
        """Drop batches and their files of answers, and save."""
        gone = list(batches)
        self.batches = [batch for batch in self.batches if batch not in gone]
        self.save()
        for name in (name for batch in gone for name in batch.answers):
            (self.folder / name).unlink(missing_ok=True)
