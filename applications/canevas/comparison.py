"""What a workbook would change in a dossier: each difference with its old and new value, each cell that cannot be read.

A workbook downloaded from this very dossier is the dossier: an emptied cell empties the field, a missing row is removed.
One downloaded from the call, or from elsewhere, only adds: empty cells say nothing, no row is removed.
"""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from applications.forms.base import EMPTY
from applications.forms.rows import MAX_ROWS
from applications.imports.values import read_yes_no
from applications.imports.words import plain
from applications.steps import STEPS
from clusters_portal.lib.canonical import canonical_json, sha256_hex

from .layout import FORM, TABLE, codes_by_label, kind_of, sheets_of, shown

CHANGED, ADDED, REMOVED = "changed", "added", "removed"


@dataclass(frozen=True)
class Change:
    """`where` names the row and the field in words; `old` and `new` are what people read, "" for nothing."""

    kind: str
    where: str
    old: str
    new: str


@dataclass(frozen=True)
class Unread:
    """A cell left as it is in the dossier, and why."""

    where: str
    text: str
    sentence: str


@dataclass
class StepChanges:
    """`data` is what the step's page would send; `is_older` when the step was saved since the download."""

    step: object
    changes: list
    data: dict
    is_older: bool = False


@dataclass
class Comparison:
    steps: list = field(default_factory=list)
    unread: list = field(default_factory=list)
    is_own: bool = False

    @property
    def digest(self) -> str:
        """Changes when what would be written changes: what the person accepts is what he saw."""
        written = [
            [changed.step.slug, _plain(changed.data), [[c.kind, c.where, c.old, c.new] for c in changed.changes]] for changed in self.steps
        ]
        return sha256_hex(canonical_json(written))


def compare(book, dossier) -> Comparison:
    """Compare a Workbook with the dossier as it is stored."""
    found = Comparison(is_own=book.application == str(dossier.application.pk))
    sheets = sheets_of(dossier)
    for step in STEPS:
        own = [sheet for sheet in sheets if sheet.step is step]
        changes, data = [], {}
        for sheet in own:
            reader = _Reader(book, sheet, found)
            data |= reader.data()
            changes += reader.changes
        if changes:
            stored = dossier.step_states.get(step.slug)
            older = found.is_own and (stored.version if stored else 0) != book.versions.get(step.slug, 0)
            found.steps.append(StepChanges(step, changes, data, older))
    return found


