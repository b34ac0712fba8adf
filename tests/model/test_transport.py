import asyncio
import json
import random
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import InputError, ModelError, ServiceError, ServiceRefused
from agent.model.budget import Budget, BudgetSpent
from agent.model.faults import Fault, retry_after
from agent.model.replies import Reply, reply_of
from agent.model.request import ModelOptions
from agent.model.transport import PATIENCE, TRIES, connect
from tests.model.service import Service, completion, gathered, in_turn, refused

pytestmark = pytest.mark.anyio

BODY = {"model": "m", "messages": [{"role": "user", "content": "hello"}]}
OK = completion("{}")
DOWN = refused(503, "server_error", "upstream gone")

NAMES = st.sampled_from(["choices", "message", "content", "usage", "prompt_tokens", "finish_reason", "refusal"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=10,
)


async def post(service: Service) -> Reply:
    return await service.time.run(service.transport().post(BODY))


async def failure_of(service: Service) -> Exception:
    with pytest.raises((ServiceError, ModelError)) as caught:
        await post(service)
    return caught.value


async def test_what_was_said_comes_back_with_its_cost() -> None:
    service = Service(in_turn(OK))
    assert (await post(service)).text == "{}"
    assert service.bodies == [BODY]


@pytest.mark.parametrize(
    "fault",
    [
        refused(500),
        refused(503),
        refused(529),
        refused(408),
        refused(429),
        httpx2.ReadError("reset"),
        httpx2.ConnectError("refused"),
        httpx2.RemoteProtocolError("closed"),
        httpx2.ReadTimeout("slow"),
        TimeoutError(),
        httpx2.Response(200, text="<html>Bad gateway</html>", headers={"content-type": "text/html"}),
        httpx2.Response(200, text='{"choices": [', headers={"content-type": "application/json"}),
        httpx2.Response(200, text="[" * 100_000, headers={"content-type": "application/json"}),
        httpx2.Response(200, json={"choices": []}),
        httpx2.Response(200, json={"choices": "none", "usage": 3}),
        httpx2.Response(200, json={"choices": [{"message": None}]}),
        httpx2.Response(200, json={}),
        httpx2.Response(200, json=["x"]),
        httpx2.Response(200, json=None),
    ],
)
async def test_a_fault_that_may_pass_is_sent_again(fault: httpx2.Response | Exception) -> None:
    service = Service(in_turn(fault, fault, OK))
    assert (await post(service)).text == "{}"
    assert len(service.times) == 3


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_a_server_sends_is_a_reply_or_a_fault(page: bytes) -> None:
    try:
        reply = reply_of(page)
    except Fault:
        return
    assert isinstance(reply.text, str)
    assert min(reply.usage) >= 0


async def test_a_request_is_given_up_after_so_many_tries() -> None:
    service = Service(lambda place, _: refused(500, message=f"oops {place}"))
    error = await failure_of(service)
    assert type(error) is ServiceError
    assert str(error) == f"no answer from the service: status 500: oops {TRIES - 1}, tried {TRIES} times"
    assert len(service.times) == TRIES


async def test_waits_grow_and_are_jittered() -> None:
    service = Service(in_turn(refused(500)), latency=0, jitter=0.5)
    await failure_of(service)
    assert [round(b - a, 3) for a, b in zip(service.times, service.times[1:], strict=False)][:4] == [
        0.375,
        0.75,
        1.5,
        3.0,
    ]


@pytest.mark.parametrize("jitter", [0.0, 0.99])
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    "headers",
    [
        {"Retry_After": "7"},
        {"Retry_After": "7.0"},
        {"retry_after_ms": "7000", "Retry_After": "1"},
        {"Retry_After": format_datetime(datetime.fromtimestamp(1_800_000_007.2, UTC), usegmt=True)},
    ],
)
async def test_retry_after_is_never_undercut(headers: dict[str, str], status: int, jitter: float) -> None:
    service = Service(in_turn(refused(status, **headers), OK), jitter=jitter)
    await post(service)
    waited = service.times[1] - service.times[0] - service.latency
    assert 6.79 <= waited <= 8.5


@pytest.mark.parametrize("value", ["soon", "", "nan", "inf", "-inf", "1e999"])
def test_a_retry_after_that_says_nothing_is_none(value: str) -> None:
    assert retry_after({"retry-after": value}, 0) is None


@pytest.mark.parametrize("value", ["-5", "Mon, 01 Jan 2001 00:00:00 GMT"])
def test_a_retry_after_in_the_past_is_now(value: str) -> None:
    assert retry_after({"retry-after": value}, 2e9) == 0


async def test_a_wait_beyond_all_patience_stops_the_run_from_asking() -> None:
    service = Service(in_turn(refused(429, Retry_After="3600")))
    transport = service.transport()
    results = await service.time.run(gathered(*(transport.post(BODY) for _ in range(4))))
    assert all(type(result) is ServiceError for result in results)
    assert "asks to wait 3600 s" in (transport.gate.shut or "")
    assert len(service.times) == 4
    assert service.time.now < PATIENCE


