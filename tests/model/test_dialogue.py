import asyncio
import json
import logging
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import prompts
from agent.errors import ModelError, ServiceError, ServiceRefused
from agent.model.answered import Answered
from agent.model.checks import check_answer, settle
from agent.model.dialogue import REASKS, Asker
from agent.model.request import ModelOptions, build_body
from agent.model.usage import Usage
from agent.papers import Paper
from tests.model.papers import PAPER, SOUND, UNGROUNDED, changed
from tests.model.service import Service, completion, gathered, in_turn, refused

pytestmark = pytest.mark.anyio

OPTIONS = ModelOptions(model="m", temperature=0.0)
PROMPT = prompts.load()
MALFORMED = SOUND[:-30]


def asker(service: Service) -> Asker:
    return Asker(OPTIONS, PROMPT, service.transport(OPTIONS))


async def ask(service: Service, paper: Paper = PAPER) -> Answered:
    return await service.time.run(asker(service).ask(paper))


async def failure_of(service: Service) -> ModelError | ServiceError:
    with pytest.raises((ModelError, ServiceError)) as caught:
        await ask(service)
    assert isinstance(caught.value, ModelError | ServiceError)
    return caught.value


async def test_a_sound_answer_takes_one_request_that_is_the_built_one() -> None:
    service = Service(in_turn(completion(SOUND)))
    answered = await ask(service)
    sound = check_answer(SOUND, PAPER)
    assert answered == Answered(sound.claims, (), Usage(1, 100, 10), (SOUND,), is_final=True)
    assert service.bodies == [build_body(PAPER, OPTIONS, PROMPT)]


@pytest.mark.parametrize("text", [r"{{ 7*7 }} {% raw %} $2\times$ {\em x} ${a} %s {0}", "  {{x}}\n\n  indented {%"])
async def test_an_abstract_full_of_braces_arrives_unchanged(text: str) -> None:
    empty = json.dumps({"hardware": [], "baselines": [], "speedups": [], "caveats": []})
    service = Service(in_turn(completion(UNGROUNDED), completion(empty)))
    await ask(service, Paper("x", "A {{title}}", text))
    assert len(service.bodies) == 2
    for body in service.bodies:
        assert f"Title: A {{{{title}}}}\n\nAbstract: {text}\n</paper" in body["messages"][1]["content"]


async def test_what_was_wrong_is_asked_again_and_all_answers_are_paid_for() -> None:
    service = Service(in_turn(completion(UNGROUNDED), completion(SOUND)))
    answered = await ask(service)
    assert answered.claims == check_answer(SOUND, PAPER).claims
    assert (answered.usage, answered.raw, answered.dropped) == (Usage(2, 200, 20), (UNGROUNDED, SOUND), ())
    first, second = service.bodies
    assert second["messages"][:2] == first["messages"]
    assert second["messages"][2] == {"role": "assistant", "content": UNGROUNDED}
    assert second["messages"][3] == {
        "role": "user",
        "content": PROMPT.again(check_answer(UNGROUNDED, PAPER).problems),
    }
    assert {**second, "messages": None} == {**first, "messages": None}


async def test_after_two_reasks_what_is_sound_is_kept_and_the_rest_is_named() -> None:
    service = Service(in_turn(completion(UNGROUNDED)))
    answered = await ask(service)
    assert len(service.bodies) == 1 + REASKS == answered.usage.requests
    checked = check_answer(UNGROUNDED, PAPER)
    assert (answered.claims, answered.dropped) == (checked.claims, checked.dropped)
    assert answered.dropped[0].passage == "Quux 9000"
    assert answered.is_final


async def test_a_reask_shows_the_last_answer_alone() -> None:
    other = changed("caveats", 0, quote="nowhere")
    service = Service(in_turn(completion(UNGROUNDED), completion(other), completion(SOUND)))
    await ask(service)
    assert [m["content"] for m in service.bodies[2]["messages"] if m["role"] == "assistant"] == [other]


async def test_many_problems_are_named_in_part() -> None:
    answer = json.loads(SOUND)
    answer["baselines"] = [{"name": f"Quux {n}", "kind": "method"} for n in range(30)]
    service = Service(in_turn(completion(json.dumps(answer)), completion(SOUND)))
    await ask(service)
    lines = service.bodies[1]["messages"][3]["content"].splitlines()
    assert len([line for line in lines if line.startswith("- baselines")]) == 20
    assert "- and 11 more of the kind" in lines


