"""Whatever is wrong with the folder, the run goes on, says so in one line, and loses nothing that can be kept."""

import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from agent.cache import Cache
from agent.cache.database import FORMAT, State
from agent.cache.folder import DATABASE
from tests.cache_samples import ENTRY, fill, key, parts

COUNT = 300
NOBODY = 65534


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(tmp_path / "cache", COUNT)
    return tmp_path / "cache"


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that an unprivileged user can reach."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name) / "cache"
        if (Path(name) / "cache").exists():
            (Path(name) / "cache").chmod(0o700)


@contextmanager
def without_privileges(*owned: Path) -> Iterator[None]:
    """Permissions mean nothing to root: a test that runs as root becomes nobody."""
    if os.geteuid():
        yield
        return
    for path in owned:
        os.chown(path, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def run(folder: Path, count: int = 3) -> list[str]:
    """A run that asks for entries and puts them; says what it was told."""
    notices: list[str] = []
    with Cache(folder, notices.append, patience=0.02) as cache:
        for number in range(count):
            cache.get(key(number))
            cache.put(key(number), ENTRY, parts(number))
    assert not [notice for notice in notices if "\n" in notice or not notice.startswith(f"cache {folder}: ")]
    return notices


def found(folder: Path) -> int:
    with Cache(folder, pytest.fail) as cache:
        return sum(cache.get(key(number)) == ENTRY for number in range(COUNT))


def overwrite(folder: Path, start: int, data: bytes) -> None:
    with (folder / DATABASE).open("r+b") as file:
        file.seek(start)
        file.write(data)


def execute(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a garbage header": lambda folder: overwrite(folder, 0, b"garbage" * 20),
    "no database at all": lambda folder: (folder / DATABASE).write_bytes(b"<html>" * 1000),
    "cut in the middle": lambda folder: os.truncate(folder / DATABASE, 40_960),
    "cut within a page": lambda folder: os.truncate(folder / DATABASE, 5_000),
    "cut to nothing but its header": lambda folder: os.truncate(folder / DATABASE, 100),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_database_is_renamed_and_a_new_one_begun(folder: Path, damage: Callable[[Path], object]) -> None:
    damage(folder)
    before = (folder / DATABASE).read_bytes()
    (notice,) = run(folder)
    (aside,) = folder.glob(f"{DATABASE}.damaged-*")
    assert aside.name in notice
    assert "it was damaged (" in notice
    assert aside.read_bytes() == before
    assert found(folder) >= 3
    assert run(folder) == []


@pytest.mark.parametrize("where", [0.2, 0.5, 0.8])
def test_what_can_be_read_of_a_damaged_database_is_taken_over(folder: Path, where: float) -> None:
    pages = (folder / DATABASE).stat().st_size // 4096
    overwrite(folder, int(pages * where) * 4096, b"\xff" * 4096)
    notices = run(folder, COUNT)
    assert len(notices) == 1
    assert COUNT / 2 < int(notices[0].split("; ")[-1].removesuffix(" entries were saved from it")) < COUNT
    assert found(folder) == COUNT


def test_damage_that_shows_while_the_run_goes_on_costs_only_what_was_damaged(folder: Path) -> None:
    notices: list[str] = []
    with Cache(folder, notices.append) as cache:
        assert cache.get(key(0)) == ENTRY
        DAMAGE["cut in the middle"](folder)
        kept = sum(cache.get(key(number)) is not None for number in range(COUNT))
        for number in range(COUNT):
            cache.put(key(number), ENTRY, parts(number))
    assert len(notices) == 1
    assert 0 < kept < COUNT
    assert found(folder) == COUNT


def test_a_damaged_database_that_another_process_has_open_is_left_to_it(folder: Path) -> None:
    script = "import sys; from agent.cache import Cache; cache = Cache(sys.argv[1], print); print(); input()"
    command = [sys.executable, "-c", script, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == b"\n"
        DAMAGE["a garbage header"](folder)
        (notice,) = run(folder)
        other.stdin.close()
    assert "cannot be renamed (another process has it open)" in notice
    assert not list(folder.glob("*damaged*"))


def test_a_second_damaged_database_does_not_replace_the_first(folder: Path) -> None:
    for _ in range(2):
        DAMAGE["a garbage header"](folder)
        run(folder)
    assert len(list(folder.glob(f"{DATABASE}.damaged-*"))) == 2


DROPPED = ("DROP TABLE Cache", "DROP TABLE Settings")
FOREIGN: dict[str, tuple[Callable[[Path], object], str]] = {
    "another program's database": (
        lambda folder: execute(folder, *DROPPED, "PRAGMA application_id = 0", "CREATE TABLE bookmarks (url)"),
        "its cache.db belongs to another program",
    ),
    "another program's diskcache": (
        lambda folder: execute(folder, "PRAGMA application_id = 0"),
        "its cache.db belongs to another program",
    ),
    "a later format": (
        lambda folder: execute(folder, f"PRAGMA user_version = {FORMAT + 1}"),
        f"it has format {FORMAT + 1}, and this perfclaims reads format {FORMAT}",
    ),
}


@pytest.mark.parametrize(("change", "reason"), FOREIGN.values(), ids=FOREIGN)
def test_a_database_of_others_is_left_as_it_is(folder: Path, change: Callable[[Path], object], reason: str) -> None:
    change(folder)
    before = (folder / DATABASE).read_bytes()
    assert run(folder) == [f"cache {folder}: {reason}; going on without a cache (--cache DIR names another)"]
    assert (folder / DATABASE).read_bytes() == before
    assert not list(folder.glob("*damaged*"))


def test_a_cache_of_another_shape_is_left_out(folder: Path) -> None:
    execute(folder, "DROP TABLE Cache", "CREATE TABLE Cache (x)")
    (notice,) = run(folder)
    assert "going on without a cache" in notice


def test_a_file_where_the_folder_should_be_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    without = "going on without a cache (--cache DIR names another)"
    assert run(tmp_path / "file") == [f"cache {tmp_path / 'file'}: it is not a folder; {without}"]
    (notice,) = run(tmp_path / "file" / "below")
    assert notice == f"cache {tmp_path / 'file' / 'below'}: it cannot be opened (Not a directory); {without}"
    assert (tmp_path / "file").read_text() == "mine"


def test_a_locked_cache_is_still_read_from(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        notices: list[str] = []
        with Cache(folder, notices.append, patience=0.02) as cache:
            assert cache.state is State.READ_ONLY
            assert cache.get(key(0)) == ENTRY
            cache.put(key(COUNT), ENTRY, parts(COUNT))
    reason = "another program holds it locked (database is locked)"
    assert notices == [f"cache {folder}: {reason}; answers in it are used, new ones are not kept"]


def test_a_cache_that_another_program_has_for_itself_is_left_out(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        (notice,) = run(folder)
    assert "another program holds it locked" in notice
    assert "going on without a cache" in notice


def test_answers_that_come_while_another_process_writes_are_kept_when_it_is_done(folder: Path) -> None:
    with (
        Cache(folder, pytest.fail) as cache,
        closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        for number in range(COUNT, COUNT + 20):
            cache.put(key(number), ENTRY, parts(number))
        assert cache.get(key(COUNT)) == ENTRY
        other.execute("COMMIT")
    with Cache(folder, pytest.fail) as cache:
        assert all(cache.get(key(number)) == ENTRY for number in range(COUNT + 20))


def test_answers_that_can_never_be_written_are_counted_at_the_end(folder: Path) -> None:
    notices: list[str] = []
    cache = Cache(folder, notices.append, patience=0.02)
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        cache.put(key(COUNT), ENTRY, parts(COUNT))
        cache.put(key(COUNT + 1), ENTRY, parts(COUNT + 1))
        cache.close()
    reason = "another program holds it locked"
    assert notices == [f"cache {folder}: 2 answers could not be kept ({reason}); the next run asks for them again"]


@contextmanager
def full_disk(limit: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_keeps_what_is_there_and_takes_the_rest_once_there_is_room(folder: Path) -> None:
    notices: list[str] = []
    with Cache(folder, notices.append) as cache:
        with full_disk(8192):
            for number in range(COUNT, COUNT + 50):
                cache.put(key(number), ENTRY, parts(number))
            assert all(cache.get(key(number)) == ENTRY for number in range(COUNT + 50))
        cache.put(key(COUNT + 50), ENTRY, parts(COUNT + 50))
    assert len(notices) == 1
    assert "an answer cannot be written now (" in notices[0]
    with Cache(folder, pytest.fail) as cache:
        assert all(cache.get(key(number)) == ENTRY for number in range(COUNT + 51))


def test_no_room_for_a_new_cache_is_no_reason_to_stop(tmp_path: Path) -> None:
    with full_disk(1):
        (notice,) = run(tmp_path / "new")
    assert "going on without a cache" in notice


def test_a_folder_that_cannot_be_written_is_still_read_from(shared: Path) -> None:
    fill(shared, 3)
    (shared / DATABASE).chmod(0o644)
    shared.chmod(0o555)
    with without_privileges():
        notices: list[str] = []
        with Cache(shared, notices.append) as cache:
            assert cache.state is State.READ_ONLY
            assert all(cache.get(key(number)) == ENTRY for number in range(3))
            cache.put(key(3), ENTRY, parts(3))
            assert cache.explain(parts(2)).nearest is not None
    (notice,) = notices
    assert notice.startswith(f"cache {shared}: it cannot be written (")
    assert notice.endswith("; answers in it are used, new ones are not kept")


@pytest.mark.parametrize("mode", [0o000, 0o500])
def test_a_folder_that_cannot_be_opened_is_left_out(shared: Path, mode: int) -> None:
    shared.mkdir()
    with without_privileges(shared):
        shared.chmod(mode)
        reason = "it cannot be opened (Permission denied)"
        assert run(shared) == [f"cache {shared}: {reason}; going on without a cache (--cache DIR names another)"]


def test_a_database_that_cannot_be_read_is_left_out(shared: Path) -> None:
    fill(shared, 3)
    (shared / DATABASE).chmod(0o000)
    shared.chmod(0o755)
    with without_privileges():
        (notice,) = run(shared)
    assert "going on without a cache" in notice


def test_a_folder_that_cannot_be_made_is_left_out(shared: Path) -> None:
    with without_privileges():
        (notice,) = run(shared / "below")
    assert "it cannot be opened (Permission denied)" in notice
