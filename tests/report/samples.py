"""Papers that show what the page must show, and texts that it must not be steered by."""

from agent import summarize
from schemas import Provenance, Record

PAPERS = (
    (
        "Tiles for Large Kernels",
        "Our kernel is up to 2.5x faster than cuBLAS on eight NVIDIA A100 GPUs, at the cost of more memory.",
    ),
    (
        "Quick Trees",
        "On an NVIDIA H100 GPU our index is 4x faster than FAISS. On a Xeon CPU it is 1.2x faster than FAISS.",
    ),
    ("Small Nets", "We run at 12x the speed of MobileNet on an iPhone 13."),
    ("A Survey of Sorting", "We describe what is known of sorting."),
)
HOSTILE_TITLE = "<img src=x onerror=alert(1)></script><script>alert(2)</script> \u202egnihton"
HOSTILE = (
    "<script>alert(1)</script> </script><svg onload=alert(2)> javascript:alert(3) <!--<script> ${alert(4)} {{7*7}} "
    "\u202eright to left\u202c \u0410\u0301\u0301\u0301 \U0001f680\U0001f680 " + "W" * 10_000 + " "
    "Our kernel is up to 2.5x faster than <b>cuBLAS</b> on an NVIDIA A100 GPU. $$\\frac{1}{2}$$"
)


def records() -> list[Record]:
    """The papers' records by the rules, one of them as if a model had been asked in vain."""
    made = [summarize(abstract, title, engine="rules") for title, abstract in PAPERS]
    fallen = Provenance(engine="rules", model=None, prompt=None, fallback="the service did not answer")
    return [*made[:-1], made[-1].model_copy(update={"provenance": fallen})]


def hostile() -> Record:
    """A record whose texts try to run, to close the element they stand in and to burst the layout."""
    return summarize(HOSTILE, HOSTILE_TITLE + "X" * 10_000, engine="rules")
