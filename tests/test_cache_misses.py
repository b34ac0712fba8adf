from pathlib import Path

import pytest

from agent.cache import Cache, Parts
from tests.cache_samples import fill, parts


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    fill(tmp_path, 5)
    return Cache(tmp_path, pytest.fail)


@pytest.mark.parametrize("name", [name for name in Parts._fields if name != "abstract"])
def test_a_miss_names_the_part_that_differs_from_the_entry_of_the_same_abstract(cache: Cache, name: str) -> None:
    miss = cache.explain(parts(3)._replace(**{name: "new"}))
    assert miss.differing == (name,)
    assert miss.nearest is not None
    assert miss.nearest.parts == parts(3)
    assert miss.wanted == parts(3)._replace(**{name: "new"})


def test_a_miss_says_the_old_and_the_new_value_where_they_are_short(cache: Cache) -> None:
    text = str(cache.explain(parts(3)._replace(model="small-2", prompt="new")))
    assert text.startswith("differs from the entry of 20")
    assert text.endswith(" in prompt, model (small-1, now small-2)")


def test_an_entry_of_the_same_abstract_is_nearer_than_one_with_more_equal_parts(cache: Cache) -> None:
    wanted = parts(3)._replace(model="m", prompt="p", schema="s", sampling="{}", base_url="u")
    assert cache.explain(wanted).differing == ("prompt", "schema", "model", "sampling", "base_url")


def test_a_changed_abstract_is_found_by_its_title(cache: Cache) -> None:
    assert cache.explain(parts(3)._replace(abstract="mended")).differing == ("abstract",)


def test_a_paper_never_seen_has_no_nearest_entry(cache: Cache) -> None:
    miss = cache.explain(parts(3)._replace(title="new", abstract="new"))
    assert miss.nearest is None
    assert str(miss) == "no entry of this title or abstract"


def test_a_key_that_differs_in_no_part_says_so(cache: Cache) -> None:
    assert "the parts agree" in str(cache.explain(parts(3)))


def test_an_empty_cache_explains_every_miss(tmp_path: Path) -> None:
    with Cache(tmp_path / "new", pytest.fail) as empty:
        assert empty.explain(parts()).nearest is None


def test_no_cache_explains_every_miss(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Cache(tmp_path / "file", lambda notice: None) as unusable:
        assert unusable.explain(parts()).nearest is None
