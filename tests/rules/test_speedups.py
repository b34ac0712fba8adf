"""Speed claims: which numbers are one, and how each is written, bounded and measured."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.claims import Claim
from agent.rules.page import Page
from agent.rules.speedups import find_speedups
from schemas import SpeedupAnswer, factor


def claims(abstract: str, title: str = "A Study") -> list[Claim[SpeedupAnswer]]:
    return find_speedups(Page(title, abstract), [], [])


def said(abstract: str) -> list[tuple[str, float, float]]:
    return [(claim.item.form, claim.item.low, claim.item.high) for claim in claims(abstract)]


@pytest.mark.parametrize(
    ("abstract", "low", "high"),
    [
        ("Our kernel is 2.31times faster than cuBLAS.", 2.31, 2.31),
        ("We train 23x faster.", 23, 23),
        (r"We obtain a 2.5$\times$ speedup.", 2.5, 2.5),
        (r"It is $2.61\times$ faster than Falcon.", 2.61, 2.61),
        (r"It is 1.38\(\times \) faster than Falcon.", 1.38, 1.38),
        ("It gives a 2.5× speedup.", 2.5, 2.5),
        ("We see a 12-fold acceleration.", 12, 12),
        ("This gives a tenfold speedup.", 10, 10),
        ("It is twice as fast as Falcon.", 2, 2),
        ("It doubles the throughput of Falcon.", 2, 2),
        ("We reduce latency by a factor of 3.", 3, 3),
        ("It achieves a 4.7 sim 71.3times speedup.", 4.7, 71.3),
        ("The solver is 1.5 - 2.0x faster.", 1.5, 2.0),
        ("It has 1.69x-2.65x higher throughput.", 1.69, 2.65),
        ("It is between 10 and 20 times faster.", 10, 20),
        ("Throughput rises by up to 3,201x.", 3201, 3201),
        (r"The emulator is $10^4$ times faster.", 10_000, 10_000),
        ("A speed-up of about 17,000 is reached.", 17_000, 17_000),
        ("Compilation is sped up by a factor of three.", 3, 3),
        ("We get the answer in half the time.", 2, 2),
        ("It needs a third of the time.", 3, 3),
        ("It cuts inference time in half.", 2, 2),
        ("Our index answers 3.4x more queries per second.", 3.4, 3.4),
        ("It is 100+ times faster in measured throughput.", 100, 100),
        ("It speeds up training ×3.", 3, 3),
        ("The speedup is ×12 over Egret.", 12, 12),
    ],
)
def test_a_ratio_is_read_in_every_way_it_is_written(abstract: str, low: float, high: float) -> None:
    assert said(abstract) == [("ratio", low, high)]


@pytest.mark.parametrize(
    ("abstract", "form", "low", "high"),
    [
        ("It runs 83% faster.", "percent_faster", 83, 83),
        ("Throughput improves by 40%.", "percent_faster", 40, 40),
        ("It has 10-40% higher throughput.", "percent_faster", 10, 40),
        ("It reduces the latency by 20%.", "percent_less_time", 20, 20),
        (r"We see a 37\% latency reduction.", "percent_less_time", 37, 37),
        ("It finishes in 40% less time.", "percent_less_time", 40, 40),
        ("Execution time decreases by 35 percent.", "percent_less_time", 35, 35),
        ("It is an order of magnitude faster.", "orders_of_magnitude", 1, 1),
        ("It speeds up search by two orders of magnitude.", "orders_of_magnitude", 2, 2),
        ("It is two to three orders of magnitude faster.", "orders_of_magnitude", 2, 3),
        ("Training time falls, reduced from 10 hours to 2 hours.", "before_after", 2, 10),
        ("Ours attains 156 TFLOPS while Falcon only attains 45 TFLOPS.", "before_after", 45, 156),
        ("It raises FPS from 144 to 237.", "before_after", 144, 237),
        ("It takes 2.5 seconds, compared to 30 seconds for Falcon.", "before_after", 2.5, 30),
        ("The job takes 3.2 vs 40.1 seconds.", "before_after", 3.2, 40.1),
        ("The latency per token is only 68% of that of Falcon.", "percent_less_time", 32, 32),
        ("The wall-clock time is reduced to 25% of the original.", "percent_less_time", 75, 75),
    ],
)
def test_other_forms_are_told_apart(abstract: str, form: str, low: float, high: float) -> None:
    assert said(abstract) == [(form, low, high)]


@pytest.mark.parametrize(
    "abstract",
    [
        "It uses 3x less memory.",
        "It is 2.7x more energy-efficient.",
        "Accuracy improves by 2.3%.",
        "The model is 4x smaller.",
        "It costs 5 times less.",
        "It needs 12x fewer FLOPs.",
        "It allows a 4x larger batch size.",
        "It is 25% slower than native code.",
        "Latency increases by only 5%.",
        "It incurs a 5% latency overhead.",
        "It reaches 90% of the peak throughput.",
        "We reach 55% model FLOPs utilization.",
        "It scales linearly to 128 GPUs.",
        "We train on 4timesRTX 3090 cards.",
        "It runs on 8x A100.",
        "It is within 1.2x of the optimal latency.",
        "We use 10-fold cross-validation for the throughput model.",
        "The A100 has 4.1x power budget and 3.4x HBM bandwidth.",
        "The overhead is only 2% of the execution time.",
        "It uses 2x throughput-oriented cores with 1080x1920 input and ResNet-50.",
    ],
)
def test_a_number_that_is_not_of_speed_is_no_speedup(abstract: str) -> None:
    assert said(abstract) == []


def test_motivation_and_prior_work_are_left_out() -> None:
    motivation = "GPUs have become 5x faster. In this paper, we present Heron. It is 2x faster than Egret."
    prior = (
        "We propose Heron. Previous systems are 3x faster than disks. However, existing caches reduce latency by 40%."
    )
    assert said(motivation) == [("ratio", 2, 2)]
    assert said(prior) == []


def test_the_title_names_the_system_whose_results_count() -> None:
    found = claims("Heron is 3x faster than Egret. We release our code.", "Heron: A Fast Store")
    assert [claim.item.low for claim in found] == [3]


@pytest.mark.parametrize(
    ("abstract", "bound"),
    [
        ("It is up to 3x faster.", "up_to"),
        ("It is up to ~70X faster.", "up_to"),
        ("It is as much as 3x faster.", "up_to"),
        ("It is at least 3x faster.", "at_least"),
        ("It has over 3x higher throughput.", "at_least"),
        (r"We achieve $>100\times$ speedup.", "at_least"),
        ("It improves throughput by 10+%.", "at_least"),
        ("It is 3x faster on average.", "average"),
        ("It yields an average speedup of 3x.", "average"),
        ("It has a geometric mean speedup of 1.4x.", "average"),
        ("It is nearly 3x faster.", "about"),
        (r"It is faster by a factor of $\sim$450.", "about"),
        ("It is around 2times faster.", "about"),
        ("It outperforms others by 93x, on average across data sets.", "average"),
        ("It is 3x faster.", "exact"),
    ],
)
def test_the_bound_is_in_the_words_beside_the_number(abstract: str, bound: str) -> None:
    assert [claim.item.bound for claim in claims(abstract)] == [bound]


def test_a_shared_up_to_covers_both_numbers() -> None:
    abstract = "We reach speedups of up to 2x and 2.2x. It improves speed by up to 18x on a V100 and 12.8x on an M1."
    assert {claim.item.bound for claim in claims(abstract)} == {"up_to"}
    assert len(claims(abstract)) == 4


def test_two_bounds_in_brackets_go_to_the_numbers_in_turn() -> None:
    abstract = "We obtain an average (maximum) speedup of 2.3x (4.5x) over Egret."
    assert [(claim.item.low, claim.item.bound) for claim in claims(abstract)] == [(2.3, "average"), (4.5, "up_to")]


def test_each_number_of_a_list_is_of_its_own_measure() -> None:
    abstract = "It has 2.9x, 19x and 3x better throughput, energy efficiency and area efficiency."
    assert said(abstract) == [("ratio", 2.9, 2.9)]


def test_a_number_alone_is_a_gain_where_one_was_stated_before() -> None:
    assert [low for _, low, _ in said("We are 2.3x faster on a V100. Our offloading attains 7.8x on two cards.")] == [
        2.3,
        7.8,
    ]
    assert said("Our offloading attains 7.8x on two cards.") == []


def test_a_number_of_a_list_keeps_its_own_bound() -> None:
    abstract = "It outperforms Falcon by up to 125x (on average 2.6x) in latency."
    assert [claim.item.bound for claim in claims(abstract)] == ["up_to", "average"]


@pytest.mark.parametrize(
    ("abstract", "metric"),
    [
        ("It has 2x lower latency.", "latency"),
        ("We cut time-to-first-token by 2.3x.", "latency"),
        ("It has 2x higher throughput.", "throughput"),
        ("It doubles the FPS, our tests show: FPS is 2x higher.", "throughput"),
        ("It improves the sampling speed by 20x.", "throughput"),
        ("It can be trained 23x faster.", "runtime"),
        ("It reduces execution time by 2x.", "runtime"),
        ("Training time is reduced from 3 days to 76 minutes.", "runtime"),
        ("It is 2x faster.", "unspecified"),
        ("It gives a speedup of 3x.", "unspecified"),
    ],
)
def test_the_metric_is_what_got_faster(abstract: str, metric: str) -> None:
    assert {claim.item.metric for claim in claims(abstract)} == {metric}


def test_two_numbers_of_two_measures_get_each_their_own() -> None:
    abstract = "It improves performance by 1.39-1.79 times and 3.22-3.43 times of latency and throughput."
    assert [(claim.item.low, claim.item.metric) for claim in claims(abstract)] == [
        (1.39, "latency"),
        (3.22, "throughput"),
    ]


def test_speed_is_told_from_savings_in_one_list() -> None:
    abstract = "It has 41-137times, 631-1074times speedup and 339-1085times, 890-1632times energy efficiency."
    assert said(abstract) == [("ratio", 41, 137), ("ratio", 631, 1074)]


def test_a_gain_restated_as_ratio_and_as_pair_is_listed_once() -> None:
    assert said("We cut training time from 10 hours to 2 hours, a 5x speedup.") == [("ratio", 5, 5)]


def test_a_number_with_no_word_of_its_own_takes_that_of_its_neighbour() -> None:
    assert [low for _, low, _ in said("Signing is 3.1 times and verification 2.4 times faster.")] == [3.1, 2.4]
    assert [low for _, low, _ in said("We are 3.5x faster on reads, 4.9x on writes.")] == [3.5, 4.9]
    assert said("We use 3x less memory on reads, 4x on writes.") == []


def test_a_rate_that_was_just_stated_gives_the_metric() -> None:
    (claim,) = claims("It decodes at 550 tokens/s, 7.9times faster than Egret.")
    assert claim.item.metric == "throughput"


def test_a_number_that_stands_only_in_the_title_is_a_claim_of_the_title() -> None:
    title = "Heron: 5x Faster Lookups"
    (claim,) = claims("We present Heron, an index.", title)
    assert (claim.item.low, claim.in_title) == (5, True)
    assert claim.start is not None
    assert title[claim.start :].startswith(claim.item.quote)
    assert [claim.in_title for claim in claims("We present Heron. It is 5x faster.", title)] == [False]


def test_a_system_outdone_by_its_rival_is_no_speedup() -> None:
    assert said("We present Heron. Native code is 1.3x faster than ours.") == []


def test_vague_numbers_are_no_claim() -> None:
    assert said("It is several hundred times faster. It is orders of magnitude faster. It is many times faster.") == []


def test_quote_holds_the_number_and_the_start_is_where_it_stands() -> None:
    abstract = "We present Heron. Memory aside, Heron is 3x faster than Egret; it is small."
    (claim,) = claims(abstract)
    assert claim.item.quote == "Heron is 3x faster than Egret"
    assert claim.start == abstract.index(claim.item.quote)
    assert claim.rule.startswith("speedups.ratio")


VOCABULARY = (
    "we up to 2x 3.5 times faster than and , ; ( ) by 40% latency throughput memory from 10 hours $ \\times half "
    "the over speedup of an order of magnitude 1,000 - sim on average while respectively A100 it . is 10^3 0x \u0130"
)
WORDS = st.sampled_from(sorted(set(VOCABULARY.split())))


@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_every_claim_of_any_text_is_verbatim_and_has_a_factor(abstract: str) -> None:
    for claim in claims(abstract):
        assert claim.start is not None
        assert claim.item.quote
        assert abstract[claim.start : claim.start + len(claim.item.quote)] == claim.item.quote
        assert factor(claim.item.form, claim.item.low, claim.item.high)[0] > 1


@given(st.text(max_size=300))
def test_any_text_is_read(abstract: str) -> None:
    for claim in claims(abstract):
        assert claim.item.quote in abstract


@pytest.mark.parametrize(
    "piece",
    ["1,1,1,", "(", "x", "2x ", "2x and ", "10^", "an ", "faster by 2x, ", "2x faster than A and ", "from 5 s to ",
     "a 2x. ", "2x faster. It is ", "speedup of ", "$", "one ", "1/2 of the time "],
)  # fmt: skip
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        page = Page("A Study", "We show 2x faster " + piece * (length // len(piece)))
        begun = time.process_time()
        find_speedups(page, [], [])
        return time.process_time() - begun

    seconds(2_000)
    assert seconds(40_000) < 20 * max(seconds(10_000), 0.01)
