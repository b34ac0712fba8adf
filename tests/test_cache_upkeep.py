import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from agent.cache import Cache, Cleared, Holdings, Soundness, cache_check, cache_clear, cache_info
from agent.cache.folder import DATABASE
from agent.errors import InputError
from tests.cache_samples import ENTRY, fill, key, parts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cache").mkdir(mode=0o700)
    fill(tmp_path / "cache", 300)
    return tmp_path / "cache"


def damage(folder: Path, start: int = 0) -> None:
    with (folder / DATABASE).open("r+b") as file:
        file.seek(start)
        file.write(b"\xff" * 4096)


def test_info_counts_entries_bytes_models_and_prompts(folder: Path) -> None:
    with Cache(folder, pytest.fail) as cache:
        cache.put(key(300), replace(ENTRY, model="small-2"), parts(300)._replace(model="small-2", prompt="b"))
    info = cache_info(folder)
    assert (info.folder, info.format, info.entries) == (folder, 1, 301)
    assert info.bytes == sum(file.stat().st_size for file in folder.iterdir())
    assert info.models == (("small-1", 300), ("small-2", 1))
    assert info.prompts == ((parts().prompt, 300), ("b", 1))
    assert info.oldest is not None
    assert info.newest is not None
    assert info.oldest < info.newest
    assert info.aside == ()


def test_info_and_check_make_nothing(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    assert cache_info(absent) == Holdings(absent)
    assert cache_check(absent) == Soundness(absent, 0, ())
    assert cache_clear(absent) == Cleared(absent, 0, 0)
    assert not absent.exists()


def test_a_sound_cache_is_sound(folder: Path) -> None:
    assert cache_check(folder) == Soundness(folder, 300, ())
    assert cache_check(folder).sound


def test_info_and_check_leave_the_cache_as_it_is(folder: Path) -> None:
    before = (folder / DATABASE).read_bytes()
    cache_info(folder)
    cache_check(folder)
    assert [file.name for file in folder.iterdir()] == [DATABASE]
    assert (folder / DATABASE).read_bytes() == before


def test_a_cache_in_use_can_be_looked_at(folder: Path) -> None:
    with Cache(folder, pytest.fail) as cache:
        cache.put(key(300), ENTRY, parts(300))
        assert cache_info(folder).entries == 301
        assert cache_check(folder) == Soundness(folder, 301, ())


def test_a_garbage_header_is_found(folder: Path) -> None:
    damage(folder)
    assert cache_check(folder) == Soundness(folder, 0, ("file is not a database",))
    with pytest.raises(InputError, match=r"damaged \(file is not a database\); `perfclaims cache clear` empties it"):
        cache_info(folder)


def test_a_cut_database_is_found(folder: Path) -> None:
    os.truncate(folder / DATABASE, 40_960)
    assert cache_check(folder).problems == ("database disk image is malformed",)


@pytest.mark.parametrize("where", [0.2, 0.5, 0.9])
def test_a_damaged_page_is_found(folder: Path, where: float) -> None:
    damage(folder, int((folder / DATABASE).stat().st_size // 4096 * where) * 4096)
    assert not cache_check(folder).sound


def test_a_folder_that_others_can_write_to_is_found(folder: Path) -> None:
    folder.chmod(0o777)
    assert cache_check(folder).problems == ("other users can write to the folder (mode 777; chmod 700 ends that)",)


def test_clear_removes_every_entry_and_gives_the_room_back(folder: Path) -> None:
    before = (folder / DATABASE).stat().st_size
    cleared = cache_clear(folder)
    assert cleared.entries == 300
    assert cleared.bytes == before - (folder / DATABASE).stat().st_size
    assert cleared.bytes > 0.8 * before
    assert cache_info(folder).entries == 0
    fill(folder, 3)


def test_clear_shows_in_a_run_that_goes_on(folder: Path) -> None:
    with Cache(folder, pytest.fail) as cache:
        cache_clear(folder)
        assert cache.get(key(0)) is None
        cache.put(key(0), ENTRY, parts(0))
    assert cache_info(folder).entries == 1


def test_clear_removes_a_damaged_cache_and_those_that_were_renamed(folder: Path) -> None:
    damage(folder)
    Cache(folder, lambda notice: None).close()
    assert len(cache_info(folder).aside) == 1
    damage(folder)
    cache_clear(folder)
    assert list(folder.iterdir()) == []


def test_nothing_of_another_program_is_looked_at_or_removed(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE)) as db:
        db.execute("CREATE TABLE Cache (key)")
    before = (tmp_path / DATABASE).read_bytes()
    for upkeep in (cache_info, cache_check, cache_clear):
        with pytest.raises(InputError, match=r"its cache.db belongs to another program; --cache DIR names another"):
            upkeep(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == before


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for upkeep in (cache_info, cache_check, cache_clear):
        with pytest.raises(InputError, match="it is not a folder; --cache DIR names another"):
            upkeep(tmp_path / "file")


def test_a_locked_cache_is_not_cleared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.cache.upkeep._PATIENCE", 0.02)
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(InputError, match="database is locked"):
            cache_clear(folder)
    assert cache_info(folder).entries == 300


def test_a_cache_never_closed_is_read_whole(tmp_path: Path) -> None:
    script = (
        "import os, sys; from agent.cache import Cache; from tests.cache_samples import *\n"
        "cache = Cache(sys.argv[1], sys.exit); cache.put(key(), ENTRY, parts()); os._exit(7)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False).returncode == 7
    assert (tmp_path / f"{DATABASE}-wal").exists()
    assert cache_info(tmp_path).entries == 1
    assert cache_check(tmp_path).entries == 1
