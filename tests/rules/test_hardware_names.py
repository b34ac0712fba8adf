"""How the words of a sentence become the name of a device."""

import pytest

from agent.rules.hardware_counts import count_of, memory_of
from agent.rules.hardware_names import mentions_in
from agent.rules.hardware_words import looks_like_a_code, vocabulary
from agent.rules.page import Sentence


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("the 16GB laptop 4090 GPU", ["laptop 4090 GPU"]),
        ("Pixel 4's Edge TPU", ["Pixel 4's Edge TPU"]),
        ("consumer GPU RTX 4090", ["RTX 4090"]),
        ("a single 24 GB consumer GPU", ["24 GB consumer GPU"]),
        ("over a 128-core CPU server", ["128-core CPU server"]),
        ("8 Virtex-5 xc5vlx330t FPGAs and 8 Tesla C1060 GPUs", ["Virtex-5 xc5vlx330t FPGAs", "Tesla C1060 GPUs"]),
        ("16 AMD Phenom 9650 quad-core 2.4GHz CPUs", ["AMD Phenom 9650 quad-core 2.4GHz CPUs"]),
        ("the Nvidia Jetson AGX edge device", ["Nvidia Jetson AGX"]),
        ("GPUs from Intel, AMD and Nvidia", ["GPUs from Intel, AMD and Nvidia"]),
        ("NVIDIA's A100 GPUs", ["A100 GPUs"]),
        ("CPU+GPU and 8xA100", ["CPU", "GPU", "A100"]),
        ("the Intel® Xeon® CPU", ["Intel® Xeon® CPU"]),
        ("no device at all", []),
    ],
)
def test_a_name_is_the_shortest_run_that_identifies_the_device(text: str, names: list[str]) -> None:
    assert [mention.name for mention in mentions_in(Sentence(text, 0))] == names


def test_brands_do_not_make_two_devices_of_one() -> None:
    keys = {
        mentions_in(Sentence(text, 0))[0].key for text in ("NVIDIA Tesla V100 GPUs", "V100", "V100s", "Nvidia V100 GPU")
    }
    assert keys == {"v100"}


def test_a_word_with_other_meanings_is_marked_until_something_settles_it() -> None:
    (bare,) = mentions_in(Sentence("on Summit", 0))
    (settled,) = mentions_in(Sentence("on the Summit supercomputer", 0))
    assert (bare.doubtful, settled.doubtful) == (True, False)


def test_number_formats_and_norms_do_not_look_like_models() -> None:
    assert looks_like_a_code("ZX900")
    assert not any(looks_like_a_code(word) for word in ("FP16", "INT8", "E4M3", "Q40"))
    assert looks_like_a_code("Q7700", made=True)


def test_count_and_memory_are_read_beside_the_name() -> None:
    (first, second, *_) = mentions_in(Sentence("on 4timesRTX 3090 (24G) or 8timesRTX 2080 Ti (11G) GPUs", 0))
    assert (count_of(first), memory_of(first)) == (4, 24.0)
    assert (count_of(second), memory_of(second)) == (8, 11.0)


def test_every_listed_word_can_be_found_in_a_text() -> None:
    known = vocabulary()
    assert len(known.names) > 1000
    assert all(name.split(" ", 1)[0] in known.lengths for name in known.names)
