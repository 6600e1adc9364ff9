"""What changed between two snapshots of one dossier, field by field and piece by piece, in words and in order.

Labels and values are those of the recap: nothing is named a second time.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from clusters_portal.lib.canonical import canonical_json

from ..forms.grids import ArgumentsPart, GridPart
from ..forms.pieces import PiecesPart
from ..forms.rows import RowsPart
from ..forms.single import FormPart
from ..steps import STEPS
from .blocks import LONG, Cell, Field
from .labels import CallLabels
from .sections import fields_of
from .values import series

CHANGED, ADDED, REMOVED = "changed", "added", "removed"


@dataclass(frozen=True)
class Difference:
    """`where` names the table, the row and the field. A row added or removed has its filled fields in `row`, no cells."""

    kind: str
    where: str
    old: Cell = Cell()
    new: Cell = Cell()
    row: tuple[Field, ...] = ()


@dataclass(frozen=True)
class ChangedSection:
    """One step that differs."""

    slug: str
    number: str
    label: str
    differences: tuple[Difference, ...]


def differences_between(old: dict, new: dict, call) -> list[ChangedSection]:
    """The steps that differ, in order. `old` and `new` are snapshots as JSON gives them back (`deposit.content`). One query."""
    labels, found = CallLabels(call), []
    for step in STEPS:
        lines = [line for part in step.parts for line in _of_part(part, step.slug, old, new, labels)]
        if lines:
            found.append(ChangedSection(step.slug, str(step.number), str(step.label), tuple(lines)))
    return found


def differences_by_part(old: dict, new: dict, call) -> dict[str, tuple[Difference, ...]]:
    """{key of a whole part, `step.part`: what differs in it}; only parts that differ. One query."""
    labels, found = CallLabels(call), {}
    for step in STEPS:
        for part in step.parts:
            if lines := tuple(_of_part(part, step.slug, old, new, labels)):
                found[f"{step.slug}.{part.key}"] = lines
    return found


def _of_part(part, slug, old, new, labels):
    if isinstance(part, PiecesPart):
        return _pieces(old, new, labels)
    before, after = (snapshot["steps"].get(slug, {}).get(part.key) for snapshot in (old, new))
    if before == after:
        return []
    for kind, compare in COMPARED.items():
        if isinstance(part, kind):
            return list(compare(part, before or _nothing(part), after or _nothing(part), labels))
    raise TypeError(f"no comparison is written for {type(part).__name__}")


def _nothing(part):
    """What a part that is not there is compared as."""
    return [] if isinstance(part, RowsPart) else {}


def _form(part, before, after, labels):
    return _changed_fields(part.title, fields_of(part.form_class, before, labels), fields_of(part.form_class, after, labels))


def _changed_fields(title, before, after):
    for old, new in zip(before, after, strict=True):
        if old.cell != new.cell:
            yield Difference(CHANGED, _within(title, new.label), old.cell, new.cell)


def _rows(part, before, after, labels):
    """Rows are matched where they are equal, then by their name, then by their place."""
    read = {id(row): fields_of(part.form_class, row, labels) for row in (*before, *after)}
    for old, new in _matched(before, after, lambda row: read[id(row)][0].cell):
        if old is None or new is None:
            kind, row = (ADDED, new) if old is None else (REMOVED, old)
            filled = tuple(field for field in read[id(row)] if not field.cell.is_empty)
            yield Difference(kind, _within(part.title, _name(read[id(row)])), row=filled)
        else:
            yield from _changed_fields(_within(part.title, _name(read[id(new)])), read[id(old)], read[id(new)])


def _matched(before, after, name_of):
    """[(old row or None, new row or None)] of the rows that differ."""
    texts = [[canonical_json(row) for row in rows] for rows in (before, after)]
    for tag, a, b, c, d in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        olds, news = list(before[a:b]), list(after[c:d])
        pairs = []
        for new in list(news):
            twin = next((old for old in olds if name_of(old) == name_of(new)), None)
            if twin is not None:
                pairs.append((twin, new))
                olds = [old for old in olds if old is not twin]
                news = [other for other in news if other is not new]
        together = min(len(olds), len(news))
        yield from pairs
        yield from zip(olds[:together], news[:together], strict=True)
        yield from ((old, None) for old in olds[together:])
        yield from ((None, new) for new in news[together:])


def _name(fields):
    return fields[0].cell.text


def _grid(part, before, after, labels):
    for row in part.rows_of(labels):
        cells = [series(values.get(row.code), row.kind) for values in (before, after)]
        for number, (old, new) in enumerate(zip(*cells, strict=True), start=1):
            if old != new:
                where = _("%(row)s, year %(year)d") % {"row": row.label, "year": number}
                yield Difference(CHANGED, _within(part.title, where), old, new)


def _arguments(part, before, after, labels):
    for row in labels.criteria:
        old, new = before.get(row.code, ""), after.get(row.code, "")
        if old != new:
            yield Difference(CHANGED, str(row), Cell(old, kind=LONG), Cell(new, kind=LONG))


def _pieces(old, new, labels):
    for row in labels.requirements:
        before, after = ([d for d in snapshot["documents"] if d["requirement"] == row.code] for snapshot in (old, new))
        if [d["id"] for d in before] != [d["id"] for d in after]:
            yield Difference(CHANGED, str(row), _files(before), _files(after))


def _files(documents) -> Cell:
    """Names, with the beginning of the fingerprint: two files often bear one name."""
    return Cell("\n".join(f"{d['name']} ({d['sha256'][:8]}…)" for d in documents), kind=LONG)


def _within(title, label) -> str:
    return _("%(table)s – %(field)s") % {"table": title, "field": label} if title and label else str(title or label)


COMPARED = {FormPart: _form, RowsPart: _rows, GridPart: _grid, ArgumentsPart: _arguments}
