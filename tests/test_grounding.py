import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.grounding import fold, ground, place
from agent.papers import Paper

ABSTRACT = (
    r"We reach 12.5x over cuBLAS on eight NVIDIA A100 GPUs, $2.5\times$ faster than M\'elange and 4timesRTX 3090 "
    r"cards use 39\% less time; state-of-the-art kernels on the A100s take sim 3.2times longer."
)


@pytest.mark.parametrize(
    ("passage", "found"),
    [
        ("NVIDIA A100 GPUs", "NVIDIA A100 GPUs"),
        ("nvidia a100 gpus", "NVIDIA A100 GPUs"),
        ("NVIDIA A100 GPU", "NVIDIA A100 GPUs"),
        ("NVIDIA  A100\u00a0GPUs", "NVIDIA A100 GPUs"),
        ("2.5× faster than Mélange", r"2.5\times$ faster than M\'elange"),
        ("2.5x faster", r"2.5\times$ faster"),
        ("2.5 times faster", r"2.5\times$ faster"),
        ("39% less time", r"39\% less time"),
        ("RTX 3090", "RTX 3090"),
        ("RTX3090", "RTX 3090"),
        ("state of the art kernels", "state-of-the-art kernels"),
        ("state‑of‑the‑art kernel", "state-of-the-art kernels"),
        ("~3.2x longer", "sim 3.2times longer"),
        ("“cuBLAS”.", "cuBLAS"),
        ("А100s", "A100s"),
    ],
)
def test_a_slip_is_mended_to_the_abstracts_own_characters(passage: str, found: str) -> None:
    span = place(passage, ABSTRACT)
    assert span is not None
    assert ABSTRACT[slice(*span)] == found


@pytest.mark.parametrize(
    "passage", ["A10", "2.5x over cuBLAS", "5x", "100", "BLAS", "H100", "GP", "", " ", "$", "-", "'"]
)
def test_a_part_of_a_word_or_number_is_not_placed(passage: str) -> None:
    assert place(passage, ABSTRACT) is None


def test_of_several_places_the_nearest_to_the_hint_wins() -> None:
    text = "cuBLAS is slow. We beat cuBLAS."
    assert place("cuBLAS", text) == (0, 6)
    assert place("cuBLAS", text, near=20) == (24, 30)


def test_the_abstract_comes_before_the_title_and_the_title_before_nothing() -> None:
    paper = Paper("p", "Fast kernels on the H100 and A100", "On an A100 we win.")
    assert (found := ground("A100", paper)) is not None
    assert not found.in_title
    assert (found := ground("H100", paper)) is not None
    assert found.in_title
    assert found.text == paper.title[found.start : found.end] == "H100"
    assert ground("V100", paper) is None


def test_what_the_title_has_exactly_is_not_mended_from_the_abstract() -> None:
    paper = Paper("p", "Graphs on GPU Tensor Cores", "We use each GPU Tensor Core.")
    assert (found := ground("GPU Tensor Cores", paper)) is not None
    assert (found.in_title, found.text) == (True, "GPU Tensor Cores")


words = st.text(st.sampled_from("ab12 .,-$\\{}×x%éÀＡﬁ\u200b\u00adtimes"), max_size=40)


@given(words, words)
@example("ﬁ", "fi")
@example("a", "ﬁa")
@example("i", "ﬁ")
def test_whatever_is_placed_folds_to_the_passage(passage: str, text: str) -> None:
    span = place(passage, text)
    if span is not None:
        start, end = span
        assert 0 <= start < end <= len(text)
        found, wanted = fold(text[start:end])[0].strip("'\".,;:"), fold(passage)[0].strip("'\".,;:")
        assert found.removesuffix("s") == wanted.removesuffix("s") or text[start:end] == passage


@given(st.text(max_size=60), st.integers(0, 60), st.integers(1, 60))
def test_a_passage_of_whole_words_is_always_found(text: str, start: int, length: int) -> None:
    text = f"{text} H100 GPUs {text}"
    assert place("H100 GPUs", text) is not None
    passage = text[start : start + length]
    span = place(passage, text, near=start)
    if any(map(str.isalnum, passage)):
        assert span == (start, start + len(passage))


@given(st.text(max_size=80))
def test_folding_never_fails_and_maps_every_character_to_its_place(text: str) -> None:
    folded, places = fold(text)
    assert len(folded) == len(places)
    assert all(0 <= start < end <= len(text) for start, end in places)
