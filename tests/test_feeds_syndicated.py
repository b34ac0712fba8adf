"""Atom and RSS."""

from pathlib import Path

import pytest

from agent.errors import InputError
from agent.feeds import atom, read_feed
from agent.papers import Paper, Skipped

FEEDS = Path(__file__).parent / "feeds"


def test_the_arxiv_api_s_answer_is_read_under_the_arxiv_ids() -> None:
    first, second = read_feed(FEEDS / "arxiv-api.atom", "answer")
    assert first == Paper(
        "2401.90001",
        "Quick Tiles: Blocked Products on Small Accelerators",
        "We cut a matrix product into tiles, with n < 64, and are 2.1x faster than cuBLAS on an NVIDIA A100 GPU.",
        "answer",
        6,
    )
    assert second == Skipped("answer", 15, 'no abstract for "No Summary Here"')


def test_descriptions_in_html_become_text_and_announcements_are_taken_off() -> None:
    first, second = read_feed(FEEDS / "announcements.rss", "news")
    assert first == Paper(
        "2401.90004", "Fast Joins", "We join tables 3x faster than a hash join on one CPU.", "news", 5
    )
    assert second == Paper(
        "https://example.org/5", "Marked Up", "We halve the latency for n < 9. Accuracy drops\xa0a little.", "news", 11
    )


def test_an_entry_that_is_cut_off_is_not_used_and_the_place_is_named() -> None:
    whole = (FEEDS / "announcements.rss").read_bytes()
    found = list(read_feed(whole[: whole.index(b"latency")], "news"))
    assert [entry.title for entry in found if isinstance(entry, Paper)] == ["Fast Joins"]
    assert any("not well-formed XML" in str(entry) for entry in found)


def test_entities_can_neither_read_files_nor_grow_without_bound() -> None:
    entities = "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    head = f'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY a "lol">{entities}]>'
    item = "<item><title>T</title><description>before &x; &i; after</description></item>"
    found = list(read_feed(f'<?xml version="1.0"?>{head}<rss version="2.0"><channel>{item}</channel></rss>'.encode()))
    papers = [entry for entry in found if isinstance(entry, Paper)]
    assert len(papers) == 1
    assert len(papers[0].abstract) < 40


def test_an_address_within_a_feed_is_not_opened() -> None:
    with pytest.raises(InputError, match="one line only"):
        read_feed(b"https://example.org/feed.xml")


def test_xml_that_is_no_feed_is_refused() -> None:
    with pytest.raises(InputError, match="no Atom or RSS feed"):
        list(read_feed(b"<?xml version='1.0'?><a><b/></a>"))


def test_a_feed_over_the_limit_is_refused_with_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atom, "LIMIT", 1 << 20)
    with pytest.raises(InputError, match=r"big: an Atom or RSS feed of over 1 MB is not read; split it"):
        list(read_feed(b"<rss>" + b" " * (1 << 20), "big"))


def test_an_atom_feed_in_utf_16_is_read() -> None:
    text = (FEEDS / "announcements.rss").read_text(encoding="utf-8").replace("UTF-8", "UTF-16")
    assert len([entry for entry in read_feed(text.encode("utf-16")) if isinstance(entry, Paper)]) == 2


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br>b", "a\nb"),
        ("<p>a</p>b", "\na\nb"),
        ("10<sup>3</sup> &times; &lt;b&gt;", "103 × <b>"),
        ("a<script>alert(1)</script>b<style>p {}</style>c", "abc"),
        ("a < b &amp; c", "a < b & c"),
    ],
)
def test_html_becomes_the_text_that_a_reader_sees(html: str, text: str) -> None:
    assert atom.text_of_html(html) == text


def test_a_description_far_too_long_for_an_abstract_is_named_without_being_parsed() -> None:
    item = f"<item><title>T</title><description><![CDATA[{'<!--<p <a href=' * 50_000}]]></description></item>"
    (found,) = read_feed(f'<rss version="2.0"><channel>{item}</channel></rss>'.encode(), "news")
    assert "750,000 characters" in str(found)


def test_html_that_no_parser_reads_costs_its_entry_alone() -> None:
    items = "".join(
        f"<item><title>T</title><description>{text}</description></item>"
        for text in ("&lt;p&gt;a &lt;![CD b&lt;/p&gt;", "We are fast.")
    )
    found = list(read_feed(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode(), "news"))
    assert len(found) == 2
    assert isinstance(found[1], Paper)


def test_xml_that_makes_the_parser_fail_is_refused() -> None:
    with pytest.raises(InputError, match="news: cannot be read as Atom or RSS"):
        list(read_feed(b'<?xml version="1.0" encoding="\xff"?>\n<rss version="2.0"><channel></channel></rss>', "news"))
