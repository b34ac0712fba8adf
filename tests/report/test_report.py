import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from agent.commands.app import run
from agent.report import line
from agent.report.devices import device
from tests.conftest import ABSTRACT, FEED
from tests.report.samples import hostile, records


class Elements(HTMLParser):
    """The scripts, styles and addresses of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.addresses: list[str] = []
        self.policy = ""
        self._kind = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._kind = "data" if given.get("type") == "application/jsonl" else tag
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "srcset")]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_endtag(self, tag: str) -> None:
        self._kind = ""

    def handle_data(self, data: str) -> None:
        if self._kind == "script":
            self.scripts.append(data)
        elif self._kind == "style":
            self.styles.append(data)


def write_report(tmp_path: Path, texts: list[str]) -> Path:
    given, page = tmp_path / "claims.jsonl", tmp_path / "report.html"
    given.write_text("".join(texts))
    assert run(["report", str(given), "-o", str(page)]) == 0
    return page


def hash_of(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def test_the_policy_allows_the_pages_own_script_and_style_and_nothing_else(tmp_path: Path) -> None:
    elements = Elements(write_report(tmp_path, [record.to_json() + "\n" for record in records()]).read_text())
    (script,), (style,) = elements.scripts, elements.styles
    rules = dict(rule.strip().split(" ", 1) for rule in elements.policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == hash_of(script)
    assert rules["style-src"] == hash_of(style)
    assert rules["base-uri"] == rules["form-action"] == "'none'"


def test_the_page_asks_for_no_other_file(tmp_path: Path) -> None:
    elements = Elements(write_report(tmp_path, [record.to_json() + "\n" for record in records()]).read_text())
    assert set(elements.addresses) == {"data:,", "#table"}
    assert not re.search(r"@import|url\(", elements.styles[0])


def test_no_text_of_a_paper_can_end_the_element_it_stands_in() -> None:
    text = line(hostile())
    assert "<" not in text
    assert text.count("\n") == 1
    assert json.loads(text)["record"] == json.loads(hostile().to_json())


def test_a_name_of_a_file_is_shown_as_text(tmp_path: Path) -> None:
    given = tmp_path / "<script>alert(1)<script>.jsonl"
    given.write_text(records()[0].to_json())
    assert run(["report", str(given), "-o", str(tmp_path / "r.html")]) == 0
    assert len(Elements((tmp_path / "r.html").read_text()).scripts) == 1


def test_the_users_feed_makes_a_page_within_bounds(tmp_path: Path) -> None:
    page = tmp_path / "claims.html"
    assert run(["batch", str(FEED), "-o", str(page)]) == 0
    assert page.stat().st_size < 1_500_000
    assert page.read_text().count('{"record":') == 203


def test_batch_and_report_write_the_same_page_but_for_its_heading(tmp_path: Path) -> None:
    feed, claims = tmp_path / "feed.jsonl", tmp_path / "claims.jsonl"
    feed.write_text(json.dumps({"title": "T", "abstract": ABSTRACT}))
    for name in ("claims.jsonl", "direct.html"):
        assert run(["batch", str(feed), "-o", str(tmp_path / name)]) == 0
    assert run(["report", str(claims), "-o", str(tmp_path / "report.html")]) == 0
    direct, report = ((tmp_path / name).read_text() for name in ("direct.html", "report.html"))
    assert direct.split('id="lines"')[1] == report.split('id="lines"')[1]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty|holds no record"),
        ("not json\n", ":1: no record"),
        ('{"title": "T"}\n', ":1: no record"),
        ('{"id": "\\ud800"}\n', ":1: no record"),
    ],
)
def test_what_is_no_record_is_named_by_its_line(
    content: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "claims.jsonl"
    given.write_text(content)
    assert run(["report", str(given), "-o", str(tmp_path / "r.html")]) == 1
    assert re.search(says, capsys.readouterr().err)
    assert not (tmp_path / "r.html").exists()


def test_a_span_that_does_not_fit_its_abstract_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads(records()[0].to_json())
    record["speedups"][0]["span"] = [0, 3]
    (tmp_path / "claims.jsonl").write_text(json.dumps(record))
    assert run(["report", str(tmp_path / "claims.jsonl")]) == 1
    assert "does not stand at 0 to 3" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "kind", "short", "vendor"),
    [
        ("NVIDIA A100 40GB GPUs", "gpu", "A100", "NVIDIA"),
        ("A100s", "gpu", "A100", "NVIDIA"),
        ("Nvidia 4090 GPU", "gpu", "RTX 4090", "NVIDIA"),
        ("1080Ti", "gpu", "GTX 1080 Ti", "NVIDIA"),
        ("Nvidia GPUs", "gpu", "NVIDIA GPU", "NVIDIA"),
        ("Xilinx Alveo U280 FPGA", "fpga", "Alveo U280", "AMD"),
        ("Raspberry Pi-4", "edge_board", "Raspberry Pi 4", "Raspberry Pi"),
        ("mobile GPUs", "mobile", "mobile GPU", ""),
        ("8-GPU machine", "system", "8-GPU machine", ""),
        ("***", "other", "***", ""),
    ],
)
def test_spellings_of_a_device_share_a_short_name(name: str, kind: str, short: str, vendor: str) -> None:
    assert device(name, kind) == (short, vendor)