async def test_one_429_holds_back_all_workers() -> None:
    service = Service(lambda place, _: refused(429, Retry_After="5") if place == 3 else OK, latency=0.1)
    transport = service.transport()

    async def worker() -> None:
        for _ in range(10):
            await transport.post(BODY)

    await service.time.run(gathered(*(worker() for _ in range(8))))
    assert len(service.times) == 81
    assert not [at for at in service.times if 0.1 < at < 5.1]


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (refused(401, "invalid_api_key", "Incorrect key sk-secret9999"), "refused the key (401: Incorrect key [key])"),
        (refused(403, "forbidden"), "denies access to model 'm'"),
        (refused(404, "model_not_found", "no such model"), "knows no model 'm' (404: no such model); check --model"),
        (refused(429, "insufficient_quota", "You exceeded"), "quota of this key is spent (429: You exceeded); add"),
        (refused(402), "quota of this key is spent"),
        (refused(400, "unsupported_value", "no temperature", "temperature"), "does not take such requests"),
        (refused(400, "model_not_available"), "does not take such requests"),
    ],
)
async def test_what_holds_for_all_requests_stops_the_run_at_once(response: httpx2.Response, words: str) -> None:
    service = Service(in_turn(response))
    transport = service.transport()
    with pytest.raises(ServiceRefused) as caught:
        await service.time.run(transport.post(BODY))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(ServiceRefused):
        await transport.post(BODY)
    assert len(service.times) == 1


@pytest.mark.parametrize(
    "response",
    [
        refused(400, "context_length_exceeded"),
        refused(400, "exceed_context_size_error"),
        refused(400, "content_filter"),
        refused(413),
        httpx2.Response(400, json={"error": {"code": 400, "type": ["x"], "message": {"a": 1}}}),
        httpx2.Response(422, text="what?"),
    ],
)
async def test_what_holds_for_one_paper_is_its_own_error(response: httpx2.Response) -> None:
    service = Service(in_turn(response))
    assert isinstance(await failure_of(service), ModelError)
    assert len(service.times) == 1


async def test_a_service_that_takes_no_request_at_all_stops_the_run() -> None:
    service = Service(in_turn(refused(400, "bad_request", "what is json_schema?")))
    transport = service.transport()
    results = [await service.time.run(gathered(transport.post(BODY))) for _ in range(7)]
    kinds = [type(result).__name__ for (result,) in results]
    assert kinds == ["Rejected"] * 4 + ["ServiceRefused"] * 3
    assert len(service.times) == 5


async def test_requests_rejected_among_answers_stop_nothing() -> None:
    service = Service(lambda place, _: OK if place == 0 else refused(400, "bad_request"))
    transport = service.transport()
    results = [await service.time.run(gathered(transport.post(BODY))) for _ in range(9)]
    assert transport.gate.shut is None
    assert len(service.times) == len(results)


async def everything(service: Service, papers: int = 203, workers: int = 32) -> list[Any]:
    transport, slots = service.transport(), asyncio.Semaphore(workers)

    async def one() -> Reply:
        async with slots:
            return await transport.post(BODY)

    return await service.time.run(gathered(*(one() for _ in range(papers))))


async def test_a_service_that_is_down_is_noticed_once() -> None:
    service = Service(in_turn(DOWN))
    results = await everything(service)
    assert {type(result) for result in results} == {ServiceError}
    assert "the service is down: status 503: upstream gone" in str(results[-1])
    assert len(service.times) <= 32 + 5
    assert service.time.now < 30


async def test_a_service_that_only_says_429_is_noticed_once() -> None:
    service = Service(in_turn(refused(429, "rate_limit_exceeded", Retry_After="2")))
    results = await everything(service)
    assert {type(result) for result in results} == {ServiceError}
    assert len(service.times) <= 32 * TRIES
    assert service.time.now < 60


async def test_a_short_outage_loses_nothing() -> None:
    service = Service(lambda *_: OK)
    service.answering = lambda *_: DOWN if 1 < service.time.now < 5 else OK
    results = await everything(service)
    assert {type(result) for result in results} == {Reply}
    assert len(service.times) < 203 + 32 + 5


@pytest.mark.parametrize("seed", range(3))
async def test_scattered_faults_lose_nothing(seed: int) -> None:
    dice = random.Random(seed)
    faults = [refused(429, Retry_After="1")] * 10 + [refused(500)] * 5 + [httpx2.ReadError("reset")] * 3
    service = Service(lambda *_: faults[at] if (at := dice.randrange(100)) < len(faults) else OK)
    results = await everything(service)
    assert {type(result) for result in results} == {Reply}


async def test_a_cancelled_probe_gives_its_turn_to_the_next() -> None:
    service = Service(lambda place, _: DOWN if place < 8 else OK)
    transport = service.transport()

    async def scene() -> list[Any]:
        posts = [asyncio.ensure_future(transport.post({**BODY, "seed": seed})) for seed in range(8)]
        while len(service.times) < 9:
            await service.time.sleep(0.01)
        await service.time.sleep(0.1)
        assert len(service.times) == 9  # the probe alone is out
        posts.pop(service.bodies[8]["seed"]).cancel()
        return await gathered(*posts)

    results = await service.time.run(scene())
    assert [type(result) for result in results] == [Reply] * 7


def test_only_tenacity_sends_again() -> None:
    assert connect(ModelOptions(), "sk-x", 5.0).max_retries == 0


def test_openai_needs_a_key_and_a_local_server_none() -> None:
    with pytest.raises(InputError, match="set OPENAI_API_KEY, or name another server with --base-url"):
        connect(ModelOptions(), None, 5.0)
    assert connect(ModelOptions(base_url="http://127.0.0.1:8080/v1"), None, 5.0).base_url.host == "127.0.0.1"


async def test_an_address_that_nobody_answers_at_is_given_up_sooner() -> None:
    service = Service(in_turn(httpx2.ConnectError("refused")))
    error = await failure_of(service)
    assert len(service.bodies) == 3
    assert "no connection" in str(error)


async def test_a_budget_counts_what_is_sent_again() -> None:
    service = Service(in_turn(refused(500)))
    transport = service.transport(budget=Budget(requests=2))
    with pytest.raises(BudgetSpent, match="bound of 2 requests"):
        await service.time.run(transport.post(BODY))
    assert len(service.bodies) == 2
