"""The report in a real browser."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser import PHONE, serious

pytest.importorskip("playwright", reason="the tests of pages need playwright")

from playwright.sync_api import Page, expect

from agent.report import line
from agent.report.page import report_frame
from schemas import Record
from tests.report.samples import hostile, records

PHONE_SIZED: dict[str, Any] = {"viewport": PHONE}
DARK: dict[str, Any] = {"color_scheme": "dark"}


def page_of(folder: Path, shown: list[Record]) -> str:
    frame = report_frame("a feed")
    path = folder / "report.html"
    path.write_text(frame.head + "".join(map(line, shown)) + frame.tail)
    return path.as_uri()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    return page_of(tmp_path_factory.mktemp("report"), records())


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> str:
    return page_of(tmp_path_factory.mktemp("large"), records() * 2_500)


def shows(page: Page, *titles: str) -> None:
    expect(page.locator("tr.paper td.title button")).to_have_text(list(titles))


def test_papers_stand_in_feed_order_with_their_strongest_claim(page: Page, report: str) -> None:
    page.goto(report)
    shows(page, "Tiles for Large Kernels", "Quick Trees", "Small Nets", "A Survey of Sorting")
    row = page.locator("tr.paper").nth(1)
    expect(row.locator(".factor b")).to_have_text("4×")
    expect(row.locator(".over")).to_have_text("FAISS")
    expect(row.locator(".on")).to_have_text("NVIDIA H100 GPU")
    expect(page.locator("tr.paper").nth(3).locator(".engine")).to_have_text("fallback")


def test_three_clicks_say_who_claims_more_than_2x_on_an_h100(page: Page, report: str) -> None:
    page.goto(report)
    page.locator("#devices button", has_text="H100").click()
    page.get_by_label("Factor from").fill("2")
    page.locator("tr.paper button").click()
    shows(page, "Quick Trees")
    expect(page.locator("tr.detail .speedups .claim").first).to_contain_text("4× over FAISS on NVIDIA H100 GPU")


def test_a_factor_counts_only_on_the_device_that_it_is_claimed_for(page: Page, report: str) -> None:
    page.goto(report)
    page.get_by_label("Vendor").select_option("Intel")
    shows(page, "Quick Trees")
    page.get_by_label("Factor from").fill("2")
    expect(page.locator("#found")).to_have_text("0 papers, 0 speedups")


def test_each_filter_leaves_what_answers_it(page: Page, report: str) -> None:
    page.goto(report)
    for name, value, left in (
        ("kind", "mobile", "Small Nets"),
        ("device", "A100", "Tiles for Large Kernels"),
        ("baseline", "faiss", "Quick Trees"),
        ("bound", "up_to", "Tiles for Large Kernels"),
        ("caveat", "some", "Tiles for Large Kernels"),
        ("engine", "fallback", "A Survey of Sorting"),
    ):
        page.locator(f"[name={name}]").select_option(value)
        shows(page, left)
        page.get_by_role("button", name="Clear filters").click()
        expect(page.locator("#clear")).to_be_hidden()


def test_search_finds_all_words_in_title_or_abstract_and_survives_a_reload(page: Page, report: str) -> None:
    page.goto(report)
    page.get_by_label("Search").fill("SORTING known")
    shows(page, "A Survey of Sorting")
    page.reload()
    shows(page, "A Survey of Sorting")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator("tr.paper")).to_have_count(4)


def test_a_heading_sorts_down_up_and_back(page: Page, report: str) -> None:
    page.goto(report)
    heading = page.get_by_role("columnheader", name="Speedup")
    heading.get_by_role("button").click()
    shows(page, "Small Nets", "Quick Trees", "Tiles for Large Kernels", "A Survey of Sorting")
    assert heading.get_attribute("aria-sort") == "descending"
    heading.get_by_role("button").click()
    shows(page, "Tiles for Large Kernels", "Quick Trees", "Small Nets", "A Survey of Sorting")
    heading.get_by_role("button").click()
    expect(page.locator("tr.paper .title").first).to_have_text("Tiles for Large Kernels")


def test_evidence_is_marked_in_the_abstract_and_tied_both_ways(page: Page, report: str) -> None:
    page.goto(report)
    page.get_by_role("button", name="Tiles for Large Kernels").click()
    marks = page.locator(".passage .mark")
    text = "".join(page.locator(".passage").all_inner_texts())
    assert text == records()[0].abstract
    colours = marks.evaluate_all("all => all.map(mark => getComputedStyle(mark).textDecorationColor)")
    assert len(set(colours)) == 4
    page.locator(".claims .hardware .claim").hover()
    expect(page.locator(".mark.hardware")).to_have_class(re.compile("lit"))
    page.locator(".mark.caveats").hover()
    expect(page.locator(".claims .caveats .claim")).to_have_class(re.compile("lit"))
    expect(page.locator(".mark.hardware")).not_to_have_class(re.compile("lit"))


def test_the_keyboard_opens_a_paper_and_goes_from_claim_to_evidence_and_back(page: Page, report: str) -> None:
    page.goto(report)
    page.locator("tr.paper button").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    claim = page.locator(".claims .baselines .claim")
    claim.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".mark.baselines")).to_be_focused()
    page.keyboard.press("Enter")
    expect(claim).to_be_focused()
    page.get_by_role("button", name="Tiles for Large Kernels").press("Enter")
    expect(page.locator("tr.detail")).to_have_count(0)


def test_a_dot_of_the_chart_opens_its_paper(page: Page, report: str) -> None:
    page.goto(report)
    page.locator("circle.up-to").click()
    expect(page.locator("tr.paper.open .title")).to_have_text("Tiles for Large Kernels")


def test_counts_say_what_was_found_and_what_fell_back(page: Page, report: str) -> None:
    page.goto(report)
    counts = dict(
        page.locator("#counts div").evaluate_all("all => all.map(one => [...one.children].map(c => c.innerText))")
    )
    assert counts["papers"] == "4"
    assert counts["with a speedup"] == "3"
    assert counts["speedups"] == "4"
    assert counts["fallen back"] == "1"


def test_what_a_paper_says_is_shown_and_never_run(page: Page, tmp_path: Path) -> None:
    page.goto(page_of(tmp_path, [hostile(), *records()]))
    assert page.title() == "Performance claims: a feed"
    row = page.locator("tr.paper").first
    assert "<img src=x onerror=alert(1)></script>" in row.inner_text()
    assert "⟨U+202E⟩" in row.inner_text()
    row.locator("button").click()
    passage = page.locator(".passage").last.inner_text()
    assert "<script>alert(1)</script> </script><svg onload=alert(2)> javascript:alert(3)" in passage
    assert page.locator("main img, main script, .evidence svg").count() == 0
    assert page.locator(".mark.hardware").inner_text() == "NVIDIA A100 GPU"


@pytest.mark.parametrize("page", [{}, PHONE_SIZED], indirect=True)
def test_nothing_is_wider_than_the_window(page: Page, tmp_path: Path) -> None:
    page.goto(page_of(tmp_path, [hostile(), *records()]))
    page.locator("tr.paper button").first.click()
    page.locator("tr.paper button").nth(1).click()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    for box in (page.locator("tr.paper td.title").nth(1).bounding_box(), page.locator(".evidence").last.bounding_box()):
        assert box is not None
        assert box["x"] + box["width"] <= page.evaluate("innerWidth")


@pytest.mark.parametrize("page", [{}, PHONE_SIZED | DARK], indirect=True)
def test_axe_finds_nothing_serious(page: Page, report: str) -> None:
    page.goto(report)
    page.locator("tr.paper button").first.click()
    page.locator(".mark.speedups").first.hover()
    assert serious(page) == []


@pytest.mark.parametrize("page", [DARK], indirect=True)
def test_dark_follows_the_system_until_the_button_says_otherwise(page: Page, report: str) -> None:
    page.goto(report)
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(20, 23, 26)"
    page.get_by_role("button", name="Light").click()
    assert page.evaluate(background) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("page", [PHONE_SIZED], indirect=True)
def test_a_phone_has_its_filters_behind_a_button(page: Page, report: str) -> None:
    page.goto(report)
    assert page.get_by_label("Vendor").is_hidden()
    page.get_by_role("button", name="More filters").click()
    page.get_by_label("Vendor").select_option("Apple")
    shows(page, "Small Nets")


def test_a_long_table_is_drawn_as_it_is_scrolled_and_printed_whole(page: Page, large: str) -> None:
    page.goto(large)
    assert page.locator("tr.paper").count() < 200
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("tr.paper").count() == 2_000
    page.emulate_media(media="print")
    assert page.locator("#filters").is_hidden()
