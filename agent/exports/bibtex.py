"""BibTeX for a reference manager that has the papers: the claims as note and keywords, under the same keys."""

import re

from schemas import Record

_NO_KEY = re.compile(r"[^\w:./+-]+", re.ASCII)
# An escaped brace still counts as a brace for BibTeX, so each is written as the command for it.
_LATEX = {
    **{character: f"\\{character}" for character in "%&$#_"},
    "{": "\\textbraceleft{}",
    "}": "\\textbraceright{}",
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}
_SPECIAL = re.compile("[{}%&$#_~^\\\\]")


def entry(record: Record) -> str:
    """The record as an entry: its headline is the note; devices, baselines and kinds of caveat are the keywords."""
    keywords = [item.passage for item in (*record.hardware, *record.baselines)]
    keywords += [f"caveat: {kind}" for kind in dict.fromkeys(item.kind for item in record.caveats)]
    fields = {
        "title": record.title,
        "note": record.headline,
        "keywords": ", ".join(dict.fromkeys(word.replace(",", " ") for word in keywords)),
    }
    lines = "".join(f"  {name} = {{{_text(value)}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{_NO_KEY.sub('-', record.id)},\n{lines}}}\n\n"


def _text(text: str) -> str:
    """Text that BibTeX and LaTeX take as it is: its braces balance, and nothing in it is a command."""
    return _SPECIAL.sub(lambda found: _LATEX[found[0]], " ".join(text.split()))
