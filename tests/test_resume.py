import gzip
import json
from pathlib import Path

import pytest
import zstandard

from agent.commands.app import run
from agent.exports import frames, sink
from tests.conftest import ABSTRACT


@pytest.fixture(autouse=True)
def _short_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (frames, sink):
        monkeypatch.setattr(module, "TEXTS", 4)
    monkeypatch.setattr("agent.exports.unfinished.TEXTS", 4)


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.jsonl"
    lines = [{"id": f"p{n}", "title": f"T{n}", "abstract": f"{ABSTRACT} Run {n}."} for n in range(11)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def written(feed: Path, name: str, *options: str) -> bytes:
    output = feed.with_name(name)
    assert run(["batch", str(feed), "-o", str(output), *options]) == 0
    assert not output.with_name(f"{name}.part").exists()
    return output.read_bytes()


@pytest.mark.parametrize("name", ["claims.jsonl", "claims.jsonl.gz", "claims.jsonl.zst"])
@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.77, 0.99])
def test_a_resumed_run_ends_with_the_bytes_of_an_undisturbed_one(name: str, share: float, feed: Path) -> None:
    whole = written(feed, name)
    feed.with_name(f"{name}.part").write_bytes(whole[: int(len(whole) * share)])
    assert written(feed, name, "--resume") == whole


@pytest.mark.parametrize(("suffix", "unpack"), [(".gz", gzip.decompress), (".zst", None)])
def test_a_packed_file_holds_the_same_lines(suffix: str, unpack: object, feed: Path) -> None:
    packed = written(feed, f"claims.jsonl{suffix}")
    if unpack is None:
        text = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True).read()
    else:
        text = gzip.decompress(packed)
    assert text == written(feed, "claims.jsonl")


def test_there_must_be_something_to_resume(feed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["batch", str(feed), "-o", str(feed.with_name("claims.jsonl")), "--resume"]) == 1
    assert "nothing to resume; run without --resume" in capsys.readouterr().err


def test_the_records_of_another_feed_are_not_gone_on_with(feed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feed.with_name("claims.jsonl.part").write_bytes(b'{"id":"stranger","title":""}\n')
    assert run(["batch", str(feed), "-o", str(feed.with_name("claims.jsonl")), "--resume"]) == 1
    assert "'stranger' is there, which is not the feed's next" in capsys.readouterr().err
    assert feed.with_name("claims.jsonl.part").exists()


def test_what_is_no_record_is_not_gone_on_with(feed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feed.with_name("claims.jsonl.part").write_bytes(b"something else\n")
    assert run(["batch", str(feed), "-o", str(feed.with_name("claims.jsonl")), "--resume"]) == 1
    assert "claims.jsonl.part:1: is no record" in capsys.readouterr().err


@pytest.mark.parametrize("options", [["-o", "claims.csv"], []])
def test_only_json_lines_can_be_resumed(options: list[str], feed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["batch", str(feed), "--resume", *options]) == 2
    assert "--resume goes on with a .jsonl file" in capsys.readouterr().err
