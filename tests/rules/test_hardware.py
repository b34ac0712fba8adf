"""What the device rules find in a page, on invented abstracts."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.claims import Claim
from agent.rules.hardware import find_hardware
from agent.rules.page import Page
from schemas import HardwareAnswer


def found(abstract: str, title: str = "Some title") -> list[HardwareAnswer]:
    return [claim.item for claim in find_hardware(Page(title, abstract))]


def names(abstract: str, title: str = "Some title") -> list[str]:
    return [item.name for item in found(abstract, title)]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("on an NVIDIA V100 GPU", "NVIDIA V100 GPU", "gpu"),
        ("on NVIDIA Tesla-P100 GPUs", "NVIDIA Tesla-P100 GPUs", "gpu"),
        ("on an NVIDIA TESLA P40 GPU", "NVIDIA TESLA P40 GPU", "gpu"),
        ("on an RTX4090", "RTX4090", "gpu"),
        ("on a GTX 1080Ti", "GTX 1080Ti", "gpu"),
        ("on an AMD Instinct MI250X", "AMD Instinct MI250X", "gpu"),
        ("on an Intel Xeon E5-2680 v4 CPU", "Intel Xeon E5-2680 v4 CPU", "cpu"),
        ("on an Intel Core i7-8700K", "Intel Core i7-8700K", "cpu"),
        ("on an Alveo U280 FPGA", "Alveo U280 FPGA", "fpga"),
        ("on a Xilinx Zynq UltraScale+ ZCU102", "Xilinx Zynq UltraScale+ ZCU102", "fpga"),
        ("on a Raspberry Pi 4B", "Raspberry Pi 4B", "edge_board"),
        ("on a Jetson AGX Orin", "Jetson AGX Orin", "edge_board"),
        ("on an iPhone 13 Pro", "iPhone 13 Pro", "mobile"),
        ("on a Snapdragon 8 Gen 3", "Snapdragon 8 Gen 3", "mobile"),
        ("on an STM32F746", "STM32F746", "microcontroller"),
        ("on an ARM Cortex-M7 microcontroller", "ARM Cortex-M7 microcontroller", "microcontroller"),
        ("on a Huawei Ascend 910B", "Huawei Ascend 910B", "npu"),
        ("on a TPU v4 pod", "TPU v4 pod", "tpu"),
        ("on a Graphcore IPU", "Graphcore IPU", "asic"),
        ("on an M1 Pro chip", "M1 Pro chip", "other"),
        ("on an Apple MacBook Pro", "Apple MacBook Pro", "system"),
        ("on an NVIDIA DGX-2 node", "NVIDIA DGX-2 node", "system"),
        ("on the Frontier supercomputer", "Frontier", "system"),
        ("on p3.2xlarge instances", "p3.2xlarge instances", "system"),
    ],
)
def test_a_listed_device_is_named_with_vendor_and_model(text: str, name: str, kind: str) -> None:
    (item,) = found(f"Our solver is 3x faster {text}.")
    assert (item.name, item.kind, item.role) == (name, kind, "evaluated")


@pytest.mark.parametrize("name", ["NVIDIA X900 cards", "NVIDIA Q7700", "ZX9000 GPUs", "Xilinx ABC99"])
def test_a_model_that_no_list_knows_is_found_by_shape_and_neighbours(name: str) -> None:
    assert names(f"We reach 40 fps on {name}.") == [name]


@pytest.mark.parametrize(
    "text", ["INT8 GPU kernels", "FP16 GPU code", "M1 macrophages", "T4 levels", "the Titan model", "summit"]
)
def test_words_with_other_meanings_are_no_devices(text: str) -> None:
    assert names(f"We study {text} and are 3x faster.") in ([], ["GPU"])


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("eight A100 GPUs", 8),
        ("512 NVIDIA V100 GPUs", 512),
        ("2,048 A100 GPUs", 2048),
        ("16 and 2,048 A100 GPUs", 2048),
        ("a single A100 GPU", 1),
        ("8$\\times$A100", 8),
        ("4timesA100 (80G)", 4),
        ("8xA100", 8),
        ("up to 128 A100s", 128),
        ("an A100", None),
    ],
)
def test_the_count_stands_before_the_name(text: str, count: int | None) -> None:
    (item,) = found(f"We train for two days on {text}.")
    assert item.count == count


@pytest.mark.parametrize(
    ("text", "memory"),
    [
        ("an A100-80GB", 80),
        ("an RTX 3090 (24G)", 24),
        ("a GPU with 24 GB of VRAM", 24),
        ("a 48GB GPU", 48),
        ("an A100", None),
    ],
)
def test_memory_next_to_the_device_is_its_own(text: str, memory: float | None) -> None:
    (item,) = found(f"Our method takes 3 hours on {text}.")
    assert item.memory_gb == memory


def test_joined_devices_are_split_and_share_their_machine() -> None:
    items = found("We show a 1.8x speedup on A100 and H100 NVIDIA DGX Systems.")
    assert [(item.name, item.kind) for item in items] == [("A100", "system"), ("H100 NVIDIA DGX Systems", "system")]
    assert names("We are 2x faster on H100/A100.") == ["H100", "A100"]
    assert names("We evaluate on NVIDIA and AMD GPUs and see speedups of 2x.") == ["NVIDIA", "AMD GPUs"]


def test_the_same_device_is_listed_once_by_its_fullest_name() -> None:
    (item,) = found("Our code is 2x faster on V100. On two NVIDIA V100 GPUs it is 3x faster.")
    assert (item.name, item.count) == ("NVIDIA V100 GPUs", 2)


def test_a_general_name_gives_way_to_a_precise_one_but_lends_its_count() -> None:
    (item,) = found("We need a single GPU. Our method reaches 30 fps on a single GPU, an NVIDIA A100.")
    assert (item.name, item.count) == ("NVIDIA A100", 1)


@pytest.mark.parametrize(
    ("text", "name", "count"),
    [
        ("trains in 5 hours on 128 GPUs", "GPUs", 128),
        ("is 3x faster on a mobile device", "mobile device", None),
        ("runs at 30 fps on a consumer GPU", "consumer GPU", None),
        ("processes 10 million records per second on a 16-core server", "16-core server", None),
        ("takes 3 minutes on a single machine", "machine", 1),
        ("runs in real time on a laptop", "laptop", None),
    ],
)
def test_a_general_device_counts_where_a_result_is_tied_to_it(text: str, name: str, count: int | None) -> None:
    (item,) = found(f"Our system {text}.")
    assert (item.name, item.count) == (name, count)


@pytest.mark.parametrize(
    "abstract",
    [
        "Training large models requires thousands of GPUs. We propose an optimizer that needs half the steps.",
        "Our method needs 10x less GPU memory and 30% fewer GPU hours.",
        "We present a compiler. It hides communication between CPUs and GPUs and is 2x faster.",
        "Deploying networks on mobile devices is challenging. We prune filters and cut FLOPs by 50%.",
        "We improve multi-GPU training by 20%.",
        "For instance, our machine translation is 3x faster.",
    ],
)
def test_topic_words_and_motivation_are_no_devices(abstract: str) -> None:
    assert names(abstract) == []


def test_a_precise_device_of_the_background_is_left_out() -> None:
    assert names("Prior models reach only 60% of peak on A100 GPUs. In this work, we are 2x faster.") == []


def test_roles_follow_the_words_around() -> None:
    items = found("Our FPGA design on an Alveo U280 is 5x faster than an NVIDIA V100 GPU and 9x than a 32-core CPU.")
    assert [(item.name, item.role) for item in items] == [
        ("Alveo U280", "evaluated"),
        ("NVIDIA V100 GPU", "baseline"),
        ("32-core CPU", "baseline"),
    ]
    (item,) = found("Our model can easily be trained on a single RTX 3090, which makes it accessible.")
    assert item.role == "target"


def test_being_evaluated_wins_over_being_compared() -> None:
    (item,) = found("We are 2x faster on an A100. The H-version is slower than an A100.")
    assert item.role == "evaluated"


def test_a_device_that_stands_only_in_the_title_counts() -> None:
    (claim,) = find_hardware(Page("Fast graph search on GPUs", "We present three techniques and show their effect."))
    assert (claim.item.name, claim.in_title, claim.rule) == ("GPUs", True, "hardware.title")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on GPU, CPU, and ARM processors", ["GPU", "CPU", "ARM processors"]),
        ("on an off-the-shelf smartphone and an ARM Cortex-A53", ["off-the-shelf smartphone", "ARM Cortex-A53"]),
        ("on an Intel Xeon E5-2680 and (to a lesser degree) NVIDIA GPUs", ["Intel Xeon E5-2680", "NVIDIA GPUs"]),
    ],
)
def test_devices_joined_by_a_conjunction_are_different_devices(text: str, expected: list[str]) -> None:
    assert names(f"Our filter is 3x faster {text}.") == expected


def test_an_architecture_and_its_short_name_are_one_processor() -> None:
    abstract = "We benchmark Intel Haswell (HSW), Knights Landing (KNL), and Skylake (SKL). On KNL we are 2x faster."
    assert names(abstract) == ["Intel Haswell", "Knights Landing", "Skylake"]


def test_a_laptop_beside_a_named_machine_counts_on_its_own() -> None:
    abstract = "We reach 1 million frames per second on an NVIDIA DGX-A100. On a laptop we are 3x faster than Foo."
    assert names(abstract) == ["NVIDIA DGX-A100", "laptop"]


def test_the_scale_of_a_run_counts_its_devices() -> None:
    (item,) = found("We gain 12% at the 256-GPU scale and 30% at the 512-GPU scale on NVIDIA H100 GPUs.")
    assert item.count == 512


def test_a_system_that_is_called_like_a_device_is_none() -> None:
    assert names("We introduce Atom, a quantization method. Atom is 3x faster.", "Atom: Fast Quantization") == []


def test_an_accelerator_may_be_named_in_lower_case_or_by_its_acronym() -> None:
    item = found("We propose an accelerator, zkFoo, in 7 nm. zkFoo achieves 100x over CPU.", "zkFoo: An Accelerator")[0]
    assert (item.name, item.kind) == ("zkFoo", "asic")
    item = found("We design a reconfigurable systolic array (RSA) in 45 nm silicon. RSA achieves a 3x speedup.")[0]
    assert (item.name, item.kind) == ("RSA", "asic")


def test_the_chip_a_paper_builds_is_its_hardware_and_the_rest_its_baselines() -> None:
    items = found(
        "We present Foo, an ASIC accelerator in 45 nm. Compared with CPU and GPU, Foo is 3,000x and 20x faster."
    )
    assert [(i.name, i.kind, i.role) for i in items] == [
        ("Foo", "asic", "evaluated"),
        ("CPU", "cpu", "baseline"),
        ("GPU", "gpu", "baseline"),
    ]


_VOCABULARY = (
    "GPU GPUs A100 NVIDIA Intel Xeon single 8 16, on a the than over 3x faster We our card (24GB) CPU "
    "/H100 's mobile - phone."
)
_WORDS = st.sampled_from(_VOCABULARY.split(" "))


@settings(max_examples=200, deadline=None)
@given(st.lists(_WORDS, max_size=40).map(" ".join), st.lists(_WORDS, max_size=8).map(" ".join))
def test_every_claim_is_verbatim_at_its_place_and_names_its_rule(abstract: str, title: str) -> None:
    claims: list[Claim[HardwareAnswer]] = find_hardware(Page(title, abstract))
    for claim in claims:
        text = title if claim.in_title else abstract
        assert claim.start is not None
        assert text[claim.start : claim.start + len(claim.passage)] == claim.passage
        assert claim.rule.startswith("hardware.")
        assert claim.item.count != 0


@pytest.mark.parametrize(
    "unit",
    [
        "1,",
        "(",
        "x",
        "    on",
        "A100 ",
        "GPU, ",
        "NVIDIA ",
        "card ",
        "high ",
        "8 RTX 4090 and ",
        "than over ",
        "We propose Ab. ",
    ],
)
@pytest.mark.parametrize("opening", ["", "We run it 3x faster on an A100 GPU in "])
def test_hostile_text_takes_time_in_proportion(unit: str, opening: str) -> None:
    page = Page(unit * 20, opening + unit * (100_000 // len(unit)))
    assert page.sentences
    start = time.process_time()
    find_hardware(page)
    assert time.process_time() - start < 5
