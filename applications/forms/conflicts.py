"""Two people on one page: what differs between what is being sent and what stands, and what the person chose of it."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.lib.text import listed

CHOICE = "choose:"


@dataclass(frozen=True)
class Difference:
    """One input, or one row of a table, on which two people disagree, in words. `input_id` is the id of the control.

    `choice` names the input of the answer ("" where none is asked) and `answers` its two values; `to_take_mine` and
    `to_take_theirs` are what the answer puts in the data that are sent: {input name: list of texts}.
    """

    label: str
    mine: str
    theirs: str
    input_id: str
    choice: str = ""
    prefers_mine: bool = True
    answers: tuple = ("mine", "theirs")
    to_take_mine: dict = field(default_factory=dict)
    to_take_theirs: dict = field(default_factory=dict)

    @property
    def prefers_theirs(self) -> bool:
        return not self.prefers_mine


def fingerprint(form) -> str:
    """A short text that changes when any value of the form changes."""
    return sha256_hex(canonical_json({name: shown(form[name]) for name in form.fields}))[:16]


def differences(mine: list, theirs: list) -> list[Difference]:
    """What differs between two lists of cells (see `BoundPart.cells`). Rows only one of them has are not compared."""
    return [
        Difference(_label(where, cell), shown(cell), shown(other), cell.id_for_label or f"div_{cell.auto_id}")
        for _key, where, cell, other in _differing(mine, theirs)
    ]


def compare(mine, theirs, *, typed=None) -> list[Difference]:
    """What differs between two `BoundStep`s, each with its choice. `typed` holds the names of the inputs the person has
    really touched, when the browser knows: of the others the stored value is preferred. Rows are told apart as a whole.
    """
    found = []
    for part, other in zip(mine.parts, theirs.parts, strict=True):
        for key, row, cell, stored in _differing(part.cells(), other.cells()):
            # A step has several tables, each with its first row.
            where = _("%(table)s, %(where)s") % {"table": part.part.title, "where": row} if row else ""
            place = cell.id_for_label or f"div_{cell.auto_id}"
            found.append(
                Difference(
                    _label(where, cell), shown(cell), shown(stored), place, f"{CHOICE}{part.key}.{key}",
                    typed is None or cell.html_name in typed, to_take_theirs={cell.html_name: _texts(stored)},
                )
            )  # fmt: skip
        if hasattr(part, "row_forms") and part.is_sent:
            found += _rows_apart(part, other, typed)
    return found


def choose(data, differences):
    """The data sent, with the answers given beside each difference carried out (a QueryDict of its own)."""
    data = data.copy()
    for difference in differences:
        answer = data.get(difference.choice)
        taken = {"mine": difference.to_take_mine, "theirs": difference.to_take_theirs}.get(answer, {})
        for name, texts in taken.items():
            data.setlist(name, texts)
    return data


def rows_if_same(mine, theirs) -> dict | None:
    """{prefix of the row: its primary key} when what is sent is exactly what stands, else None.

    So is a save whose answer was lost on the way: sent again it must neither add its new rows twice nor look like a conflict.
    """
    ids = {}
    for part, other in zip(mine.parts, theirs.parts, strict=True):
        if hasattr(part, "row_forms") and part.is_sent:
            found = _pairs(part, other)
            if found is None:
                return None
            ids |= found
        if _differing(part.cells(), other.cells()):
            return None
    return ids


def _pairs(part, other):
    """Each sent row with the stored one it is: by its number, or for a new row by its values. None unless all pair up."""
    stored = {form.row_id: form for form in other.row_forms if form.row_id}
    ids = {form.prefix: form.row_id for form in part.row_forms if form.row_id}
    spare = [form for pk, form in stored.items() if pk not in ids.values()]
    for form in part.row_forms:
        if not form.row_id:
            twin = next((one for one in spare if all(_same(form[name], one[name]) for name in form.fields)), None)
            if twin is None or _sent_id(part, form):
                return None
            spare.remove(twin)
            ids[form.prefix] = twin.row_id
    return None if spare or part.deleted else ids


def _rows_apart(part, other, typed):
    """Rows only one side has: added or kept by the other while absent here, removed by the other while still here."""
    here = {form.row_id for form in part.row_forms if form.row_id}
    removed, number = {row.pk for row in part.deleted}, part.total
    found = []
    for form in other.row_forms:
        if form.row_id and form.row_id not in here:
            # To take « mine » is to remove the row: it travels as one more row, marked for removal.
            remove = {
                f"{part.key}-{number}-id": [str(form.row_id)],
                f"{part.key}-{number}-DELETE": ["on"],
                f"{part.key}-TOTAL": [str(number + 1)],
            }
            mine = _("row removed") if form.row_id in removed else _("no such row")
            choice = f"{CHOICE}{part.key}.{form.row_id}"
            found.append(
                Difference(_place(part, form), mine, _summary(form), part.key, choice, form.row_id in removed, to_take_mine=remove)
            )
            number += 1
    for form in part.row_forms:
        if not form.row_id and _sent_id(part, form):
            # The answer is the row's own box « remove »: once shown again the row has no number any more.
            touched = typed is None or any(name.startswith(f"{form.prefix}-") for name in typed)
            found.append(
                Difference(_place(part, form), _summary(form), _("row removed"), form.prefix, f"{form.prefix}-DELETE", touched, ("", "on"))
            )
    return found


def _differing(mine, theirs):
    """[(key, where, my bound field, theirs)] of the cells both sides have and that do not hold the same."""
    known = {key: cell for key, _where, cell in theirs}
    return [(key, where, cell, known[key]) for key, where, cell in mine if key in known and not _same(cell, known[key])]


def _sent_id(part, form):
    return part.data.get(f"{form.prefix}-id", "")


def _place(part, form):
    return _("%(table)s, %(where)s") % {"table": part.part.title, "where": part.part.where(form.instance, form.index)}


def _summary(form) -> str:
    return " · ".join(text for text in (shown(form[name]) for name in form.fields) if text)


def _label(where, cell):
    return f"{where}, {cell.label}" if where else str(cell.label)


def _texts(cell) -> list:
    """The value of a bound field as a browser would send it."""
    value = cell.data
    values = value if isinstance(value, (list, tuple)) else [value]
    return [str(one) for one in values if one not in (None, "", False)]


def shown(cell) -> str:
    """The value of a bound field as people read it: the words of a choice, else the text."""
    value = cell.value()
    if isinstance(value, bool) or value in ("on",):
        return "✓" if value else ""
    labels = {str(code): str(label) for code, label in getattr(cell.field, "choices", ()) if not isinstance(label, (list, tuple))}
    values = value if isinstance(value, (list, tuple)) else [value]
    return listed(labels.get(str(item), str(item)) for item in values if item not in (None, ""))


def _same(one, other) -> bool:
    """Equal once read: « 1 500 » and « 1500 » are. What cannot be read is compared as typed."""
    if one.errors or other.errors:
        return shown(one) == shown(other)
    return one.form.cleaned_data.get(one.name) == other.form.cleaned_data.get(other.name)
