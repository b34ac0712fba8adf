import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from agent.cache import Cache, cache_check, cache_folder, cache_info, checks_digest
from agent.cache.database import State
from agent.cache.folder import DATABASE
from agent.cache.versions import ROOT, files_of_the_checks
from agent.errors import InputError
from tests.cache_samples import ENTRY, fill, key, parts


def test_an_entry_is_found_by_its_key_and_by_no_other(tmp_path: Path) -> None:
    with Cache(tmp_path, pytest.fail) as cache:
        assert cache.get(key(1)) is None
        cache.put(key(1), ENTRY, parts(1))
        assert cache.get(key(1)) == ENTRY
        assert cache.get(key(2)) is None


def test_a_later_entry_replaces_an_earlier_one(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    later = replace(ENTRY, checked='{"headline":"other"}', checks="other")
    fill(tmp_path, 1, lambda _: later)
    with Cache(tmp_path, pytest.fail) as cache:
        assert cache.get(key(0)) == later
        assert cache.get(key(1)) == ENTRY


def test_only_the_user_can_read_a_new_cache(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "cache"
    with Cache(folder, pytest.fail) as cache:
        cache.put(key(), ENTRY, parts())
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_a_closed_cache_is_one_file(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    assert [file.name for file in tmp_path.iterdir()] == [DATABASE]


def test_an_empty_file_becomes_a_cache(tmp_path: Path) -> None:
    (tmp_path / DATABASE).touch()
    fill(tmp_path, 1)


def test_nothing_is_ever_dropped_for_size(tmp_path: Path) -> None:
    large = replace(ENTRY, answers=("x" * 1_000_000,))
    fill(tmp_path, 30, lambda _: large)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as db:
        settings = dict(db.execute("SELECT key, value FROM Settings"))
    assert settings["eviction_policy"] == "none"
    assert settings["cull_limit"] == 0
    with Cache(tmp_path, pytest.fail) as cache:
        assert all(cache.get(key(number)) == large for number in range(30))


def test_many_are_kept_together_or_not_at_all(tmp_path: Path) -> None:
    unsound = replace(ENTRY, checked="{}")
    with Cache(tmp_path, pytest.fail) as cache:
        with pytest.raises(InputError):
            cache.put_many([(key(0), ENTRY, parts(0)), (key(1), unsound, parts(1))])
        assert cache.get(key(0)) is None


def test_a_folder_whose_name_looks_like_a_variable_or_an_address_is_that_folder(tmp_path: Path) -> None:
    for name in ("$NO_SUCH_VARIABLE", "a?mode=memory#x", "per%20cent", "new\nline", "ünïcode"):
        fill(tmp_path / name, 1)
        assert (tmp_path / name / DATABASE).stat().st_size > 0


WRITER = """
import sys
from agent.cache import Cache
from tests.cache_samples import ENTRY, key, parts
with Cache(sys.argv[1], sys.exit) as cache:
    for number in range(int(sys.argv[2]), int(sys.argv[3])):
        cache.put(key(number), ENTRY, parts(number))
        print(number, flush=True)
"""


def writer(folder: Path, start: int, stop: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), str(start), str(stop)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_that_make_and_fill_one_cache_at_once_lose_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    with writer(folder, 0, 100) as one, writer(folder, 100, 200) as other:
        one.communicate()
        other.communicate()
    assert (one.returncode, other.returncode) == (0, 0)
    with Cache(folder, pytest.fail) as cache:
        assert all(cache.get(key(number)) == ENTRY for number in range(200))


def test_processes_that_find_one_cache_damaged_at_once_rename_it_once_and_lose_nothing(tmp_path: Path) -> None:
    fill(tmp_path, 200)
    os.truncate(tmp_path / DATABASE, 40_960)
    script = WRITER.replace("sys.exit", "lambda notice: None")
    commands = [[sys.executable, "-c", script, str(tmp_path), str(at), str(at + 30)] for at in range(0, 120, 30)]
    processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for command in commands]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    with Cache(tmp_path, pytest.fail) as cache:
        assert all(cache.get(key(number)) == ENTRY for number in range(120))
    assert len(cache_info(tmp_path).aside) == 1
    assert cache_check(tmp_path).sound


def test_a_killed_process_has_kept_all_that_it_put(tmp_path: Path) -> None:
    with writer(tmp_path, 0, 1_000_000) as process:
        assert process.stdout is not None
        last = [int(process.stdout.readline()) for _ in range(50)][-1]
        process.send_signal(signal.SIGKILL)
        last = max([last, *map(int, process.stdout.read().splitlines()[:-1])])
    with Cache(tmp_path, pytest.fail) as cache:
        assert all(cache.get(key(number)) == ENTRY for number in range(last + 1))


def test_an_event_loop_hardly_waits_for_another_process(tmp_path: Path) -> None:
    fill(tmp_path, 1)

    async def put_while_locked() -> float:
        with closing(sqlite3.connect(tmp_path / DATABASE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            start = time.perf_counter()
            for number in range(1, 100):
                cache.put(key(number), ENTRY, parts(number))
                assert cache.get(key(number)) == ENTRY
                await asyncio.sleep(0)
            return time.perf_counter() - start

    with Cache(tmp_path, pytest.fail) as cache:
        assert asyncio.run(put_while_locked()) < 1
    with Cache(tmp_path, pytest.fail) as cache:
        assert all(cache.get(key(number)) == ENTRY for number in range(100))


def test_a_closed_cache_finds_and_keeps_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path, pytest.fail)
    cache.close()
    cache.put(key(), ENTRY, parts())
    assert cache.get(key()) is None
    assert cache.state is State.UNUSABLE
    cache.close()


def test_to_read_the_cache_loads_no_model_library() -> None:
    script = "import sys, agent.cache; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"openai", "instructor", "pydantic", "tenacity", "httpx2", "rich", "typer"} & set(loaded)


def test_a_feed_is_found_again_in_well_under_50_ms(tmp_path: Path) -> None:
    fill(tmp_path, 203)
    keys = [key(number) for number in range(203)]

    def replay() -> float:
        start = time.process_time()
        with Cache(tmp_path, pytest.fail) as cache:
            assert all(cache.get(key) is not None for key in keys)
        return time.process_time() - start

    assert min(replay() for _ in range(5)) < 0.05


FOLDERS: list[tuple[str | None, Mapping[str, str], str]] = [
    ("/given", {"PERFCLAIMS_CACHE": "/env", "XDG_CACHE_HOME": "/xdg"}, "/given"),
    (None, {"PERFCLAIMS_CACHE": "/env", "XDG_CACHE_HOME": "/xdg"}, "/env"),
    (None, {"PERFCLAIMS_CACHE": "", "XDG_CACHE_HOME": "/xdg"}, "/xdg/perfclaims"),
    (None, {"XDG_CACHE_HOME": "relative"}, "~/.cache/perfclaims"),
    (None, {}, "~/.cache/perfclaims"),
    ("~/mine", {}, "~/mine"),
]


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="the XDG folders are those of other systems")
@pytest.mark.parametrize(("given", "environ", "folder"), FOLDERS)
def test_the_folder_is_the_one_given_or_the_user_s_cache(
    given: str | None, environ: Mapping[str, str], folder: str
) -> None:
    assert cache_folder(given, environ) == Path(folder).expanduser()


def test_without_a_home_folder_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", nowhere)
    with pytest.raises(InputError, match="--cache DIR"):
        cache_folder(None, {})


def test_the_digest_of_the_checks_covers_every_module_that_they_import() -> None:
    script = (
        "import sys\nimport agent.model.checks, agent.records\n"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.split('.')[0] in ('agent', 'schemas')), sep='\\n')"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    imported = {Path(line).relative_to(ROOT).as_posix() for line in out.splitlines()}
    covered = {path.relative_to(ROOT).as_posix() for path in files_of_the_checks()}
    harmless = {"agent/__init__.py", "agent/errors.py"}
    assert imported - covered <= harmless


def test_a_change_in_the_checks_changes_their_digest(tmp_path: Path) -> None:
    (tmp_path / "agent" / "model" / "checks").mkdir(parents=True)
    (tmp_path / "schemas").mkdir()
    digests = set()
    for name, text in [
        ("schemas/record.py", "a"),
        ("schemas/record.py", "b"),
        ("agent/numbers.py", "a"),
        ("agent/model/checks/links.py", "a"),
        ("agent/model/checks_more.py", "a"),
    ]:
        (tmp_path / name).write_text(text)
        checks_digest.cache_clear()
        digests.add(checks_digest(tmp_path))
    assert len(digests) == 5
    (tmp_path / "agent" / "outcomes.py").write_text("a")
    checks_digest.cache_clear()
    assert checks_digest(tmp_path) in digests
