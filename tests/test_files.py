"""What becomes of files: only those that were named are written, through no link that somebody planted."""

import json
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from agent.cache import Cache
from agent.commands.app import run
from tests.conftest import ABSTRACT
from tests.test_batch import only_line

TITLES = (
    "../../escaped",
    "/etc/passwd",
    "con.jsonl",
    "a\x00b",
    "$(touch pwned)",
    "`touch pwned`",
    "%s%n",
    "..",
    "~root",
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and permissions are those of POSIX")


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    path = tmp_path / "feed.jsonl"
    path.write_text("".join(json.dumps({"id": t, "title": t, "abstract": ABSTRACT}) + "\n" for t in TITLES))
    return path


def batch(feed: Path, output: str, *options: str) -> int:
    return run(["batch", str(feed), "--engine", "rules", "-o", output, *options])


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".md", ".html", ".bib", ".jsonl.gz", ".parquet"])
def test_no_path_is_made_of_what_a_paper_says(suffix: str, feed: Path) -> None:
    before = set(feed.parent.rglob("*"))
    assert batch(feed, f"claims{suffix}") == 0
    assert set(feed.parent.rglob("*")) - before == {feed.parent / "here" / f"claims{suffix}"}


def test_a_planted_link_in_place_of_the_part_is_not_written_through(
    feed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    precious = feed.with_name("precious")
    precious.write_text("precious")
    Path("claims.jsonl.part").symlink_to(precious)
    for options in ([], ["--resume"]):
        assert batch(feed, "claims.jsonl", *options) == 1
        assert "claims.jsonl.part: is a link, which perfclaims never makes; remove it" in only_line(capsys)
    assert precious.read_text() == "precious"


def test_links_that_lead_nowhere_are_named(feed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("loop.jsonl").symlink_to("loop.jsonl")
    Path("dangling.jsonl").symlink_to("none/claims.jsonl")
    for name in ("loop.jsonl", "dangling.jsonl"):
        assert batch(feed, name) == 1
        assert f"{name}: cannot be written" in only_line(capsys)


def test_a_link_to_a_file_is_kept_and_the_file_replaced(feed: Path) -> None:
    Path("elsewhere").mkdir()
    Path("claims.jsonl").symlink_to("elsewhere/real.jsonl")
    assert batch(feed, "claims.jsonl") == 0
    assert Path("claims.jsonl").is_symlink()
    assert [path.name for path in Path("elsewhere").iterdir()] == ["real.jsonl"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_that_is_replaced_keeps_its_permissions(mode: int, feed: Path) -> None:
    Path("claims.jsonl").touch()
    Path("claims.jsonl").chmod(mode)
    assert batch(feed, "claims.jsonl") == 0
    assert stat.S_IMODE(Path("claims.jsonl").stat().st_mode) == mode


def test_a_pipe_is_written_to_and_stays_one(feed: Path) -> None:
    os.mkfifo("claims.jsonl")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(Path("claims.jsonl").read_bytes()), daemon=True)
    reader.start()
    assert batch(feed, "claims.jsonl") == 0
    reader.join(10)
    assert len(read[0].splitlines()) == len(TITLES)
    assert Path("claims.jsonl").is_fifo()
    assert not Path("claims.jsonl.part").exists()
    assert batch(feed, "claims.jsonl", "--resume") == 1


def test_a_device_is_written_to_and_stays_one(feed: Path) -> None:
    parent, child = os.openpty()
    Path("screen.bib").symlink_to(os.ttyname(child))
    small = feed.with_name("small.jsonl")
    small.write_text(json.dumps({"title": "T", "abstract": ABSTRACT}))
    assert batch(small, "screen.bib") == 0
    assert os.read(parent, 10).startswith(b"@")
    assert stat.S_ISCHR(Path("screen.bib").stat().st_mode)
    os.close(parent)
    os.close(child)


def test_the_folder_of_the_output_is_where_its_part_is(feed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("out").mkdir()
    seen: list[set[str]] = []
    replace = Path.replace

    def watched(path: Path, target: Path) -> Path:
        seen.append({beside.name for beside in path.parent.iterdir()})
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", watched)
    assert batch(feed, "out/claims.csv") == 0
    assert seen == [{"claims.csv.part"}]
    assert {path.name for path in Path("out").iterdir()} == {"claims.csv"}


def test_a_feed_may_be_replaced_by_its_records(feed: Path) -> None:
    Path("same.jsonl").write_bytes(feed.read_bytes())
    assert batch(Path("same.jsonl"), "same.jsonl") == 0
    assert len(Path("same.jsonl").read_text().splitlines()) == len(TITLES)


@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_the_cache_is_for_its_owner_alone_whatever_the_umask(mask: int, tmp_path: Path) -> None:
    before = os.umask(mask)
    try:
        Cache(tmp_path / "cache", pytest.fail).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700
