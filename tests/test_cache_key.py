import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.cache import key_of, parts_of
from agent.model.request import ModelOptions, build_body
from agent.papers import Paper
from prompts import load, versions
from tests.cache_samples import BASE_URL, PAPER, body_of

ANY_TEXT = st.text(st.characters())


def edited(path: list[str | int], value: object) -> dict[str, Any]:
    body = json.loads(json.dumps(body_of()))
    place = body
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return dict(body)


CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "model": (body_of(model="small-2"), "model"),
    "prompt text": (edited(["messages", 0, "content"], "List the claims!"), "prompt"),
    "wording around the paper": (edited(["messages", 1, "content"], f"{PAPER.title}: {PAPER.abstract}"), "prompt"),
    "role of a message": (edited(["messages", 0, "role"], "developer"), "prompt"),
    "schema": (edited(["response_format", "json_schema", "schema", "properties"], {"quote": {}}), "schema"),
    "order of the schema's properties": (
        edited(["response_format", "json_schema", "schema", "properties"], {"low": {}, "quote": {}}),
        "schema",
    ),
    "strictness": (edited(["response_format", "json_schema", "strict"], True), "schema"),
    "temperature": (body_of(temperature=0.7), "sampling"),
    "length of the answer": (body_of(max_tokens=801), "sampling"),
    "seed": (body_of(seed=1), "sampling"),
    "reasoning effort": (body_of(reasoning_effort="low"), "sampling"),
    "a field nobody knows yet": (body_of(verbosity="low"), "sampling"),
}


@pytest.mark.parametrize(("body", "part"), CHANGES.values(), ids=CHANGES)
def test_each_part_of_the_body_that_can_change_the_answer_changes_the_key(body: dict[str, Any], part: str) -> None:
    assert key_of(body, PAPER, BASE_URL) != key_of(body_of(), PAPER, BASE_URL)
    before, after = parts_of(body_of(), PAPER, BASE_URL), parts_of(body, PAPER, BASE_URL)
    assert [name for name in before._fields if getattr(before, name) != getattr(after, name)] == [part]


@pytest.mark.parametrize("other", [PAPER._replace(title="Other"), PAPER._replace(abstract="Other")])
def test_title_and_abstract_enter_the_key_even_where_the_body_is_the_same(other: Paper) -> None:
    assert key_of(body_of(), other, BASE_URL) != key_of(body_of(), PAPER, BASE_URL)


def test_title_and_abstract_cannot_stand_in_for_one_another() -> None:
    pairs = [("ab", "c"), ("a", "bc"), ("", "abc"), ('a","abstract":"b', "c")]
    assert len({key_of(body_of(), Paper("", *pair), BASE_URL) for pair in pairs}) == len(pairs)


def test_another_service_is_another_key() -> None:
    urls = [
        None,
        "http://127.0.0.1:8080/v1",
        "http://127.0.0.1:8081/v1",
        "https://127.0.0.1:8080/v1",
        "http://h/v1?a=1",
    ]
    assert len({key_of(body_of(), PAPER, url) for url in urls}) == len(urls)


UNCHANGED: dict[str, Callable[[], str]] = {
    "id, source and line of the paper": lambda: key_of(body_of(), Paper("x", *PAPER[1:3], "feed", 9), BASE_URL),
    "order of the body's fields": lambda: key_of(dict(reversed(body_of().items())), PAPER, BASE_URL),
    "a whole number written as a fraction": lambda: key_of(body_of(temperature=0), PAPER, BASE_URL),
    "closing slash": lambda: key_of(body_of(), PAPER, BASE_URL + "/"),
    "credentials in the address": lambda: key_of(body_of(), PAPER, "http://me:secret@127.0.0.1:8080/v1"),
    "case of scheme and host": lambda: key_of(body_of(), PAPER, "HTTP://127.0.0.1:8080/v1"),
    "labels and billing": lambda: key_of(
        body_of(user="me", metadata={"run": "7"}, store=True, service_tier="flex"), PAPER, BASE_URL
    ),
}


@pytest.mark.parametrize("key", UNCHANGED.values(), ids=UNCHANGED)
def test_what_cannot_change_the_answer_leaves_the_key_as_it_is(key: Callable[[], str]) -> None:
    assert key() == key_of(body_of(), PAPER, BASE_URL)


def test_no_address_means_the_one_of_openai() -> None:
    assert key_of(body_of(), PAPER, None) == key_of(body_of(), PAPER, "https://api.openai.com:443/v1/")


def test_an_address_that_cannot_be_read_is_taken_as_it_is() -> None:
    assert parts_of(body_of(), PAPER, "http://h:port/v1").base_url == "http://h:port/v1"
    assert parts_of(body_of(), PAPER, "http://[::1]:8080/v1/").base_url == "http://[::1]:8080/v1"


def test_no_secret_of_the_address_is_kept_readably() -> None:
    shown = parts_of(body_of(), PAPER, "https://me:hush@example.org/v1?key=hush").base_url
    assert "hush" not in shown
    assert "me" not in shown.replace("example", "")
    assert shown.startswith("https://example.org/v1?")


@given(ANY_TEXT, ANY_TEXT)
def test_the_prompt_part_is_the_same_for_all_papers(title: str, abstract: str) -> None:
    paper = Paper("", f"title 7f3a{title}", f"{abstract}7f3a abstract")
    wanted = parts_of(body_of(), PAPER, BASE_URL).prompt
    assert parts_of(body_of(paper), paper, BASE_URL).prompt == wanted


def test_the_request_builder_s_own_body_gives_one_prompt_part_for_all_papers() -> None:
    papers = [PAPER, Paper("2", 'Say "{{ x }}"', "A back\\slash,\na new line and a “quote”: 3x.")]
    options, prompt = ModelOptions(), load(versions()[-1])
    made = [parts_of(build_body(paper, options, prompt), paper, None) for paper in papers]
    assert made[0].prompt == made[1].prompt
    assert made[0].abstract != made[1].abstract


@given(ANY_TEXT, ANY_TEXT)
def test_different_texts_have_different_keys_lone_surrogates_included(one: str, other: str) -> None:
    keys = [key_of(body_of(), PAPER._replace(abstract=text), BASE_URL) for text in (one, other)]
    assert (keys[0] == keys[1]) == (one == other)


def test_the_key_is_the_same_in_every_process_and_release() -> None:
    assert key_of(body_of(), PAPER, BASE_URL) == "3cd27c4237ade3d4043ded22e32f56576a52c60ce361a8e43fd9487638b3c7b3"
