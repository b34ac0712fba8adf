"""A cache folder that somebody else wrote: nothing in it is run, opened outside the folder, or deleted."""

import json
import pickle
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from agent.cache import Cache, cache_check, cache_clear, cache_info
from agent.cache.disk import TextDisk
from agent.cache.folder import DATABASE
from agent.errors import InputError
from tests.cache_samples import ENTRY, fill, key, parts


class Payload:
    """Unpickling it creates a file."""

    def __init__(self, planted: Path) -> None:
        self.planted = planted

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.planted,)


def tamper(folder: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as db:
        assert db.execute(statement, values).rowcount == 1


def use_everything(folder: Path) -> list[str]:
    """Whatever a user can do with a cache, all of it."""
    notices: list[str] = []
    with Cache(folder, notices.append) as cache:
        cache.get(key(0))
        cache.explain(parts(0))
        cache.put(key(0), ENTRY, parts(0))
        assert cache.get(key(0)) == ENTRY
    cache_info(folder)
    cache_check(folder)
    cache_clear(folder)
    return notices


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    return tmp_path / "planted"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(tmp_path / "cache", 3)
    return tmp_path / "cache"


def test_the_payload_of_these_tests_works(planted: Path) -> None:
    pickle.loads(pickle.dumps(Payload(planted)))
    assert planted.exists()


def test_a_pickle_in_a_row_is_not_read_and_the_run_says_so(folder: Path, planted: Path) -> None:
    tamper(folder, "UPDATE Cache SET mode = 4, value = ? WHERE key = ?", pickle.dumps(Payload(planted)), key(0))
    assert cache_check(folder).problems == (
        "1 rows are unsound and are never used: a row of mode 4 is not text; it was not read",
    )
    (notice,) = use_everything(folder)
    assert notice.endswith("a row of mode 4 is not text; it was not read: the answer is asked for again")
    assert not planted.exists()


@pytest.mark.parametrize("raw", [0, 1])
def test_a_pickle_in_a_key_is_not_read(folder: Path, planted: Path, raw: int) -> None:
    tamper(folder, "UPDATE Cache SET raw = ?, key = ? WHERE key = ?", raw, pickle.dumps(Payload(planted)), key(1))
    assert not cache_check(folder).sound
    use_everything(folder)
    assert not planted.exists()


@pytest.mark.parametrize("mode", [2, 3, 4])
def test_a_file_that_a_row_names_is_neither_read_nor_run(folder: Path, planted: Path, mode: int) -> None:
    value = folder / "ab" / "cd" / "0123456789abcdef01234567.val"
    value.parent.mkdir(parents=True)
    value.write_bytes(pickle.dumps(Payload(planted)))
    name = str(value.relative_to(folder))
    tamper(folder, "UPDATE Cache SET mode = ?, filename = ?, value = NULL WHERE key = ?", mode, name, key(0))
    assert len(cache_check(folder).problems) == 2
    (notice,) = use_everything(folder)
    assert "is not text" in notice
    assert not planted.exists()


@pytest.mark.parametrize("mode", [1, 3, 4])
def test_a_row_cannot_have_a_file_outside_the_folder_read_or_deleted(folder: Path, tmp_path: Path, mode: int) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text(ENTRY.to_text())
    tamper(folder, "UPDATE Cache SET mode = ?, filename = '../precious.txt' WHERE key = ?", mode, key(0))
    with Cache(folder, lambda notice: None) as cache:
        assert cache.get(key(0)) is None
    use_everything(folder)
    assert precious.read_text() == ENTRY.to_text()


@pytest.mark.parametrize("value", [None, 1, 2.5, b"\xff\xfe", b"{}", "{}", "[" * 100_000])
def test_a_row_that_holds_something_else_is_a_miss(folder: Path, value: object) -> None:
    tamper(folder, "UPDATE Cache SET value = ? WHERE key = ?", value, key(0))
    assert not cache_check(folder).sound
    (notice,) = use_everything(folder)
    assert notice.startswith(f"cache {folder}: ")
    assert "\n" not in notice


def test_text_that_is_not_utf_8_is_a_miss(folder: Path) -> None:
    tamper(folder, "UPDATE Cache SET value = CAST(x'7bff7d' AS TEXT) WHERE key = ?", key(0))
    (notice,) = use_everything(folder)
    assert "the answer is asked for again" in notice


def test_tags_that_perfclaims_did_not_write_are_passed_over(folder: Path) -> None:
    escape = json.dumps(parts()._replace(model="\x1b[2J"))
    for number, tag in enumerate(["[" * 100_000, b"\x80", escape]):
        tamper(folder, "UPDATE Cache SET tag = ? WHERE key = ?", tag, key(number))
    assert cache_info(folder).models == (("unknown", 3),)
    assert use_everything(folder) == []


def test_a_link_is_not_followed_to_make_a_file_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / DATABASE).symlink_to(tmp_path / "elsewhere")
    notices: list[str] = []
    Cache(tmp_path / "cache", notices.append).close()
    assert len(notices) == 1
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("name", ["get", "_directory", "sqlite_bogus; DROP TABLE Cache", "disk_bogus", "tag_index2"])
def test_settings_of_others_are_removed_before_diskcache_acts_on_them(folder: Path, name: str) -> None:
    tamper(folder, "INSERT INTO Settings VALUES (?, '/etc')", name)
    assert cache_check(folder).problems == (f"a setting that perfclaims never makes: {name!r}",)
    assert use_everything(folder) == [f"cache {folder}: settings that perfclaims never makes were removed from it"]


def test_the_cache_s_own_settings_overrule_those_in_the_folder(folder: Path) -> None:
    tamper(folder, "UPDATE Settings SET value = 'least-recently-used' WHERE key = 'eviction_policy'")
    tamper(folder, "UPDATE Settings SET value = 1 WHERE key = 'size_limit'")
    tamper(folder, "UPDATE Settings SET value = 10 WHERE key = 'cull_limit'")
    with Cache(folder, pytest.fail) as cache:
        for number in range(50):
            cache.put(key(number), ENTRY, parts(number))
        assert all(cache.get(key(number)) == ENTRY for number in range(50))


def test_no_other_type_than_text_can_be_stored() -> None:
    disk = TextDisk("")
    for value in (None, 1, b"x", ("a",), Payload(Path())):
        with pytest.raises(InputError, match="is not text; it was refused"):
            disk.store(value, read=False)
        with pytest.raises(InputError, match="is not text; it was refused"):
            disk.put(value)
