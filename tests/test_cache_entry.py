import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.cache import Cache, Entry, cache_check, line_of, tail_of
from agent.errors import InputError
from agent.model.usage import Usage
from agent.papers import Paper
from schemas import Provenance, Record
from tests.cache_samples import ENTRY, PAPER, key, parts

ANY_TEXT = st.text(st.characters())
"""All of Unicode, with lone surrogates and NUL."""


@settings(max_examples=40)
@given(st.lists(ANY_TEXT, min_size=1, max_size=40))
def test_whatever_text_goes_in_comes_out_the_same(texts: list[str]) -> None:
    entries = [replace(ENTRY, answers=(text, "next"), model=text) for text in texts]
    with tempfile.TemporaryDirectory() as folder:
        with Cache(folder, pytest.fail) as cache:
            cache.put_many((key(number), entry, parts(number)) for number, entry in enumerate(entries))
            assert [cache.get(key(number)) for number in range(len(entries))] == entries
        assert cache_check(Path(folder)).sound


@pytest.mark.parametrize("text", ["", "\0", "\ud83d\ude00", "\udcff", "😀\u2028\r\n", "x" * 2_000_000])
def test_whatever_text_is_put_on_disk_is_got_in_the_next_run(tmp_path: Path, text: str) -> None:
    entry = replace(ENTRY, answers=("first", text))
    with Cache(tmp_path, pytest.fail) as cache:
        cache.put(key(), entry, parts())
    with Cache(tmp_path, pytest.fail) as cache:
        assert cache.get(key()) == entry


def altered(**changes: object) -> str:
    return json.dumps({**json.loads(ENTRY.to_text()), **changes})


UNSOUND = {
    "no JSON": "{",
    "no object": "[]",
    "nested too deeply": "[" * 100_000,
    "a number too long to read": altered()[:-1] + ',"x":' + "9" * 5000 + "}",
    "a field more": altered(extra=1),
    "a field less": '{"answers":["a"]}',
    "no answers": altered(answers=[]),
    "an answer that is no text": altered(answers=[1]),
    "answers in one text": altered(answers="ab"),
    "usage of two": altered(usage=[1, 2]),
    "usage below zero": altered(usage=[1, 2, -3]),
    "usage that is no count": altered(usage=[1, 2, True]),
    "a model that is no text": altered(model=None),
    "a time that is no number": altered(created="now"),
    "a tail that is no JSON": altered(checked="{"),
    "a tail that is no object": altered(checked="[]"),
    "an empty tail": altered(checked="{}"),
    "a tail with another abstract": altered(checked='{"abstract":"other"}'),
    "a tail that begins another line": altered(checked='{"headline":\n1}'),
}


@pytest.mark.parametrize("text", UNSOUND.values(), ids=UNSOUND)
def test_an_entry_that_perfclaims_did_not_write_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="a cache entry"):
        Entry.from_text(text)


def test_the_tail_counts_only_for_the_checks_that_made_it() -> None:
    assert ENTRY.checked_by(ENTRY.checks) == ENTRY.checked
    assert ENTRY.checked_by("another version") is None


@given(st.text(), st.text(min_size=1), st.text())
def test_the_line_of_a_tail_is_the_record_byte_for_byte(identity: str, abstract: str, title: str) -> None:
    record = Record(
        id=identity,
        title=title,
        abstract=abstract,
        headline=f"no speed claim {abstract}",
        hardware=(),
        baselines=(),
        speedups=(),
        caveats=(),
        provenance=Provenance(engine="llm", model="small-1", prompt="v1", requests=2),
    )
    assert line_of(Paper(identity, title, abstract), tail_of(record)) == record.to_json()


def test_a_line_takes_its_id_from_the_feed_that_asks() -> None:
    line = line_of(PAPER._replace(id="other"), ENTRY.checked)
    assert json.loads(line) == {
        "id": "other",
        "title": PAPER.title,
        "abstract": PAPER.abstract,
        "headline": "no speed claim",
        "provenance": {},
    }


def test_what_could_not_be_read_back_is_not_put(tmp_path: Path) -> None:
    with Cache(tmp_path, pytest.fail) as cache:
        with pytest.raises(InputError, match="a cache entry"):
            cache.put(key(), replace(ENTRY, answers=()), parts())
        assert cache.get(key()) is None


def test_usage_comes_out_as_usage() -> None:
    assert isinstance(Entry.from_text(ENTRY.to_text()).usage, Usage)
