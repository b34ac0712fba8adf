"""A state of batches that somebody else wrote: no file outside its folder is read, written or deleted."""

import json
from pathlib import Path

import pytest

from agent.model.batchstate import Batch, BatchState

NAME = f"{'0' * 32}.jsonl"


@pytest.mark.parametrize("name", ["../precious.jsonl", "/etc/hostname", f"../{NAME}", f"a/{NAME}", f"{NAME}\n", ""])
def test_a_path_out_of_the_folder_makes_the_state_a_damaged_one(name: str, tmp_path: Path) -> None:
    precious = tmp_path / "precious.jsonl"
    precious.write_text("precious")
    folder = tmp_path / "batches"
    folder.mkdir()
    planted = {"mark": "m", "service": "s", "keys": [], "id": "b", "status": "done", "answers": [name]}
    (folder / "state.json").write_text(json.dumps(planted) + "\n")
    notices: list[str] = []
    state = BatchState(folder, notices.append)
    state.forget(state.batches)
    assert state.batches == []
    assert len(notices) == 1
    assert precious.read_text() == "precious"


def test_planted_links_are_replaced_and_not_written_through(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    state = BatchState(tmp_path / "batches", pytest.fail)
    for name in ("state.part", NAME):
        (state.folder / name).symlink_to(precious)
    batch = Batch(mark="m", service="s", keys=[])
    state.keep(batch, NAME, b"{}\n")
    state.add(batch)
    assert precious.read_text() == "precious"
    assert (state.folder / NAME).read_bytes() == b"{}\n"
    assert BatchState(state.folder, pytest.fail).batches == [batch]
