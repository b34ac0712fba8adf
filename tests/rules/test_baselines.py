"""What the rules take for a baseline, on abstracts invented for the purpose."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.claims import Claim
from agent.rules.baselines import find_baselines
from agent.rules.page import Page
from schemas import BaselineAnswer, HardwareAnswer

BACKGROUND = "Graph queries are slow. "
OWN = "We propose Larkspur, a query engine. "


def found(abstract: str, title: str = "Fast graph queries") -> list[Claim[BaselineAnswer]]:
    return find_baselines(Page(title, abstract), [])


def names(abstract: str, title: str = "Fast graph queries") -> list[str]:
    return [claim.item.name for claim in found(abstract, title)]


def kinds(abstract: str) -> dict[str, str]:
    return {claim.item.name: claim.item.kind for claim in found(abstract)}


@pytest.mark.parametrize(
    "sentence",
    [
        "It is 2.5x faster than Bluebell.",
        "Compared to Bluebell, Larkspur halves the latency.",
        "In comparison with Bluebell, latency falls by 20%.",
        "It gives a 3x speedup over Bluebell on large graphs.",
        "Larkspur outperforms Bluebell by 30%.",
        "It surpasses Bluebell, while using less memory.",
        "Throughput rises by 40% relative to Bluebell.",
        "It reaches 91% accuracy vs. 88% for Bluebell.",
        "Its speedup with respect to Bluebell is fourfold.",
        "We evaluate Larkspur against Bluebell.",
        "Its accuracy is on par with Bluebell.",
        "It matches Bluebell at half the cost.",
        "It is twice as fast as Bluebell.",
        "It delivers twice the throughput of Bluebell.",
        "It achieves similar accuracy to Bluebell.",
        "Larkspur needs two hours, while Bluebell takes two days.",
        "It is competitive with Bluebell.",
        "It is 4x faster than Acme's Bluebell.",
        "It is 4x faster than the state-of-the-art Bluebell.",
        "It is 4x faster than the previous best engine, Bluebell, on all graphs.",
        "It takes 3 s per query. In contrast, Bluebell takes 40 s.",
        "It cuts the time from 40 s with Bluebell to 3 s.",
        "It takes 3 s rather than the 40 s needed by Bluebell.",
        "It gives a speedup of 40% over models trained with the state-of-the-art Bluebell library.",
        "It performs favorably against Bluebell.",
        "Over Bluebell, it improves performance by 20%.",
        "It obtains results comparable in quality to those of Bluebell.",
        "It uses 1/1000 of the memory of Bluebell.",
        "Its latency is only slightly below that of Bluebell.",
        "It reaches the throughput of Bluebell.",
        "It is 2x faster than the recently proposed Bluebell algorithm.",
        "It beats, in time and space, or rather surpasses, Bluebell.",
    ],
)
def test_every_way_to_compare_names_the_rival(sentence: str) -> None:
    assert names(BACKGROUND + OWN + sentence) == ["Bluebell"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It outperforms Bluebell, Campion, and Daisy.", ["Bluebell", "Campion", "Daisy"]),
        ("It is 3x faster than Bluebell and Campion.", ["Bluebell", "Campion"]),
        ("It outperforms engines such as Bluebell and Campion by 2x.", ["Bluebell", "Campion"]),
        ("It outperforms existing engines, including Bluebell and Campion, by 2x.", ["Bluebell", "Campion"]),
        ("It outperforms graph engines (Bluebell, Campion, and Daisy) by 2x.", ["Bluebell", "Campion", "Daisy"]),
        ("It outperforms the best library, i.e., Bluebell, by 2x.", ["Bluebell"]),
        ("It outperforms Bluebell by 2x and Campion by 3x.", ["Bluebell", "Campion"]),
        ("It is 2x faster than Bluebell [8] and Campion [9].", ["Bluebell", "Campion"]),
        ("It is 2x faster than Bluebell, and scales to 64 nodes.", ["Bluebell"]),
        ("Compared to Bluebell, Larkspur is small.", ["Bluebell"]),
        ("It outperforms both Bluebell (32 nodes) by 5%, and Campion by 3%.", ["Bluebell", "Campion"]),
        ("It outperforms Bluebell (resp. Campion) by 5% (resp. 3%).", ["Bluebell", "Campion"]),
        ("It takes 2 hours, compared with 20 for Bluebell and 30 for Campion.", ["Bluebell", "Campion"]),
        ("It beats two recent methods, Bluebell and Campion, by 3%.", ["Bluebell", "Campion"]),
        ("It outperforms Bluebell, Campion and Daisy and Elder.", ["Bluebell", "Campion", "Daisy", "Elder"]),
        ("It is 13x faster than CPU and GPU implementations.", ["CPU", "GPU"]),
        ("It beats existing pruning and hashing methods.", ["existing pruning and hashing methods"]),
        (
            "It runs queries 9x faster than Bluebell, and machine code up to 2x faster than Daisy.",
            ["Bluebell", "Daisy"],
        ),
        ("It costs 1% more than Bluebell, showcasing the worth of sketches.", ["Bluebell"]),
        ("It outperforms state-of-the-art (SOTA) joins.", ["state-of-the-art (SOTA) joins"]),
        ("It is 3x faster than most indexes specialized in joins.", ["indexes"]),
        ("It beats a wide range of existing engines.", ["existing engines"]),
        ("It beats previously proposed engines.", ["previously proposed engines"]),
        ("It is 4x faster than the open-source implementation of Bluebell.", ["Bluebell"]),
    ],
)
def test_a_list_gives_each_of_its_members(sentence: str, expected: list[str]) -> None:
    assert names(BACKGROUND + OWN + sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "It answers more than 10 queries and runs over time on over 100 datasets.",
        "It is faster over a wide range of datasets.",
        "It sorts rather than hashes, other than at the start.",
        "Its accuracy exceeds 90% and surpasses 30 FPS.",
        "It is robust against attacks.",
        "It builds upon Bluebell and extends Campion.",
        "It runs 100x faster than real time.",
        "It improves speed and gives control over the cache.",
        "Some layers are more sensitive than others.",
        "It scales to more than one GPU and handles graphs that exceed the memory of a single GPU.",
        "It uses the same layout as Bluebell.",
        "It speeds up transfers over PCIe.",
        "The arm moves relative to a camera.",
        "It is measured against the standard one.",
        "It scales to larger graphs over quadratic growth.",
        "Larkspur-L is more accurate than Larkspur-S, and our method is faster than Larkspur.",
    ],
)
def test_amounts_data_guards_foundations_and_own_variants_are_no_baselines(sentence: str) -> None:
    assert names(BACKGROUND + OWN + sentence) == []


def test_a_comparison_in_the_motivation_is_left_out() -> None:
    abstract = "Bluebell is faster than Campion. However, it needs memory. We propose Larkspur. It beats Daisy by 2x."
    assert names(abstract) == ["Daisy"]


def test_an_abstract_that_never_says_we_is_read_whole() -> None:
    assert names("A query engine runs 2x faster than Bluebell.") == ["Bluebell"]


def test_the_name_before_the_titles_colon_is_the_papers_own() -> None:
    assert names("We show that Larkspur beats Bluebell and Larkspur-S.", "Larkspur: a query engine") == ["Bluebell"]


def test_a_rival_that_only_the_title_names_is_placed_in_the_title() -> None:
    title = "Faster than Bluebell"
    (claim,) = found("We answer queries.", title)
    assert claim.in_title
    assert claim.start is not None
    assert title[claim.start :].startswith(claim.item.name)


def test_a_rival_named_twice_is_listed_once() -> None:
    assert names(OWN + "It beats Bluebell. It needs less memory than the Bluebell engine.") == ["Bluebell"]


def test_an_abbreviation_stands_for_the_phrase_before_it() -> None:
    text = OWN + "It is faster than a preconditioned search (PXSearch) method. It is smaller than PXSearch."
    assert names(text) == ["PXSearch"]


@pytest.mark.parametrize(
    ("phrase", "name", "kind"),
    [
        ("Bluebell", "Bluebell", "method"),
        ("the original Bluebell algorithm", "original Bluebell", "method"),
        ("hash joins", "hash joins", "method"),
        ("existing methods", "existing methods", "generic"),
        ("state-of-the-art graph engines", "state-of-the-art graph engines", "generic"),
        ("the state of the art", "state of the art", "generic"),
        ("the FP16 baseline", "FP16 baseline", "setting"),
        ("CPU-only execution", "CPU-only execution", "setting"),
        ("a naive implementation", "naive implementation", "setting"),
        ("model parallelism alone", "model parallelism alone", "setting"),
        ("training from scratch", "training from scratch", "setting"),
        ("models with unoptimized shapes", "models with unoptimized shapes", "setting"),
        ("its CPU counterpart", "CPU counterpart", "setting"),
        ("an NVIDIA A100 GPU", "NVIDIA A100 GPU", "hardware"),
        ("a 16-core CPU", "16-core CPU", "hardware"),
        ("a 24 core Xeon CPU", "Xeon CPU", "hardware"),
        ("a single CPU core", "single CPU core", "setting"),
        ("the original code", "original code", "setting"),
        ("the current production code", "current production code", "setting"),
        ("the sequential version", "sequential version", "setting"),
        ("the previous version of Bluebell", "previous version of Bluebell", "setting"),
        ("the original Larkspur", "original Larkspur", "method"),
        ("plain Polly", "plain Polly", "method"),
        ("the control run", "control run", "setting"),
        ("code optimized without vectorization", "code optimized without vectorization", "setting"),
        ("a baseline with a decayed step", "baseline with a decayed step", "setting"),
        ("standard attention", "standard attention", "method"),
        ("the standard method", "standard method", "generic"),
        ("the baseline method", "baseline method", "generic"),
        ("the parallel sweeping method", "parallel sweeping method", "method"),
        ("hand-tuned heuristics", "hand-tuned heuristics", "generic"),
        ("CPU-based solutions", "CPU-based solutions", "generic"),
        ("a CPU-based implementation", "CPU-based implementation", "setting"),
        ("traditional simulations", "traditional simulations", "generic"),
        ("a state-of-the-art graph library", "state-of-the-art graph library", "generic"),
        ("a commercial tool", "commercial tool", "generic"),
        ("existing GPU implementations", "existing GPU implementations", "generic"),
        ("a cluster with 16 CPUs", "cluster with 16 CPUs", "hardware"),
    ],
)
def test_the_shortest_phrase_that_identifies_is_kept_with_its_kind(phrase: str, name: str, kind: str) -> None:
    assert kinds(f"{OWN}It is 3x faster than {phrase}.") == {name: kind}


def test_a_device_that_the_hardware_rules_found_is_hardware() -> None:
    device = Claim(HardwareAnswer(name="Marigold 7", kind="other", count=None, memory_gb=None, role="baseline"))
    page = Page("T", OWN + "It is 3x faster than Marigold 7.")
    assert [claim.item.kind for claim in find_baselines(page, [device])] == ["hardware"]


def test_each_claim_says_which_rule_made_it() -> None:
    assert [claim.rule for claim in found(OWN + "It beats Bluebell.")] == ["baselines.beats"]


PIECES = (
    *(
        "We propose Larkspur",
        " than ",
        "over",
        "compared to",
        "(",
        ")",
        ",",
        " and ",
        "Bluebell",
        "GPT-4",
        "İ",
        "ß",
        ". ",
    ),
    *(
        "’s",
        "2.5x",
        "existing methods",
        "such as",
        "state of the art",
        "the accuracy of",
        "$\\times$",
        "--",
        "\n",
        "one",
    ),
)


@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)))
def test_every_name_is_verbatim_where_it_says_it_starts(abstract: str) -> None:
    title = "Larkspur: faster than Bluebell"
    for claim in found(abstract, title):
        text = title if claim.in_title else abstract
        assert claim.start is not None
        assert claim.item.name
        assert text[claim.start : claim.start + len(claim.item.name)] == claim.item.name


REPEATED = (
    *("1,", "x", "than ", "vs ", "((", "Bluebell, ", "Bluebell and ", "faster than (", "3x over the ", "compare a b "),
    *("similar a ", "we propose a ", "our new ", "such as ", "a's ", ". We ", "state of "),
)


@pytest.mark.parametrize("unit", REPEATED)
def test_no_input_is_slower_than_its_length(unit: str) -> None:
    short, long = (seconds(unit, size) for size in (25_000, 100_000))
    assert long < max(10 * short, 0.05) + 0.2


def seconds(unit: str, size: int) -> float:
    page = Page("T", "We show that it is faster than Bluebell. " + unit * (size // len(unit)))
    begin = time.process_time()
    find_baselines(page, [])
    return time.process_time() - begin


@pytest.mark.parametrize("before", [" ", "\n", "(", "“", "-", "—", "$", "/"])
def test_a_comparing_word_is_read_behind_any_mark(before: str) -> None:
    assert names(f"{OWN}It is 3x faster{before}than Bluebell.") == ["Bluebell"]


def test_a_comparing_word_is_read_across_the_end_of_a_line() -> None:
    assert names(f"{OWN}Latency falls by 20% relative\nto Bluebell.") == ["Bluebell"]
