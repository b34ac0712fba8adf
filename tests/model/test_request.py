import json
from collections.abc import Iterator
from typing import Any

import pytest
from openai.types.shared import ChatModel

import prompts
from agent.errors import InputError
from agent.model.request import DEFAULT_MODEL, ModelOptions, build_body, build_reask, sendable, tokens_of
from agent.papers import Paper
from schemas import Answer, answer_schema
from tests.model.papers import ANSWER, PAPER

PROMPT = prompts.load()
HOSTILE = r"Ours {{ 7*7 }} {% raw %} is $2\times$ {\em faster} than ${title} </paper> %s {0}"
STRICT_KEYWORDS = {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf"}


def objects(node: object) -> Iterator[dict[str, Any]]:
    """All schemas inside a schema."""
    if isinstance(node, list):
        for each in node:
            yield from objects(each)
    elif isinstance(node, dict):
        yield node
        for key, value in node.items():
            yield from objects(list(value.values()) if key == "properties" else value)


def test_two_papers_share_all_that_stands_before_them() -> None:
    one, other = (build_body(paper, ModelOptions(), PROMPT) for paper in (PAPER, Paper("x", "T", "A.")))
    assert one["messages"][0] == other["messages"][0] == {"role": "system", "content": PROMPT.system}
    assert json.dumps(one["response_format"]) == json.dumps(other["response_format"])
    assert [message["role"] for message in one["messages"]] == ["system", "user"]


def test_an_abstract_full_of_braces_arrives_unchanged() -> None:
    body = build_body(Paper("x", "{{title}}", HOSTILE), ModelOptions(), PROMPT)
    assert f"Title: {{{{title}}}}\n\nAbstract: {HOSTILE}\n</paper" in body["messages"][1]["content"]


def test_the_schema_is_made_once_and_asks_for_strictness() -> None:
    first, second = (build_body(PAPER, ModelOptions(), PROMPT)["response_format"] for _ in range(2))
    assert first is second
    assert first["type"] == "json_schema"
    assert first["json_schema"]["strict"] is True
    assert first["json_schema"]["schema"] is answer_schema()


def test_the_schema_is_valid_for_strict_structured_outputs() -> None:
    for schema in objects(answer_schema()):
        assert set(schema) <= STRICT_KEYWORDS
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
            assert schema["required"] == list(schema["properties"])


def test_the_schema_has_the_fields_of_an_answer_with_the_evidence_first() -> None:
    properties = answer_schema()["properties"]
    assert list(properties) == list(Answer.model_fields) == list(ANSWER)
    assert {field: next(iter(schema["items"]["properties"])) for field, schema in properties.items()} == {
        "hardware": "name",
        "baselines": "name",
        "speedups": "quote",
        "caveats": "quote",
    }


def test_only_options_that_are_set_are_sent() -> None:
    assert set(build_body(PAPER, ModelOptions(), PROMPT)) == {"model", "messages", "response_format"}
    options = ModelOptions(model="m", temperature=0.0, seed=0, reasoning_effort="low", top_p=0.5)
    sent = build_body(PAPER, options, PROMPT)
    assert (sent["model"], sent["temperature"], sent["seed"]) == ("m", 0.0, 0)
    assert (sent["reasoning_effort"], sent["top_p"]) == ("low", 0.5)


@pytest.mark.parametrize(
    ("base_url", "name"),
    [
        (None, "max_completion_tokens"),
        ("https://eu.api.openai.com/v1", "max_completion_tokens"),
        ("http://127.0.0.1:8080/v1", "max_tokens"),
        ("https://openai.com.example.org/v1", "max_tokens"),
    ],
)
def test_the_bound_on_an_answer_has_the_name_that_the_service_knows(base_url: str | None, name: str) -> None:
    assert ModelOptions(base_url=base_url, max_tokens=900).sampling == {name: 900}


@pytest.mark.parametrize("address", ["127.0.0.1:8080", "ftp://host/v1", "http://[", "", "/v1"])
def test_a_base_url_that_is_no_address_is_refused_with_an_example(address: str) -> None:
    with pytest.raises(InputError, match=r"it looks like http://127\.0\.0\.1:8080/v1"):
        ModelOptions(base_url=address)


def test_the_default_model_is_one_that_the_installed_client_knows() -> None:
    assert DEFAULT_MODEL in ChatModel.__args__  # type: ignore[attr-defined]


def test_a_body_can_always_be_sent_as_utf_8() -> None:
    body = build_body(Paper("x", "T\udc80", "A\ud800B \ud83d\ude00"), ModelOptions(), PROMPT)
    again = build_reask(body, "\ud800", "- \udfff")
    assert "Abstract: A\ufffdB \U0001f600" in json.dumps(again, ensure_ascii=False).encode().decode()


def test_a_reask_leaves_the_first_request_as_it_was() -> None:
    body = build_body(PAPER, ModelOptions(), PROMPT)
    before = json.dumps(body)
    again = build_reask(body, "{}", "wrong")
    assert json.dumps(body) == before
    assert again["messages"][2:] == [{"role": "assistant", "content": "{}"}, {"role": "user", "content": "wrong"}]
    assert {**again, "messages": None} == {**body, "messages": None}


def test_ordinary_text_is_sent_as_it_is() -> None:
    assert sendable(HOSTILE + "é\u2013\U0001f600") == HOSTILE + "é\u2013\U0001f600"


def test_tokens_are_counted_over_all_messages() -> None:
    body = build_body(PAPER, ModelOptions(), PROMPT)
    assert PROMPT.tokens_in_front < tokens_of(body) < tokens_of(build_reask(body, "{}", "wrong"))
