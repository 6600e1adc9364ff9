"""What an import would do, row by row, before anything is written: the member form itself judges every row."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from applications.forms.importing import BY_SECTOR, EVERY_COMPANY
from applications.forms.organisation import MemberForm
from applications.reference import qualifies_by_default
from clusters_portal.lib.identifiers import ice_problem, ice_root
from clusters_portal.lib.tabular import cell_name
from clusters_portal.lib.text import listed

from .source import Source
from .values import READERS, read_yes_no
from .words import plain


@dataclass(frozen=True)
class Mapping:
    """`columns[i]` is the field of column i or ""; `defaults` gives the code of a choice the row leaves empty.

    `qualify` says which companies are ticked as industrial when no column tells: by their sector, all, or none.
    """

    columns: tuple
    defaults: dict = field(default_factory=dict)
    qualify: str = BY_SECTOR

    @classmethod
    def from_json(cls, content: dict) -> "Mapping":
        return cls(tuple(content["columns"]), dict(content.get("defaults", {})), content.get("qualify", BY_SECTOR))

    def to_json(self) -> dict:
        return {"columns": list(self.columns), "defaults": self.defaults, "qualify": self.qualify}


@dataclass(frozen=True)
class Cell:
    field: str
    label: str
    text: str
    error: str = ""


@dataclass
class Row:
    """One row of the file. `inputs` are what a browser would send for one member; `match` is the member it repeats."""

    number: int
    cells: list
    inputs: dict
    errors: list
    warnings: list = field(default_factory=list)
    match: object = None

    @property
    def name(self) -> str:
        return self.inputs.get("name_fr") or self.inputs.get("name_ar", "")


@dataclass
class Preview:
    fields: list  # (field name, label), in the order of the file
    rows: list
    dropped: list

    @property
    def accepted(self) -> list:
        return [row for row in self.rows if not row.errors]

    @property
    def refused(self) -> list:
        return [row for row in self.rows if row.errors]

    @property
    def fresh(self) -> list:
        return [row for row in self.accepted if row.match is None]

    @property
    def known(self) -> list:
        return [row for row in self.accepted if row.match is not None]


def preview(source: Source, mapping: Mapping, members: list) -> Preview:
    """Read every row with the mapping and compare it with the file's other rows and with the dossier's `members`."""
    formulas = {(row, column) for row, column in source.formulas}
    rows = [_row(number, cells, mapping, {column for row, column in formulas if row == number}) for number, cells in source.rows]
    for row in rows:
        row.errors = row.errors or list(source.refused.get(str(row.number), ()))
    _refuse_repeats([row for row in rows if not row.errors])
    known = _Known(members)
    for row in rows:
        row.match = known.member_of(row.inputs) if not row.errors else None
    _refuse_second_matches([row for row in rows if row.match])
    labels = [(name, str(MemberForm.label_of(name))) for name in mapping.columns if name]
    return Preview(labels, rows, source.dropped)


def _row(number, cells, mapping, computed) -> Row:
    inputs, wrong = {}, {}
    for column, name in enumerate(mapping.columns):
        if name and cells[column]:
            if column in computed:
                wrong[name] = _("Cell %(cell)s holds a formula: replace it with its value.") % {"cell": cell_name(number - 1, column)}
                continue
            value = _value(name, cells[column])
            if value is None:
                wrong[name] = _unknown(name, cells[column])
            elif value:
                inputs[name] = value
    for name, code in mapping.defaults.items():
        if code and name not in wrong:
            inputs.setdefault(name, code)
    _propose_qualifying(inputs, mapping, cells)
    form = MemberForm(inputs)
    wrong |= {name: " ".join(messages) for name, messages in form.errors.items() if name in inputs}
    inputs = {
        name: form.accepted[name] if name in ("name_fr", "name_ar", "ice") and name not in wrong else text for name, text in inputs.items()
    }
    shown = [
        Cell(name, str(MemberForm.label_of(name)), cells[column], wrong.get(name, ""))
        for column, name in enumerate(mapping.columns)
        if name
    ]
    errors = [_("{label}: {error}").format(label=MemberForm.label_of(name), error=sentence) for name, sentence in wrong.items()]
    if not (inputs.get("name_fr") or inputs.get("name_ar") or "name_fr" in wrong or "name_ar" in wrong):
        errors.insert(0, MemberForm.missing_sentence("name_fr"))
    return Row(number, shown, inputs, errors, _warnings(inputs, wrong))


def _value(name, text):
    """What a browser would send for this cell: a code for a choice, the text otherwise; None for an unknown choice."""
    if name not in READERS:
        return text
    value = READERS[name](text)
    if name == "qualifies" and value is not None:
        return "on" if value == "yes" else ""
    return value


def _unknown(name, text):
    return _("“%(value)s” is not one of the answers expected: %(answers)s.") % {"value": text[:60], "answers": _answers(name)}


def _answers(name):
    if name == "qualifies":
        return _("yes, no")
    choices = [str(label) for code, label in MemberForm.base_fields[name].choices if code]
    return listed(choices[:6]) + ("…" if len(choices) > 6 else "")


def _propose_qualifying(inputs, mapping, cells):
    """The tick of clause 5 when the row does not answer: only a company can have it."""
    if inputs.get("category") != "company":
        inputs.pop("qualifies", None)
        return
    if "qualifies" in mapping.columns and read_yes_no(cells[mapping.columns.index("qualifies")]):
        return
    section = mapping.columns.index("nma_section") if "nma_section" in mapping.columns else None
    division = cells[section][:2] if section is not None else ""
    by_sector = mapping.qualify == BY_SECTOR and qualifies_by_default(inputs.get("nma_section", ""), division)
    if mapping.qualify == EVERY_COMPANY or by_sector:
        inputs["qualifies"] = "on"


def _warnings(inputs, wrong):
    warnings = [
        MemberForm.missing_sentence(name)
        for name in MemberForm.required_names()
        if name not in inputs and name not in wrong and name != "name_fr"
    ]
    problem = ice_problem(inputs["ice"]) if "ice" in inputs and "ice" not in wrong else ""
    return warnings + ([problem] if problem else [])


def _refuse_repeats(rows):
    """The second row of one ICE, or of one name, is refused; two establishments of one company are only pointed out."""
    by_ice, by_name = {}, {}
    roots = Counter(ice_root(row.inputs["ice"]) for row in rows if row.inputs.get("ice"))
    for row in rows:
        ice, name = row.inputs.get("ice", ""), plain(row.name)
        first = by_ice.get(ice) if ice else None
        if first:
            row.errors.append(_("Same ICE as row %(number)d.") % {"number": first.number})
            continue
        twin = by_name.get(name)
        if twin and not (ice and twin.inputs.get("ice")):
            row.errors.append(_("Same name as row %(number)d.") % {"number": twin.number})
            continue
        if twin:
            row.warnings.append(_("Same name as row %(number)d, with another ICE.") % {"number": twin.number})
        if ice and roots[ice_root(ice)] > 1:
            row.warnings.append(_("Another row has the same company number: two establishments count as one member."))
        by_ice[ice] = row
        by_name.setdefault(name, row)


def _refuse_second_matches(rows):
    """One row had the ICE of a member, another its name: the member is updated once."""
    taken = {}
    for row in rows:
        first = taken.setdefault(row.match.pk, row)
        if first is not row:
            row.errors.append(
                _("Row %(number)d already corresponds to the member “%(name)s”.") % {"number": first.number, "name": row.match}
            )
            row.match = None


class _Known:
    """The dossier's members, found by ICE, else by name when the two ICEs do not say otherwise."""

    def __init__(self, members):
        self.by_ice = {member.ice: member for member in members if member.ice}
        self.by_name = {}
        for member in members:
            for name in filter(None, (member.name_fr, member.name_ar)):
                self.by_name.setdefault(plain(name), member)

    def member_of(self, inputs):
        ice = inputs.get("ice", "")
        if ice and ice in self.by_ice:
            return self.by_ice[ice]
        twin = self.by_name.get(plain(inputs.get("name_fr") or inputs.get("name_ar", "")))
        return None if twin and ice and twin.ice else twin