class _Reader:
    """One sheet of the file laid over the same sheet of the dossier."""

    def __init__(self, book, sheet, found):
        self.book, self.sheet, self.found = book, sheet, found
        self.lines = book.sheets.get(sheet.key)
        self.changes = []

    def data(self) -> dict:
        """The inputs of the part, as its page would send them."""
        return self._table() if self.sheet.kind == TABLE else self._cells()

    def _cells(self):
        given = {code: (number, values) for code, number, values in self.lines or []}
        data = {}
        for line in self.sheet.lines:
            number, values = given.get(line.code, (0, {}))
            for code, slot in line.slots.items():
                value = self._read(slot, values.get(code), number, code)
                if not _same(value, slot.text, slot.field):
                    label = line.label if self.sheet.kind == FORM else slot.field.label
                    self._changed(str(label), slot.field, slot.text, value)
                data |= _sent(slot.name, value)
        return data

    def _table(self):
        unchanged = [(line, None) for line in self.sheet.lines]
        rows = unchanged if self.lines is None else self._rows()
        removed = self._removed(rows)
        if len(rows) + len(removed) > MAX_ROWS:
            sentence = _("This table would have more than %(limit)d rows: nothing is changed in it.") % {"limit": MAX_ROWS}
            self.found.unread.append(Unread(self._title(), str(len(rows)), sentence))
            rows, removed, self.changes = unchanged, [], []
        return self._inputs(rows, removed)

    def _inputs(self, rows, removed):
        data, index = {}, 0
        for line, overlay in rows:
            values = {code: slot.text for code, slot in line.slots.items()} if line else {}
            row_id = {"id": line.code} if line else {}
            for name, value in {**row_id, **values, **(overlay or {})}.items():
                data |= _sent(f"{self.sheet.part.key}-{index}-{name}", value)
            index += 1
        for line in removed:
            data |= {f"{self.sheet.part.key}-{index}-id": line.code, f"{self.sheet.part.key}-{index}-DELETE": "on"}
            index += 1
        return data | {f"{self.sheet.part.key}-TOTAL": str(index)}

    def _rows(self):
        """[(stored line or None, {field: input} from the file or None)] in the order of the file."""
        known = {line.code: line for line in self.sheet.lines} if self.found.is_own else {}
        rows = []
        for code, number, values in self.lines:
            if not any(values.values()):
                continue
            line = known.pop(code, None) or self._twin(values, [other for other, _overlay in rows])
            overlay = self._overlay(line, number, values)
            if line is None:
                self._added(overlay)
            rows.append((line, overlay))
        if not self.found.is_own:
            taken = {id(line) for line, _overlay in rows}
            rows = [(line, None) for line in self.sheet.lines if id(line) not in taken] + rows
        return rows

    def _overlay(self, line, number, values):
        slots = line.slots if line else self.sheet.blank
        overlay = {name: self._read(slots[name], values.get(name), number, name) for name in slots if name in values}
        if line:
            for name, value in overlay.items():
                slot = line.slots[name]
                if not _same(value, slot.text, slot.field):
                    self._changed(_("%(row)s, %(field)s") % {"row": line.label, "field": slot.field.label}, slot.field, slot.text, value)
        return overlay

    def _twin(self, values, taken):
        """Without keys, the stored row of the same name: the first text column."""
        if self.found.is_own:
            return None
        name = next((code for code, slot in self.sheet.blank.items() if slot.kind in ("text", "long")), None)
        wanted = plain(values.get(name, "")) if name else ""
        free = [line for line in self.sheet.lines if not any(line is other for other in taken)]
        return next((line for line in free if wanted and plain(str(line.slots[name].text or "")) == wanted), None)

    def _removed(self, rows):
        if not self.found.is_own or self.lines is None:
            return []
        kept = {line.code for line, _overlay in rows if line}
        removed = [line for line in self.sheet.lines if line.code not in kept]
        self.changes += [Change(REMOVED, f"{self._title()} – {line.label}", line.label, "") for line in removed]
        return removed

    def _read(self, slot, text, number, code):
        """The input to send: the file's when it can be read, what is stored otherwise."""
        if text is None or (text == "" and not self.found.is_own):
            return slot.text
        try:
            return read_cell(slot.field, text)
        except ValidationError as error:
            # What could not be read before and was left alone is no news.
            if text != slot.text:
                where = _("Sheet “%(sheet)s”, cell %(cell)s") % {
                    "sheet": self.book.titles[self.sheet.key], "cell": self.book.cell(self.sheet.key, number, code)}  # fmt: skip
                self.found.unread.append(Unread(where, text[:200], " ".join(error.messages)))
            return slot.text

    def _changed(self, where, slot_field, old, new):
        self.changes.append(Change(CHANGED, f"{self._title()} – {where}", shown(slot_field, old), shown(slot_field, new)))

    def _added(self, overlay):
        filled = [shown(self.sheet.blank[name].field, value) for name, value in overlay.items() if value not in EMPTY]
        self.changes.append(Change(ADDED, self._title(), "", " · ".join(filled)))

    def _title(self):
        return str(self.sheet.part.title or self.sheet.step.label)


def read_cell(slot_field, text: str):
    """The input a browser would send for the text of a cell, in its usual writing. Raises ValidationError."""
    kind = kind_of(slot_field)
    if kind == "yes_no":
        answer = read_yes_no(text)
        if answer is None:
            raise ValidationError(_("Answer yes or no."))
        return "on" if answer == "yes" else ""
    if kind == "choice":
        return _code(slot_field, text) if text else ""
    if kind == "choices":
        return [_code(slot_field, part.strip()) for part in re.split(r"[;؛\n]", text) if part.strip()]
    value = slot_field.clean(text)
    return "" if value in EMPTY else slot_field.prepare_value(value)


def _code(slot_field, text):
    known = codes_by_label(slot_field)
    code = known.get(text.casefold())
    if code is None:
        loose = {plain(label): found for label, found in known.items()}
        code = loose.get(plain(text))
    if code is None:
        raise ValidationError(_("“%(value)s” is not one of the answers of the list."), params={"value": text[:60]})
    return code


def _same(new, old, slot_field) -> bool:
    if kind_of(slot_field) == "yes_no":
        return bool(new) == bool(old)
    if isinstance(new, (list, tuple)) or isinstance(old, (list, tuple)):
        return sorted(map(str, new or ())) == sorted(map(str, old or ()))
    return _text(new) == _text(old)


def _text(value):
    return "" if value is None else str(value)


def _sent(name, value) -> dict:
    """An input as a browser sends it: an unticked box is not sent."""
    if value in (None, False):
        return {}
    return {name: value if isinstance(value, (list, tuple)) else "on" if value is True else str(value)}


def _plain(data):
    return {name: list(map(str, value)) if isinstance(value, (list, tuple)) else str(value) for name, value in data.items()}
