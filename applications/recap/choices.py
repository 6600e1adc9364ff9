"""What can be asked again in a deposited dossier: every field, line, table and piece, with what the snapshot says of it.

Steps, parts and labels are those of `steps.STEPS`. The key of a choice is `step.part` (a whole table), `step.part.field`
(a field, a line of a grid, a criterion) or `piece:code`.
"""

from dataclasses import dataclass

from ..forms.grids import ArgumentsPart, GridPart
from ..forms.pieces import PiecesPart
from ..forms.single import FormPart
from ..steps import STEPS
from .blocks import Block, Line
from .labels import CallLabels
from .sections import block_of
from .values import series


@dataclass(frozen=True)
class Choice:
    """`block` shows the value; `whole` says that it stands for a table of which lines can be chosen apart as well."""

    key: str
    label: str
    block: Block
    whole: bool = False


@dataclass(frozen=True)
class StepChoices:
    """The choices of one step, in the groups of its parts: [(title, [Choice])]."""

    slug: str
    number: str
    label: str
    groups: tuple


def choices_of(snapshot: dict, call) -> list[StepChoices]:
    """Everything that can be asked, in the order of the dossier. One query: the labels of the call."""
    labels = CallLabels(call)
    return [
        StepChoices(
            step.slug,
            str(step.number),
            str(step.label),
            tuple((str(part.title), _choices(part, step, snapshot, labels)) for part in step.parts),
        )
        for step in STEPS
    ]


def choices_by_key(snapshot: dict, call) -> dict:
    """{key: (number of the step, Choice)} of the same."""
    found = choices_of(snapshot, call)
    return {choice.key: (step.number, choice) for step in found for _title, choices in step.groups for choice in choices}


def _choices(part, step, snapshot, labels) -> list[Choice]:
    block, key = block_of(part, snapshot, step, labels), f"{step.slug}.{part.key}"
    if isinstance(part, PiecesPart):
        return [
            Choice(f"piece:{row.code}", document.label, Block("documents", row.code, documents=(document,)))
            for row, document in zip(labels.requirements, block.documents, strict=True)
        ]
    if isinstance(part, ArgumentsPart):
        return _fields(key, [row.code for row in labels.criteria], block)
    if isinstance(part, FormPart):
        return _fields(key, part.form_class.base_fields, block)
    title = str(part.title or step.label)
    if isinstance(part, GridPart):
        stored = snapshot["steps"].get(step.slug, {}).get(part.key) or {}
        lines = [(row.code, Line(row.label, series(stored.get(row.code), row.kind), starred=row.starred)) for row in part.rows_of(labels)]
        whole = Choice(key, title, block, whole=True)
        return [whole, *(Choice(f"{key}.{code}", str(line.label), Block("grid", code, lines=(line,))) for code, line in lines)]
    return [Choice(key, title, block)]


def _fields(key, names, block) -> list[Choice]:
    pairs = zip(names, block.fields, strict=True)
    return [Choice(f"{key}.{name}", shown.label, Block("fields", name, fields=(shown,))) for name, shown in pairs]
