"""The report: one file that holds the page, its style, its scripts and its records, and asks for nothing else."""

import base64
import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import NamedTuple

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

SCRIPTS = ("text", "papers", "filters", "evidence", "table", "charts", "page", "theme")
"""The scripts of the view, in the order in which they need each other."""
_GAP = "records go here"


class Frame(NamedTuple):
    """What stands before the lines of the records, and after them."""

    head: str
    tail: str


def report_frame(source: str = "") -> Frame:
    """The report around its records; `source` says in the heading what they were made from."""
    style, script = style_sheet(), view_script(_text("scripts/report.js"))
    page = (
        environment()
        .get_template("report.html")
        .render(
            source=source,
            policy=f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; img-src data:; "
            "base-uri 'none'; form-action 'none'",
            style=Markup(style),  # noqa: S704  our own file
            script=Markup(script),  # noqa: S704  our own files
            version=version("perfclaims"),
            records_go_here=_GAP,
        )
    )
    head, _, tail = page.rpartition(_GAP)
    return Frame(head, tail)


@cache
def environment(*packages: str) -> Environment:
    """The templates of the page, and before them those of other packages; all of them escape."""
    loaders = [PackageLoader(package) for package in (*packages, "agent.report")]
    return Environment(loader=ChoiceLoader(loaders), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def style_sheet() -> str:
    """The style of the page."""
    return _text("style.css")


def view_script(ending: str) -> str:
    """The whole script of a page: the library, the view, and the script that starts it."""
    ours = "\n".join((*(_text(f"scripts/{name}.js") for name in SCRIPTS), ending))
    return f'"use strict";\n{_text("vendor/d3.min.js")}\n{{\n{ours}}}\n'


def _text(name: str) -> str:
    return files("agent.report").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
