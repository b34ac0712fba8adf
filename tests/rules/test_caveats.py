"""Caveats as the rules find them: what authors say against their own results, and nothing else."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.rules.caveats import find_caveats
from agent.rules.page import Page

BEFORE = "Serving large models is slow. In this paper, we present Quillon, a runtime for sparse models. "
AFTER = " Quillon runs on one server."


def found(sentence: str, title: str = "Quillon: A Runtime for Sparse Models") -> list[tuple[str, str]]:
    return [(c.item.kind, c.item.quote) for c in find_caveats(Page(title, BEFORE + sentence + AFTER))]


@pytest.mark.parametrize(
    ("kind", "quote", "sentence"),
    [
        ("trade_off", "at the cost of a larger index", "Quillon is 3x faster at the cost of a larger index."),
        ("trade_off", "with a minor accuracy drop", "It runs twice as fast with a minor accuracy drop."),
        ("trade_off", "incurs a modest overhead", "Quillon incurs a modest overhead, and scales to 64 nodes."),
        ("trade_off", "with only a 0.7% accuracy loss", "We reach 2.1x speedup with only a 0.7% accuracy loss."),
        ("trade_off", "only 18% slower than a server", "On a laptop it is only 18% slower than a server and cheaper."),
        (
            "trade_off",
            "still falls short of the best",
            "Quillon still falls short of the best models, but is 9x faster.",
        ),
        ("trade_off", "overhead of 12%", "The checks add an average overhead of 12%."),
        ("simulation", "we simulate", "For larger clusters we simulate Quillon and see a 4x speedup."),
        ("simulation", "Simulation results", "Simulation results show that Quillon is 2x faster."),
        ("simulation", "cycle-accurate simulator", "We build a cycle-accurate simulator, on which it is 5x faster."),
        ("limitation", "Preliminary results", "Preliminary results show a speedup of 2x."),
        ("limitation", "does not improve", "However, we find that Quillon does not improve dense layers."),
        ("limitation", "None of the schedules is always", "We find that None of the schedules is always best."),
        ("limitation", "remains poor", "It is 2x faster. However, accuracy on long inputs remains poor."),
        ("limitation", "limited by memory bandwidth", "The 2x speedup is limited by memory bandwidth."),
        ("scope", "some rival tools", "It outperforms some rival tools by 2x."),
        ("scope", "Excluding data transfer", "Excluding data transfer, it is 50x faster than the CPU."),
        ("scope", "for small problem sizes", "It is 2x faster than Orrery for small problem sizes."),
        ("scope", "when using binary input", "Quillon is 9x faster than Orrery when using binary input."),
        ("scope", "for certain workloads", "It outperforms Orrery by 2x for certain workloads."),
        ("trade_off", "in exchange for a longer build", "It is 3x faster in exchange for a longer build."),
        ("trade_off", "at a modest cost", "It doubles throughput at a modest cost in startup time."),
        ("trade_off", "retaining 96% of its accuracy", "It is 4x smaller while retaining 96% of its accuracy."),
        ("trade_off", "within 3% of the hand-tuned", "Throughput is within 3% of the hand-tuned kernels."),
        ("trade_off", "1.5x more memory", "It is 2x faster than Orrery but needs 1.5x more memory."),
        ("trade_off", "overhead is small (4%)", "Experiments show that the overhead is small (4%)."),
        ("simulation", "is projected to be 5x faster", "On larger chips it is projected to be 5x faster."),
        ("simulation", "We estimate that", "We estimate that a full run is 3x faster."),
        ("limitation", "do not improve accuracy", "Our results show that most of the changes do not improve accuracy."),
        (
            "limitation",
            "perform similarly to random",
            "It is 2x faster. We find that the schedules perform similarly to random.",
        ),
        ("limitation", "there is still a gap", "It is 2x faster. However, there is still a gap to dense layers."),
        ("scope", "In 7 out of 12", "In 7 out of 12 benchmarks, it outperforms Orrery."),
        ("scope", "when many queries", "It outperforms Orrery by 3x when many queries are small."),
        ("scope", "if the index fits", "It is 4x faster than Orrery if the index fits in cache."),
        ("scope", "depending on", "It gives speedups of 2x to 9x, depending on the input."),
        ("trade_off", "with longer build times", "It answers 3x faster with longer build times."),
        ("trade_off", "three quarters the GPU", "The FPGA is frugal, achieving three quarters the GPU performance."),
        ("limitation", "reveals several weaknesses", "It is 2x faster. A closer look reveals several weaknesses."),
        ("scope", "For matrices with few rows", "For matrices with few rows, it is 3x faster than Orrery."),
    ],
)
def test_each_kind_of_limit_is_found(kind: str, quote: str, sentence: str) -> None:
    assert [(k, quote in q) for k, q in found(sentence)] == [(kind, True)]


@pytest.mark.parametrize(
    "sentence",
    [
        "It is 3x faster without sacrificing accuracy.",
        "It reduces latency by 40% with negligible accuracy drop.",
        "Quillon is up to 8x faster on an A100 GPU.",
        "Existing methods suffer from a significant accuracy loss of 5%.",
        "We evaluate Quillon on six datasets and will release the code.",
        "It yields a 40% drop in latency and a 30% reduction in memory.",
        "It is 3x faster while requiring 40% fewer parameters.",
        "Quillon speeds up molecular dynamics simulations by 8x.",
        "However, existing systems are limited to dense models.",
        "Despite being trained on less data, Quillon outperforms Orrery by 3%.",
        "Quillon does not increase latency and is 2x faster.",
        "It is 2x faster, and succeeds where other methods fail.",
        "Quillon mitigates the accuracy degradation that quantization brings.",
        "Quillon outperforms Orrery by 2.3x across several tasks.",
        "It achieves 76% accuracy and is 3x faster.",
        "Quillon reduces the overhead of synchronisation by 40%.",
        "It is 2x faster when compared with Orrery.",
        "It requires no retraining and 30% less memory.",
        "It processes 3x more requests than Orrery.",
    ],
)
def test_what_limits_nothing_of_the_authors_own_is_no_caveat(sentence: str) -> None:
    assert found(sentence) == []


def test_what_authors_observe_before_they_announce_their_work_is_motivation() -> None:
    observed = "Serving is slow. We observe that batching does not improve latency. "
    assert find_caveats(Page("Quillon", observed + "In this paper, we present Quillon. It is 2x faster.")) == []


def test_one_simulation_is_told_once_a_sentence() -> None:
    sentence = "We evaluate Quillon with a cycle-accurate simulator and RTL synthesis, and it is 3x faster."
    assert [kind for kind, _ in found(sentence)] == ["simulation"]


def test_the_motivation_before_the_authors_speak_of_their_work_holds_no_caveat() -> None:
    abstract = "Pruning is fast at the cost of lower accuracy. In this paper, we present Quillon. It is 2x faster."
    assert find_caveats(Page("Quillon", abstract)) == []


def test_a_problem_that_the_next_sentence_sets_out_to_solve_is_no_limitation() -> None:
    problem = "It is 2x faster. However, the accuracy on long inputs remains poor."
    assert found(problem) == [("limitation", "However, the accuracy on long inputs remains poor")]
    assert found(problem + " To address this, we train on long inputs.") == []


def test_simulating_is_no_caveat_where_it_is_the_subject_of_the_work() -> None:
    sentence = "Simulation results show that Quillon is 2x faster."
    assert found(sentence, title="Quillon: Simulation of Galaxies on GPUs") == []


def test_passages_of_one_abstract_follow_the_text_and_do_not_overlap() -> None:
    sentence = "It is 3x faster for certain workloads, at the cost of a larger index, with a 2% accuracy loss."
    assert [kind for kind, _ in found(sentence)] == ["scope", "trade_off", "trade_off"]


@settings(max_examples=60)
@given(st.text(max_size=400), st.sampled_from(["at the cost of accuracy", "İ with a 2% accuracy loss"]))
def test_every_quote_stands_where_its_claim_says(text: str, cue: str) -> None:
    page = Page("", "We present Quillon. " + text + " It is 2x faster " + cue + ". " + text)
    end = 0
    for claim in find_caveats(page):
        assert claim.start is not None
        assert claim.start >= end
        assert claim.rule.startswith("caveats.")
        end = claim.start + len(claim.item.quote)
        assert claim.item.quote == page.abstract[claim.start : end] != ""


@pytest.mark.parametrize(
    "unit",
    [
        "1,",
        "(",
        "x",
        "with only ",
        "accuracy loss ",
        "we ",
        "for some ",
        "existing ",
        "is not evenly ",
        "however but ",
        "of 1% ",
    ],
)
def test_hostile_text_takes_time_in_proportion_to_its_length(unit: str) -> None:
    def seconds(length: int) -> float:
        page = Page("", "We show 2x. However, " + (unit * length)[:length])
        begin = time.process_time()
        find_caveats(page)
        return time.process_time() - begin

    seconds(1_000)
    assert seconds(80_000) < 12 * seconds(20_000) + 0.2
