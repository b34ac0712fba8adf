"""The exports that the look of a page stands beside: Parquet, and BibTeX notes."""

import builtins
import json
from pathlib import Path
from typing import Any

import bibtexparser  # type: ignore[import-untyped]
import pytest

from agent.commands.app import run
from tests.conftest import ABSTRACT, FEED
from tests.report.samples import HOSTILE, HOSTILE_TITLE


def test_parquet_keeps_every_field_of_every_record(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra parquet is not installed")
    for suffix in ("jsonl", "parquet"):
        assert run(["batch", str(FEED), "-o", str(tmp_path / f"claims.{suffix}")]) == 0
    rows = parquet.read_table(tmp_path / "claims.parquet").to_pylist()
    lines = (tmp_path / "claims.jsonl").read_text().splitlines()
    assert len(rows) == len(lines) == 203
    for row, line in zip(rows, lines, strict=True):
        assert without_absent(row) == without_absent(json.loads(line))


def test_parquet_is_written_in_row_groups(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra parquet is not installed")
    feed = tmp_path / "feed.jsonl"
    feed.write_text("".join(json.dumps({"id": str(n), "abstract": "We win."}) + "\n" for n in range(1_001)))
    assert run(["batch", str(feed), "-o", str(tmp_path / "claims.parquet")]) == 0
    file = parquet.ParquetFile(tmp_path / "claims.parquet")
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [1_000, 1]


def test_parquet_without_its_library_names_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    imported = builtins.__import__

    def without(name: str, *given: Any) -> Any:
        if name == "agent.exports.parquet":
            raise ImportError(name="pyarrow")
        return imported(name, *given)

    monkeypatch.setattr(builtins, "__import__", without)
    assert run(["batch", str(FEED), "-o", str(tmp_path / "claims.parquet")]) == 1
    assert "pip install 'perfclaims[parquet]'" in capsys.readouterr().err


def test_packed_parquet_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["batch", str(FEED), "-o", str(tmp_path / "claims.parquet.gz")]) == 2
    assert "leave .gz out" in capsys.readouterr().err


def test_bibtex_notes_keep_the_keys_of_the_feed(tmp_path: Path) -> None:
    feed = tmp_path / "library.bib"
    feed.write_text(f"@article{{doe2024tiles, title = {{Tiles}}, abstract = {{{ABSTRACT}}}}}")
    assert run(["batch", str(feed), "-o", str(tmp_path / "notes.bib")]) == 0
    (entry,) = bibtexparser.loads((tmp_path / "notes.bib").read_text()).entries
    assert entry["ID"] == "doe2024tiles"
    assert entry["note"].startswith("up to 2.5x over cuBLAS on 8 NVIDIA A100 GPUs")
    assert entry["keywords"] == "NVIDIA A100 GPUs, cuBLAS, caveat: trade\\_off"


def test_bibtex_holds_whatever_a_paper_says(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    title = "} @string{x = \\input{secret} % { " + HOSTILE_TITLE
    feed.write_text(json.dumps({"id": "a}b, c", "title": title, "abstract": HOSTILE}))
    assert run(["batch", str(feed), "-o", str(tmp_path / "notes.bib")]) == 0
    (entry,) = bibtexparser.loads((tmp_path / "notes.bib").read_text()).entries
    assert entry["ID"] == "a-b-c"
    assert "\\input" not in entry["title"]


def without_absent(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_absent(each) for key, each in value.items() if each is not None}
    return [without_absent(each) for each in value] if isinstance(value, list) else value
