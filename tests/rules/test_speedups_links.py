"""Which baseline and which device a speed claim belongs to."""

from agent.claims import Claim
from agent.rules.page import Page
from agent.rules.speedups import find_speedups
from schemas import BaselineAnswer, HardwareAnswer
from schemas.vocabulary import Role


def device(name: str, role: Role = "evaluated") -> Claim[HardwareAnswer]:
    return Claim(HardwareAnswer(name=name, kind="gpu", count=None, memory_gb=None, role=role))


def rival(name: str) -> Claim[BaselineAnswer]:
    return Claim(BaselineAnswer(name=name, kind="method"))


def over(abstract: str, *names: str) -> list[str | None]:
    found = find_speedups(Page("A Study", abstract), [], [rival(name) for name in names])
    return [claim.item.baseline for claim in found]


def on(abstract: str, *names: str) -> list[str | None]:
    found = find_speedups(Page("A Study", abstract), [device(name) for name in names], [])
    return [claim.item.hardware for claim in found]


def test_a_number_belongs_to_what_stands_behind_than() -> None:
    assert over("Ours is 3.5x faster than Egret, 4.9x faster than Heron.", "Egret", "Heron") == ["Egret", "Heron"]


def test_a_number_behind_by_belongs_to_what_is_outperformed() -> None:
    assert over("It outperforms Egret by 3.5x in latency and Heron by 2x.", "Egret", "Heron") == ["Egret", "Heron"]


def test_a_leading_comparison_covers_the_sentence() -> None:
    assert over("Compared to Egret, we are 2x faster on reads and 3x faster on writes.", "Egret") == ["Egret", "Egret"]


def test_respectively_maps_numbers_to_baselines_in_order() -> None:
    abstract = "We are 31.6x, 54.5x and 23.1x faster than Egret, Heron and Ibis respectively."
    assert over(abstract, "Egret", "Heron", "Ibis") == ["Egret", "Heron", "Ibis"]


def test_one_number_over_several_baselines_is_tied_to_none() -> None:
    assert over("We are 3x faster than Egret and Heron.", "Egret", "Heron") == [None]


def test_a_baseline_that_is_not_named_is_no_link() -> None:
    assert over("We are 3x faster than Heron. Egret is slow.", "Egret") == [None]


def test_a_shorter_name_behind_over_still_links() -> None:
    abstract = "It gives a 9x speedup over the CPU and 8x over the best published accelerator."
    assert over(abstract, "CPU", "best published sorting accelerator") == ["CPU", "best published sorting accelerator"]


def test_a_sentence_that_goes_on_keeps_the_baseline() -> None:
    abstract = "Our packing is 20x faster than Egret. This yields a speedup of 9x in halo exchange."
    assert over(abstract, "Egret") == ["Egret", "Egret"]


def test_the_slower_of_two_amounts_is_the_baseline() -> None:
    assert over("Ours attains 156 TFLOPS while Egret only attains 45 TFLOPS.", "Egret") == ["Egret"]


def test_each_device_has_its_own_number() -> None:
    abstract = "It raises speed by up to 18x on a V100 GPU and 12.8x on an M1 chip."
    assert on(abstract, "V100 GPU", "M1 chip") == ["V100 GPU", "M1 chip"]


def test_respectively_maps_numbers_to_devices_in_order() -> None:
    abstract = "We reach 40.4% and 45.2% higher throughput on V100 GPU and Xeon CPU, respectively."
    assert on(abstract, "V100 GPU", "Xeon CPU") == ["V100 GPU", "Xeon CPU"]


def test_a_device_at_the_end_covers_the_numbers_before_it() -> None:
    abstract = "We reach a 2.7x speedup with no loss and a 4.0x speedup with little, on four A5000 GPUs."
    assert on(abstract, "A5000 GPUs") == ["A5000 GPUs", "A5000 GPUs"]


def test_the_device_of_the_set_up_is_that_of_later_numbers() -> None:
    assert on("We evaluate on P100 GPUs. The search cuts latency by 20%.", "P100 GPUs") == ["P100 GPUs"]


def test_several_devices_in_the_sentence_before_make_no_link() -> None:
    assert on("We use an A100 and an H100. On reads, we are 3x faster.", "A100", "H100") == [None]


def test_a_device_that_is_named_only_later_is_no_link() -> None:
    assert on("We train 23x faster. Inference runs on a P100.", "P100") == [None]


def test_a_device_that_is_the_baseline_is_not_the_one_used() -> None:
    page = Page("A Study", "Our chip is 9x faster than a V100.")
    (claim,) = find_speedups(page, [device("V100", "baseline")], [rival("V100")])
    assert (claim.item.baseline, claim.item.hardware) == ("V100", None)


def test_the_gpu_stands_for_the_one_gpu_that_is_named() -> None:
    assert on("We use a V100 card. It is 3x faster on the GPU.", "V100 card") == ["V100 card"]


def test_a_model_stands_for_the_device_that_has_it_in_its_name() -> None:
    abstract = "We use server-grade x86-64 and embedded ARM64 boards. We are 2x and 3x faster on x86-64 and ARM64."
    assert on(abstract, "server-grade x86-64", "embedded ARM64 boards") == [
        "server-grade x86-64",
        "embedded ARM64 boards",
    ]


def test_the_name_in_the_title_is_no_mention_of_a_rival_within_it() -> None:
    page = Page("Fast Egret", "Fast Egret is 9x faster than Egret. Compared to Ibis, Fast Egret trains 3x faster.")
    found = find_speedups(page, [], [rival("Egret"), rival("Ibis")])
    assert [claim.item.baseline for claim in found] == ["Egret", "Ibis"]


def test_a_second_by_has_its_own_rival() -> None:
    abstract = "It improves throughput by up to 7x compared to Egret and by 2x compared to Ibis."
    assert over(abstract, "Egret", "Ibis") == ["Egret", "Ibis"]