@pytest.mark.parametrize("text", [MALFORMED, "", None, "I am sorry.", "[" * 5000, '{"a": NaN}', "\ud800{"])
async def test_what_is_no_answer_is_asked_again_within_the_same_bound(text: str | None) -> None:
    service = Service(in_turn(completion(text), completion(SOUND)))
    assert (await ask(service)).usage == Usage(2, 200, 20)
    service = Service(in_turn(completion(text)))
    error = await failure_of(service)
    assert isinstance(error, ModelError)
    assert "after 2 re-asks" in str(error)
    assert error.usage == Usage(3, 300, 30)


@pytest.mark.parametrize(
    ("response", "phrase"),
    [
        (completion(None, refusal="I can't\nhelp with that."), "the model refused: I can't help with that."),
        (completion(SOUND, "content_filter"), "the content filter of the service stopped the answer"),
        (completion(MALFORMED, "length"), "the answer was cut off after 10 tokens"),
    ],
)
async def test_a_refusal_and_a_cut_are_not_asked_again(response: httpx2.Response, phrase: str) -> None:
    service = Service(in_turn(response))
    error = await failure_of(service)
    assert (type(error), str(error), error.usage) == (ModelError, phrase, Usage(1, 100, 10))
    assert len(service.bodies) == 1


@pytest.mark.parametrize("end", [completion(None, refusal="No."), refused(400, "content_filter"), refused(500)])
async def test_a_fault_in_a_reask_keeps_what_was_sound_and_says_it_is_not_final(end: httpx2.Response) -> None:
    service = Service(in_turn(completion(UNGROUNDED), end))
    answered = await ask(service)
    assert answered.claims == check_answer(UNGROUNDED, PAPER).claims
    assert answered.raw == (UNGROUNDED,)
    assert not answered.is_final


async def test_a_fault_after_an_answer_that_cannot_be_read_is_the_error() -> None:
    service = Service(in_turn(completion(MALFORMED), refused(500)))
    error = await failure_of(service)
    assert (type(error), error.usage) == (ServiceError, Usage(1, 100, 10))


async def test_a_spent_quota_in_a_reask_stops_the_run() -> None:
    service = Service(in_turn(completion(UNGROUNDED), refused(429, "insufficient_quota")))
    error = await failure_of(service)
    assert (type(error), error.usage) == (ServiceRefused, Usage(1, 100, 10))


async def test_an_asker_says_when_the_service_is_down() -> None:
    service = Service(in_turn(refused(503)))
    one = asker(service)
    assert one.down is None
    await service.time.run(gathered(*(one.ask(PAPER) for _ in range(20))))
    assert (one.down or "").startswith("the service is down")


async def test_dialogues_under_way_at_once_do_not_mix() -> None:
    papers = [Paper(f"p{n}", f"Title {n}", f"Ours is {n + 2}x faster than Base{n}.") for n in range(40)]

    def answering(_: int, body: dict[str, Any]) -> httpx2.Response:
        n = int(body["messages"][1]["content"].partition("Title: Title ")[2].partition("\n")[0])
        again = len(body["messages"]) > 2
        name = f"Base{n}" if again else f"Base{n + 1}"
        answer = {"hardware": [], "baselines": [{"name": name, "kind": "method"}], "speedups": [], "caveats": []}
        return completion(json.dumps(answer))

    service = Service(answering)
    one = asker(service)
    answers = await service.time.run(gathered(*map(one.ask, papers)))
    assert [a.claims.baselines[0].passage for a in answers if isinstance(a, Answered)] == [
        f"Base{n}" for n in range(40)
    ]
    assert {a.usage.requests for a in answers if isinstance(a, Answered)} == {2}


async def test_what_instructor_logs_of_faults_goes_nowhere() -> None:
    logger = logging.getLogger("instructor")
    await failure_of(Service(in_turn(completion(MALFORMED))))
    assert any(isinstance(handler, logging.NullHandler) for handler in logger.handlers)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([SOUND, UNGROUNDED, MALFORMED, "{}"]) | st.text(max_size=20), min_size=3, max_size=3))
def test_a_dialogue_comes_to_what_its_raw_answers_come_to(texts: list[str]) -> None:
    service = Service(in_turn(*map(completion, texts)), latency=0)

    async def outcome() -> object:
        try:
            answered = await asker(service).ask(PAPER)
        except ModelError as error:
            return str(error)
        assert answered.raw == tuple(texts[: len(service.bodies)])
        return answered.claims, answered.dropped

    live = asyncio.run(service.time.run(outcome()))
    try:
        checked = settle(texts[: len(service.bodies)], PAPER)
        replayed: object = (checked.claims, checked.dropped)
    except ModelError as error:
        replayed = str(error)
    assert live == replayed
