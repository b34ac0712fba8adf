import csv
import gzip
import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from agent.commands.app import run
from schemas import Record
from tests.conftest import ABSTRACT, FEED


def lines(*abstracts: str) -> str:
    return "".join(
        json.dumps({"id": f"p{n}", "title": f"Paper {n}", "abstract": a}) + "\n" for n, a in enumerate(abstracts)
    )


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.jsonl"
    path.write_text(lines(ABSTRACT, "We describe a method."))
    return path


def records_of(text: str) -> list[Record]:
    return [Record.model_validate_json(line) for line in text.splitlines()]


def only_line(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("perfclaims: ")
    assert "Traceback" not in err
    assert err.count("\n") == 1
    return err


def test_the_users_feed_gives_203_valid_records_in_feed_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["batch", str(FEED)]) == 0
    out, err = capsys.readouterr()
    records = records_of(out)
    assert len(records) == 203
    assert records[0].title.startswith("FastSR-NeRF")
    assert "203 records, 203 by rules" in err
    for record in records:
        for item in (*record.hardware, *record.baselines, *record.speedups, *record.caveats):
            assert record.text_of(item)[slice(*item.span)] == item.passage


def test_a_feed_comes_from_standard_input(
    feed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(feed.read_bytes())))
    assert run(["batch", "-"]) == 0
    assert [record.id for record in records_of(capsys.readouterr().out)] == ["p0", "p1"]


def test_several_feeds_follow_one_another(feed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed = tmp_path / "more.jsonl.gz"
    packed.write_bytes(gzip.compress(lines("Another abstract.").encode()))
    assert run(["batch", str(feed), str(packed)]) == 0
    assert [record.abstract for record in records_of(capsys.readouterr().out)][2] == "Another abstract."


def test_the_same_paper_twice_gives_two_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text(lines(ABSTRACT).strip() + "\r\n" + lines(ABSTRACT))
    assert run(["batch", str(feed)]) == 0
    first, second = records_of(capsys.readouterr().out)
    assert first == second


def test_a_file_is_there_only_when_it_is_whole(feed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "claims.jsonl"
    assert run(["batch", str(feed), "-o", str(output)]) == 0
    assert len(records_of(output.read_text())) == 2
    assert capsys.readouterr().out == ""
    assert not list(tmp_path.glob("*.part"))


def test_a_symbolic_link_is_followed(feed: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "claims.jsonl"
    link.symlink_to(tmp_path / "elsewhere" / "target.jsonl")
    assert run(["batch", str(feed), "-o", str(link)]) == 0
    assert link.is_symlink()
    assert len(records_of((tmp_path / "elsewhere" / "target.jsonl").read_text())) == 2


def test_csv_has_a_row_a_claim_and_one_for_a_paper_without_any(feed: Path, tmp_path: Path) -> None:
    assert run(["batch", str(feed), "-o", str(tmp_path / "claims.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "claims.csv").open(newline="")))
    assert [(row["id"], row["field"]) for row in rows] == [
        ("p0", "hardware"),
        ("p0", "baselines"),
        ("p0", "speedups"),
        ("p0", "caveats"),
        ("p1", "none"),
    ]
    assert rows[2]["factor_high"] == "2.5"


def test_wide_csv_has_a_row_a_paper(feed: Path, tmp_path: Path) -> None:
    assert run(["batch", str(feed), "--wide", "-o", str(tmp_path / "claims.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "claims.csv").open(newline="")))
    assert [row["speedups"] for row in rows] == ["up to 2.5x", ""]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(start: str, tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text(json.dumps({"title": f"x{start}cmd()", "abstract": ABSTRACT, "id": f"{start}cmd()"}))
    assert run(["batch", str(feed), "-o", str(tmp_path / "claims.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "claims.csv").open(newline="")))
    assert {row["id"] for row in rows} == {f"'{start.strip()}cmd()"}
    assert {row["title"][0] for row in rows} == {"x"}


def test_markdown_shows_markup_as_text(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    title = "<img src=x> [a](javascript:b) | `c` https://d.example"
    feed.write_text(json.dumps({"title": title, "abstract": ABSTRACT}))
    assert run(["batch", str(feed), "-o", str(tmp_path / "claims.md")]) == 0
    row = (tmp_path / "claims.md").read_text().splitlines()[2]
    assert row.startswith(r"| &lt;img src=x&gt; \[a\]\(javascript:b\) \| \`c\` https&#58;//d.example |")


def test_what_cannot_be_used_is_named_by_its_line_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text(lines(ABSTRACT, "", "x" * 1_000_000, "One\x00 more."))
    assert run(["batch", str(feed)]) == 0
    out, err = capsys.readouterr()
    assert [record.id for record in records_of(out)] == ["p0", "p3"]
    assert f"{feed}:2: no abstract" in err
    assert f"{feed}:3: the text has 1,000,000 characters" in err
    assert f"{feed}:4: abstract: character 4 is not text: U+0000" in err
    assert "2 entries skipped" in err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\x00\x01\x02\xff\xfe\x00binary" * 50, "binary"),
        (b"Just one line without anything after it", ""),
        (b'{"title": "A title and nothing else"}\n', "no abstract in it can be used"),
    ],
)
def test_a_feed_without_any_abstract_is_an_error(
    content: bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = tmp_path / "feed"
    feed.write_bytes(content)
    assert run(["batch", str(feed)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert f"{feed}" in err
    assert says in err


def test_a_missing_feed_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["batch", str(tmp_path / "none.txt")]) == 1
    assert "none.txt: no such file" in only_line(capsys)


def test_a_folder_is_no_feed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["batch", str(tmp_path)]) == 1
    assert "is a folder" in only_line(capsys)


@pytest.mark.parametrize("name", ["claims.docx", "claims"])
def test_an_unknown_suffix_is_wrong_usage(
    name: str, feed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["batch", str(feed), "-o", str(tmp_path / name)]) == 2
    assert ".jsonl" in only_line(capsys)


def test_a_folder_that_is_not_there_is_named(feed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["batch", str(feed), "-o", str(tmp_path / "none" / "claims.csv")]) == 1
    assert "cannot be written" in only_line(capsys)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_named(feed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert run(["batch", str(feed), "-o", str(folder / "claims.csv")]) == 1
    assert "cannot be written" in only_line(capsys)


def test_wrong_usage_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["batch", "--nonsense"]) == 2
    line = only_line(capsys)
    assert "No such option: --nonsense" in line
    assert line.endswith("see 'perfclaims batch --help'\n")


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m agent batch {FEED} | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False)
    assert done.returncode == 0
    assert done.stdout.count(b"\n") == 1
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr


def test_neither_openai_nor_instructor_is_imported_by_the_rules() -> None:
    code = (
        "import sys; from agent import summarize; from agent.commands.app import run; "
        f"summarize('We win.', engine='rules'); run(['batch', {str(FEED)!r}]); "
        "print([name for name in ('openai', 'instructor') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stderr.endswith(b"[]\n")
