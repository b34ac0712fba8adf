import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from agent.web.guard import Guard
from agent.web.rate import CLIENTS, Rate


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_client_may_send_a_burst_and_then_so_many_a_second() -> None:
    clock = Clock()
    rate = Rate(burst=3, per_second=2.0, clock=clock)
    assert [rate.wait("a") for _ in range(4)] == [0, 0, 0, 0.5]
    clock.now = 0.5
    assert [rate.wait("a") for _ in range(2)] == [0, 0.5]


def test_one_client_does_not_spend_what_another_may() -> None:
    rate = Rate(burst=1, clock=Clock())
    assert rate.wait("a") == 0
    assert rate.wait("a") > 0
    assert rate.wait("b") == 0


def test_only_so_many_clients_are_remembered() -> None:
    rate = Rate(clock=Clock())
    for number in range(3 * CLIENTS):
        rate.wait(str(number))
    assert len(rate._buckets) == CLIENTS


@pytest.mark.filterwarnings("ignore")
def test_who_asks_too_much_is_told_when_to_come_again() -> None:
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("done"), methods=["GET", "POST"])])
    client = TestClient(Guard(app, frozenset({"testserver"}), Rate(burst=2, per_second=0.1, clock=Clock())))
    assert [client.post("/").status_code for _ in range(3)] == [200, 200, 429]
    refused = client.post("/")
    assert refused.headers["Retry-After"] == "10"
    assert refused.json() == {"error": "too many requests; wait a little"}
    assert client.get("/").status_code == 200
