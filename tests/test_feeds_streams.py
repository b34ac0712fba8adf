"""Opening, unpacking and decoding of feeds, and what is refused as a whole."""

import gzip
import io
import itertools
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import InputError
from agent.feeds import read_feed, streams
from agent.feeds.streams import open_feed
from agent.papers import Paper, Skipped

FEEDS = Path(__file__).parent / "feeds"
PACKERS = {"gzip": gzip.compress, "zstd": zstandard.ZstdCompressor(write_checksum=True).compress}
TITLE_AND_ABSTRACT = "Eins\nWir messen, dass die Übertragung auf einer Maschine schneller ist als zuvor auf ihr.\n"


def json_lines(count: int) -> bytes:
    entries = (
        {"id": str(number), "title": f"T{number}", "abstract": f"{number**9} is fast."} for number in range(count)
    )
    return "".join(json.dumps(entry) + "\n" for entry in entries).encode()


def papers(source: streams.Source) -> list[Paper]:
    return [entry for entry in read_feed(source) if isinstance(entry, Paper)]


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
@pytest.mark.parametrize(
    "name", ["arxiv-snapshot.jsonl", "table.csv", "library.bib", "arxiv-api.atom", "broken-page.txt"]
)
def test_a_packed_feed_is_read_like_the_plain_one(pack: Callable[[bytes], bytes], name: str) -> None:
    plain = (FEEDS / name).read_bytes()
    assert list(read_feed(pack(plain), "feed")) == list(read_feed(plain, "feed"))


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_packed_parts_one_after_the_other_are_all_read(pack: Callable[[bytes], bytes]) -> None:
    assert len(papers(pack(json_lines(3)) * 3)) == 9


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_a_packed_feed_that_breaks_off_keeps_what_was_read_and_reports_the_break(
    pack: Callable[[bytes], bytes],
) -> None:
    packed = pack(json_lines(20_000))
    found = list(read_feed(packed[: len(packed) // 2], "feed"))
    *kept, last = found
    assert len(kept) > 1_000
    assert all(isinstance(entry, Paper) for entry in kept)
    assert isinstance(last, Skipped)
    assert last.lost
    assert (last.line, "breaks off" in last.reason) == (len(kept) + 1, True)


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_what_follows_packed_data_is_reported_and_costs_no_paper(pack: Callable[[bytes], bytes]) -> None:
    found = list(read_feed(pack(json_lines(3).rstrip()) + b"garbage"))
    assert len(found) == 4
    assert isinstance(found[-1], Skipped)
    assert not found[-1].lost


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_a_bomb_is_read_in_bounded_memory(pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(b"One\n" + b"x" * 80_000_000 + b"\nTwo\nWe are fast.\n")
    tracemalloc.start()
    found = list(read_feed(bomb))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [type(entry) for entry in found] == [Skipped, Paper]
    assert peak < 50_000_000


def test_memory_does_not_grow_with_the_length_of_a_feed(tmp_path: Path) -> None:
    peaks = []
    for count in (1_000, 8_000):
        path = tmp_path / f"{count}.jsonl"
        path.write_bytes(json_lines(count))
        tracemalloc.start()
        assert sum(1 for _ in read_feed(path)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 2_000_000


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_is_understood(encoding: str) -> None:
    mark = "\ufeff" if encoding.startswith("utf-16-") else ""
    (paper,) = papers((mark + TITLE_AND_ABSTRACT).encode(encoding))
    assert (paper.title, "Übertragung" in paper.abstract) == ("Eins", True)


def test_bytes_that_are_not_utf_8_are_replaced_and_named_with_their_place() -> None:
    notice, paper = read_feed(TITLE_AND_ABSTRACT.encode("latin-1"), "feed")
    reason = "abstract: character 22 is not text: the byte 0xDC, which is not UTF-8, is replaced by U+FFFD"
    assert notice == Skipped("feed", 1, reason, lost=False)
    assert isinstance(paper, Paper)
    assert "\ufffdbertragung" in paper.abstract


def test_a_nul_is_replaced_and_named_with_its_place() -> None:
    notice, paper = read_feed(TITLE_AND_ABSTRACT.replace("i", "\0", 1).encode(), "feed")
    assert notice == Skipped("feed", 1, "title: character 2 is not text: U+0000 is replaced by U+FFFD", lost=False)
    assert isinstance(paper, Paper)
    assert paper.title == "E\ufffdns"


def test_standard_input_an_open_file_and_bytes_are_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    data = TITLE_AND_ABSTRACT.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert [paper.source for paper in papers("-")] == ["standard input"]
    assert [paper.source for paper in papers(io.BytesIO(data))] == ["uploaded file"]
    assert [paper.source for paper in papers(data)] == ["pasted text"]


def test_an_overlong_line_is_kept_in_part_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LONGEST_LINE", 1_000)
    lines = list(open_feed(b"a\n" + b"x" * 5_000 + b"\nb").lines())
    assert [(line.number, len(line.text), line.overlong) for line in lines] == [
        (1, 1, False),
        (2, 1_000, True),
        (3, 1, False),
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "feed: is empty"),
        (b" \n\n\t\n", "feed: is empty"),
        (b"a single line", "feed: holds one line only"),
        (b"no\nlong\nline", "feed: is of no known format"),
        (bytes(range(256)) * 4, "feed: is binary"),
        (TITLE_AND_ABSTRACT.encode("utf-16-le"), "feed: is binary"),
        ("こんにちは世界\n".encode("shift-jis") * 50, "feed: is not in UTF-8"),
        (b"%PDF-1.7 and so on", "feed: is a PDF; copy"),
        (b"PK\x03\x04 and so on", "feed: is a ZIP archive"),
        (gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "feed: is packed twice; unpack it once"),
        (gzip.compress(b"x" * 99, mtime=0)[:12], "feed: gzip data breaks off before its end; pack or copy it anew"),
        (b"<!DOCTYPE html><html></html>", "feed: is an HTML page; open it in a browser"),
    ],
)
def test_what_is_no_feed_is_refused_at_the_call_with_cause_and_remedy(data: bytes, message: str) -> None:
    with pytest.raises(InputError) as raised:
        read_feed(data, "feed")
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("data", [b"[]", b"title,abstract\n", b'@string{a = "b"}', b'<rss version="2.0"></rss>'])
def test_a_feed_without_an_entry_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="feed: holds no entry; a feed holds at least one title and abstract"):
        list(read_feed(data, "feed"))


def test_a_file_that_is_missing_or_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing\.jsonl: no such file; check the path"):
        read_feed(tmp_path / "missing.jsonl")
    with pytest.raises(InputError, match="is a folder; name the files in it"):
        read_feed(tmp_path)
    with pytest.raises(InputError, match="cannot be opened"):
        read_feed("a\0b")


def test_a_file_that_may_not_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match="may not be read; check its permissions"):
        read_feed(tmp_path / "feed.txt")


def test_a_fault_while_reading_is_named() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError("the disk is gone")

        read1 = read

    with pytest.raises(InputError, match="feed: cannot be read"):
        read_feed(Failing(), "feed")


BEGINNINGS = [
    b"",
    b'{"',
    b'[{"title":',
    b"title,abstract\n",
    b"<rss>",
    b"@a{k, abstract={",
    b"A\nWe are.\n",
    b"\x1f\x8b\x08",
    b"(\xb5/\xfd",
]
MARKS = st.sampled_from([b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"])
TOKENS = st.sampled_from(
    [
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\n",
        b"\r",
        b"\\",
        b"<item>",
        b"@a{",
        b"=",
        b"\0",
        b"abstract",
        b'"abstract"',
    ]
)


@given(
    MARKS | st.just(b""),
    st.sampled_from(BEGINNINGS),
    st.binary(max_size=60) | st.lists(TOKENS, max_size=30).map(b"".join),
)
def test_no_bytes_raise_anything_but_an_input_error(mark: bytes, beginning: bytes, rest: bytes) -> None:
    check_outcome(mark + beginning + rest)


@given(st.binary(max_size=200), st.sampled_from(sorted(PACKERS)), st.integers(0, 300))
def test_no_packed_bytes_raise_anything_but_an_input_error(data: bytes, packer: str, cut: int) -> None:
    check_outcome(PACKERS[packer](b"title,abstract\nA,We are fast.\n" + data)[:cut])


def check_outcome(data: bytes) -> None:
    """A feed gives papers and skips, or an InputError, and all that they say is one line of sound text."""
    said = []
    try:
        said += [
            f"{entry.title}{entry.abstract}" if isinstance(entry, Paper) else str(entry) for entry in read_feed(data)
        ]
    except InputError as refusal:
        said.append(str(refusal))
    assert said
    for text in said:
        assert text.encode("utf-8")
        assert "\n" not in text


def test_the_parsers_of_other_formats_are_not_loaded_for_a_listing() -> None:
    code = (
        "import sys; from agent.feeds import read_feed; list(read_feed(sys.argv[1])); "
        "print(sorted({'feedparser', 'bibtexparser', 'zstandard', 'pyparsing'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(FEEDS / "broken-page.txt")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_pipe_that_stays_open_gives_what_has_come() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "wb", buffering=0) as other_end:
        other_end.write(b'{"id": "a", "abstract": "We win."}\n{"id": "b", "abstract": "We lose."}\n')
        papers = read_feed(pipe, "pipe")
        assert [paper.id for paper in itertools.islice(papers, 2) if isinstance(paper, Paper)] == ["a", "b"]
