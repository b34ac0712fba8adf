"""An annotated file, and predicted records matched with it paper by paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.errors import InputError
from agent.evaluation.matching import Matching, match, squashed
from agent.evaluation.records import FIELDS, Entry, Notice, RecordFile, passage_of, read_objects, read_records
from schemas.vocabulary import Field


@dataclass(frozen=True, slots=True)
class Gold:
    """Annotated records by their titles, and the abstracts that they annotate."""

    records: RecordFile
    abstracts_file: Path
    abstracts: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class MatchedPaper:
    """One paper, and for each field what was annotated and predicted.

    `text` is title and abstract with every run of white space made one space, in which passages are looked up.
    """

    title: str
    id: str
    abstract: str
    text: str
    fields: Mapping[Field, Matching]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All papers of an annotated file, matched with the records of `name`; `absent` papers have no record there."""

    name: str
    papers: tuple[MatchedPaper, ...]
    absent: int


def read_gold(path: str, notice: Notice) -> Gold:
    """The annotated records of a file, with the abstracts of the file beside it (`dev.abstracts.jsonl` of `dev.jsonl`).

    `notice` is told of an annotated caveat that does not stand in its abstract, for it has no place to be compared by.
    Raises InputError for a file that cannot be used, and for an annotated paper without an abstract.
    """
    records = read_records(path, notice, annotated=True)
    beside = Path(path).with_suffix(".abstracts.jsonl")
    if not beside.exists():
        raise InputError(f"{beside}: no such file; the abstracts of {path} are looked for there, joined by title")
    abstracts = {}
    for line, fields in read_objects(str(beside), notice):
        title, abstract = fields.get("title"), fields.get("abstract")
        if not isinstance(title, str) or not isinstance(abstract, str):
            raise InputError(f"{beside}:{line}: no title and abstract; each line needs both as text")
        entry = Entry(title, str(fields.get("id", "")), line, {}, abstract)
        abstracts[entry.key] = entry
    for key, entry in records.entries.items():
        if key not in abstracts:
            raise InputError(f"{path}:{entry.line}: no abstract of this title in {beside}: {key[:60]!r}")
        text = squashed(f"{entry.title}\n{abstracts[key].abstract}")
        for item in entry.lists["caveats"]:
            if squashed(passage := passage_of("caveats", item)) not in text:
                notice(f"{path}:{entry.line}: this caveat is not in the abstract and cannot be found: {passage[:60]!r}")
    return Gold(records, beside, abstracts)


def evaluate(gold: Gold, predicted: RecordFile, notice: Notice) -> Evaluation:
    """Match predicted records with annotated ones by their titles.

    A paper without a predicted record counts as one in which nothing was found, and `notice` is told how many.
    Raises InputError where no title is in both.
    """
    wanted = gold.records.entries
    common = wanted.keys() & predicted.entries.keys()
    if not common:
        raise InputError(f"{predicted.name} has no title in common with {gold.records.name}; are they of one feed?")
    if absent := len(wanted) - len(common):
        notice(f"{predicted.name}: {absent} of {len(wanted)} annotated papers have no record and count as missed")
    if beyond := len(predicted.entries) - len(common):
        notice(f"{predicted.name}: {beyond} records are of papers that are not annotated and do not count")
    papers = tuple(_matched(gold, key, predicted.entries.get(key)) for key in wanted)
    return Evaluation(predicted.name, papers, absent)


def _matched(gold: Gold, key: str, predicted: Entry | None) -> MatchedPaper:
    annotated, abstract = gold.records.entries[key], gold.abstracts[key].abstract or ""
    text = squashed(f"{annotated.title}\n{abstract}")
    fields = {
        field: match(field, annotated.lists[field], predicted.lists[field] if predicted else [], text)
        for field in FIELDS
    }
    return MatchedPaper(annotated.title, annotated.id, abstract, text, fields)
