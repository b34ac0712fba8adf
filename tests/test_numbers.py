"""Numbers as abstracts write them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.numbers import numbers_in, states, value_of


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3,201", 3201),
        ("10{,}000", 10_000),
        ("2.31", 2.31),
        (".5", 0.5),
        ("10^3", 1000),
        ("10^{4}", 10_000),
        ("10³", 1000),
        (r"2.5\times 10^{4}", 25_000),
        ("Twelve", 12),
        ("twenty-four", 24),
        ("two hundred", 200),
        ("two hundred thousand", 200_000),
        ("two and a half", 2.5),
        ("a thousand", 1000),
        ("two dozen", 24),
        ("twice", 2),
        ("half", 0.5),
    ],
)
def test_a_number_in_digits_or_words_has_its_value(written: str, value: float) -> None:
    assert value_of(written) == pytest.approx(value)


@pytest.mark.parametrize("written", ["", "x", "many", "1,23,4", "and", "hundreds"])
def test_what_is_no_number_has_no_value(written: str) -> None:
    assert value_of(written) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("4.7 sim 71.3times", [4.7, 71.3]),
        ("4.8sim20.3times", [4.8, 20.3]),
        ("1.69x-2.65x", [1.69, 2.65]),
        ("1,2,3", [1, 2, 3]),
        ("12,041times less", [12_041]),
        ("a tenfold gain", [10]),
        ("a H100 and a V100", []),
        ("a hundred times", [100]),
    ],
)
def test_all_numbers_of_a_text_are_found_in_order(text: str, values: list[float]) -> None:
    assert [number.value for number in numbers_in(text)] == values


@pytest.mark.parametrize(
    ("quote", "value"),
    [
        ("up to 3,201x faster", 3201),
        (r"a 2.5$\times$ speedup", 2.5),
        ("4.8sim 20.3times", 20.3),
        ("at least an order of magnitude faster", 1),
        ("order-of-magnitude improvements", 1),
        ("two orders of magnitude", 2),
        ("in half the time", 2),
        ("a third of the runtime", 3),
        ("twice as fast", 2),
        ("twelve times", 12),
        ("cut by 10+%", 10),
    ],
)
def test_a_quote_states_the_number_that_stands_in_it(quote: str, value: float) -> None:
    assert states(quote, value)


@pytest.mark.parametrize(
    ("quote", "value"),
    [("a 3x speedup", 1), ("on a V100", 100), ("up to 3,201x faster", 201), ("a 2.5x speedup", 25), ("faster", 2)],
)
def test_a_quote_does_not_state_a_number_that_is_not_there(quote: str, value: float) -> None:
    assert not states(quote, value)


@given(st.integers(min_value=0, max_value=10**9))
def test_thousands_separators_do_not_change_a_value(number: int) -> None:
    assert value_of(f"{number:,}") == number
    assert states(f"{number:,} times faster", number)


@given(st.text(max_size=200))
def test_any_text_is_read_and_every_place_holds_its_number(text: str) -> None:
    for number in numbers_in(text):
        assert value_of(text[number.start : number.end].lstrip("-")) == number.value


@pytest.mark.parametrize("piece", ["1,1,1,", "10^", "one ", "x1", "111,111", " and a half"])
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    begun = time.perf_counter()
    numbers_in(text)
    assert time.perf_counter() - begun < 2
