import pytest

from agent.errors import UsageError
from agent.model.pace import TYPICAL_ANSWER, Pace
from agent.model.usage import Usage
from agent.settings import Settings, per_second

pytestmark = pytest.mark.anyio
BODY = {"messages": [{"role": "user", "content": "word " * 100}]}


class Time:
    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


async def test_requests_are_spaced_evenly() -> None:
    time = Time()
    pace = Pace(5.0, None, time.clock, time.sleep)
    for _ in range(4):
        await pace.turn(BODY)
    assert time.waits == pytest.approx([0.2, 0.4, 0.6])


async def test_a_request_that_comes_late_does_not_wait() -> None:
    time = Time()
    pace = Pace(5.0, None, time.clock, time.sleep)
    await pace.turn(BODY)
    time.now = 10.0
    await pace.turn(BODY)
    assert time.waits == []


async def test_tokens_are_reckoned_first_and_put_right_after_the_answer() -> None:
    time = Time()
    pace = Pace(None, 100.0, time.clock, time.sleep)
    reckoned = await pace.turn(BODY)
    assert reckoned == 100 + TYPICAL_ANSWER
    pace.settle(reckoned, Usage(1, 400, 100))
    await pace.turn(BODY)
    assert time.waits == pytest.approx([5.0])


async def test_without_a_bound_nothing_waits() -> None:
    time = Time()
    pace = Pace(clock=time.clock, sleep=time.sleep)
    for _ in range(100):
        await pace.turn(BODY)
    assert time.waits == []


@pytest.mark.parametrize(("rate", "value"), [("300/min", 5.0), ("5/s", 5.0), (" 36 / hour ", 0.01), ("0.5/sec", 0.5)])
def test_a_rate_is_read(rate: str, value: float) -> None:
    assert per_second(rate) == pytest.approx(value)


@pytest.mark.parametrize("rate", ["", "300", "0/min", "-1/s", "fast", "3/fortnight"])
def test_a_rate_that_cannot_be_read_is_wrong_usage(rate: str) -> None:
    with pytest.raises(UsageError, match="300/min"):
        Settings(rate=rate)
