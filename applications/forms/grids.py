"""A part that is a grid: fixed rows given by the call or by the code, five years across."""

from dataclasses import dataclass
from itertools import groupby

from django import forms
from django.utils.translation import gettext as _

from clusters_portal.lib.fields import AmountField, CleanTextField, CountField, PercentField
from clusters_portal.lib.text import listed

from ..models.years import YEAR_FIELDS
from .parts import BoundPart, Part, Problem, Writes, put, set_columns

CELL_FIELDS = {"amount": AmountField, "count": CountField, "percent": PercentField}


@dataclass(frozen=True)
class GridRow:
    """One line of a grid. `target` is what the stored row points at: a row of the call, or a code."""

    code: str
    label: str
    target: object
    kind: str = "amount"
    starred: bool = False
    group: str = ""


class GridForm(forms.Form):
    """One field per cell, named `<code>_<y1..y5>`."""

    def __init__(self, data=None, *, rows, prefix):
        super().__init__(data, prefix=prefix)
        for row in rows:
            for number, year in enumerate(YEAR_FIELDS, start=1):
                label = _("%(row)s, year %(year)d") % {"row": row.label, "year": number}
                self.fields[f"{row.code}_{year}"] = CELL_FIELDS[row.kind](label=label, required=False)

    def cells_of(self, row):
        return [self[f"{row.code}_{year}"] for year in YEAR_FIELDS]


class GridPart(Part):
    """`model` is FiveYears with `attribute` pointing at the row's target; `rows_of(dossier)` gives the GridRows."""

    template = "applications/parts/grid.html"

    def __init__(self, key, model, attribute, rows_of, **kwargs):
        super().__init__(key, **kwargs)
        self.model, self.attribute, self.rows_of = model, attribute, rows_of

    def bind(self, dossier, data=None):
        return BoundGrid(self, dossier, data)

    def stored(self, dossier) -> dict:
        """{row code: stored instance} of what exists."""
        found = {self.code_of(instance): instance for instance in dossier.rows(self.model)}
        return {row.code: found[row.code] for row in self.rows_of(dossier) if row.code in found}

    def code_of(self, instance):
        target = getattr(instance, self.attribute)
        return getattr(target, "code", target)

    def problems(self, dossier):
        """Control B1: every cell of every row is answered; 0 is an answer."""
        stored = self.stored(dossier)
        found = []
        for row in self.rows_of(dossier):
            amounts = stored[row.code].amounts if row.code in stored else (None,) * len(YEAR_FIELDS)
            years = [str(number) for number, amount in enumerate(amounts, start=1) if amount is None]
            if years:
                sentence = _("“%(row)s”: no value for year %(years)s.") % {"row": row.label, "years": listed(years)}
                found.append(Problem(sentence, f"id_{self.key}-{row.code}_y{years[0]}"))
        return [] if self.optional else found

    def values(self, dossier):
        stored = self.stored(dossier)
        return {row.code: list(stored[row.code].amounts) if row.code in stored else [None] * 5 for row in self.rows_of(dossier)}

    def restored(self, dossier, values):
        stored, written = self.stored(dossier), Writes()
        for row in self.rows_of(dossier):
            instance = stored.get(row.code) or self.model(application=dossier.application, **{self.attribute: row.target})
            set_columns(instance, dict(zip(YEAR_FIELDS, values.get(row.code, (None,) * len(YEAR_FIELDS)), strict=True)))
            written.save.append(instance)
        return written


class BoundGrid(BoundPart):
    def __init__(self, part, dossier, data=None):
        super().__init__(part, dossier, data)
        self.rows = part.rows_of(dossier)
        self.stored = part.stored(dossier)
        self.form = GridForm(self._stored_data() if data is None else data, rows=self.rows, prefix=part.key)

    def forms(self):
        return [self.form]

    def _stored_data(self):
        field = AmountField()
        data = {
            f"{self.key}-{code}_{year}": field.prepare_value(getattr(instance, year))
            for code, instance in self.stored.items()
            for year in YEAR_FIELDS
        }
        return {**data, **{f"{self.key}-{name}": raw for name, raw in self.kept_inputs.items()}}

    def lines(self):
        """[(GridRow, five bound cells)] for the template."""
        return [(row, self.form.cells_of(row)) for row in self.rows]

    def groups(self):
        """[(group code, its lines)] in the order of the rows; one group "" when the grid has none."""
        return [(group, list(lines)) for group, lines in groupby(self.lines(), key=lambda line: line[0].group)]

    @property
    def has_stars(self):
        return any(row.starred for row in self.rows)

    def writes(self, only=()):
        self.form.full_clean()
        rows = [row for row in self.rows if not only or row.code in only]
        cells = {f"{row.code}_{year}" for row in rows for year in YEAR_FIELDS}
        written = Writes(kept=[(None, name, str(self.form[name].data or "")) for name in self.form.errors if name in cells])
        for row in rows:
            instance = self.stored.get(row.code) or self.part.model(
                application=self.dossier.application, **{self.part.attribute: row.target}
            )
            if put(instance, {year: self.form.cleaned_data.get(f"{row.code}_{year}") for year in YEAR_FIELDS}):
                written.save.append(instance)
        return written


class ArgumentsPart(Part):
    """Part 3 of the dossier (clause 4): one optional text per published criterion."""

    template = "applications/parts/arguments.html"

    def __init__(self, key, model, **kwargs):
        super().__init__(key, optional=True, **kwargs)
        self.model = model

    def bind(self, dossier, data=None):
        return BoundArguments(self, dossier, data)

    def problems(self, dossier):
        return []

    def values(self, dossier):
        texts = {row.criterion_id: row.text for row in dossier.rows(self.model)}
        return {criterion.code: texts.get(criterion.pk, "") for criterion in dossier.criteria}

    def restored(self, dossier, values):
        stored, written = {row.criterion_id: row for row in dossier.rows(self.model)}, Writes()
        for criterion in dossier.criteria:
            row = stored.get(criterion.pk) or self.model(application=dossier.application, criterion=criterion)
            row.text = values.get(criterion.code, "")
            written.save.append(row)
        return written


class BoundArguments(BoundPart):
    def __init__(self, part, dossier, data=None):
        super().__init__(part, dossier, data)
        self.stored = {row.criterion_id: row for row in dossier.rows(part.model)}
        source = data
        if data is None:
            texts = {c.code: getattr(self.stored.get(c.pk), "text", "") for c in dossier.criteria}
            source = {f"{self.key}-{name}": raw for name, raw in {**texts, **self.kept_inputs}.items()}
        self.form = self._form(source)

    def _form(self, source):
        text_column = self.part.model._meta.get_field("text")
        form = forms.Form(source, prefix=self.key)
        for criterion in self.dossier.criteria:
            form.fields[criterion.code] = CleanTextField(label=str(criterion), max_length=text_column.max_length, required=False)
            form.fields[criterion.code].is_optional = True
        return form

    def forms(self):
        return [self.form]

    def writes(self, only=()):
        self.form.full_clean()
        criteria = [criterion for criterion in self.dossier.criteria if not only or criterion.code in only]
        open_codes = {criterion.code for criterion in criteria}
        written = Writes(kept=[(None, code, str(self.form[code].data or "")) for code in self.form.errors if code in open_codes])
        for criterion in criteria:
            row = self.stored.get(criterion.pk) or self.part.model(application=self.dossier.application, criterion=criterion)
            if put(row, {"text": self.form.cleaned_data.get(criterion.code, "")}):
                written.save.append(row)
        return written
