"""A part that is a table of rows: projects, board, actions, members."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from .base import EMPTY, RowField
from .parts import BoundPart, Part, Problem, Writes, errors_of, put, set_columns

MAX_ROWS = 400


class RowsPart(Part):
    """Rows of `form_class`'s model. `minimum` rows make it complete; `paged` rows are edited on their own page."""

    template = "applications/parts/rows.html"

    def __init__(self, key, form_class, *, minimum=0, add_label="", layout="cards", paged=False, **kwargs):
        super().__init__(key, **kwargs)
        self.form_class, self.minimum, self.add_label = form_class, minimum, add_label
        self.layout, self.paged, self.inline = layout, paged, not paged
        self.model = form_class._meta.model

    def bind(self, dossier, data=None):
        return BoundRows(self, dossier, data)

    def problems(self, dossier):
        rows = dossier.rows(self.model)
        found = []
        if len(rows) < self.minimum:
            found.append(
                Problem(
                    _("%(table)s: at least %(minimum)d expected, %(count)d entered.")
                    % {"table": self.title, "minimum": self.minimum, "count": len(rows)},
                    self.key,
                )
            )
        for index, row in enumerate(rows):
            found += self.problems_of_row(row, index)
        return found + self.conditions(dossier)

    def problems_of_row(self, row, index):
        """Problems of one row, said with its name or its place in the table."""
        where = self.where(row, index)
        messages = [
            (name, self.form_class.missing_sentence(name)) for name in self.form_class.missing_in(row)
        ] + self.form_class.conditions(row)
        return [
            Problem(
                _("%(table)s, %(where)s: %(sentence)s") % {"table": self.title, "where": where, "sentence": sentence},
                f"{self.key}-row-{row.pk}" if self.paged else f"id_{self.key}-{index}-{name}",
            )
            for name, sentence in messages
        ]

    def where(self, row, index):
        """The row in words: its name on a paged table, else its place."""
        return str(row) if self.paged and str(row) else _("row %(number)d") % {"number": index + 1}

    def name_of(self, row, index):
        """What a message calls the row: its name, else its place."""
        return self.form_class.name_of(row) or _("row %(number)d") % {"number": index + 1}

    def conditions(self, dossier):
        """What must hold over the whole table, in problems."""
        return []

    def values(self, dossier):
        return [{name: getattr(row, name) for name in self.form_class.base_fields} for row in dossier.rows(self.model)]

    def restored(self, dossier, values):
        """Rows that are there take the values in their order: an address of a row keeps leading to one."""
        stored = list(dossier.rows(self.model))
        spare = [self.model(application=dossier.application) for _row in values[len(stored) :]]
        rows = [*stored, *spare][: len(values)]
        columns = self.form_class(dossier=dossier).fields
        for position, (row, kept) in enumerate(zip(rows, values, strict=True)):
            set_columns(row, {name: columns[name].coerce(code) if code and isinstance(columns[name], RowField) else code
                              for name, code in kept.items()})  # fmt: skip
            row.position = position
        return Writes(save=rows, delete=stored[len(values) :])

    def bind_row(self, dossier, row, data=None):
        """The form of one row on its own page; `row` may be new and unsaved."""
        form = self.form_class(prefix=self.key, instance=row, dossier=dossier)
        source = data
        if data is None:
            kept = {k.split(".", 2)[2]: raw for k, raw in dossier.rejected.items() if k.startswith(f"{self.key}.{row.pk}.")}
            source = {**form.stored(row), **{f"{self.key}-{name}": raw for name, raw in kept.items()}}
        return self.form_class(source, prefix=self.key, instance=row, dossier=dossier)

    def is_filled(self, form) -> bool:
        """Has anything been typed in a new row? What a select or a box shows by itself does not count."""
        blank = self.model()
        return any(name in form.errors or (value not in EMPTY and value != getattr(blank, name)) for name, value in form.accepted.items())

    def writes_of_row(self, form, **place) -> Writes:
        """What saving one row's form comes to; `place` is its position, when the whole table is saved."""
        kept = [(form.instance, name, form.raw_of(name)) for name in form.errors if name in form.fields]
        return Writes(save=[form.instance] if put(form.instance, {**form.accepted, **place}) else [], kept=kept)


class BoundRows(BoundPart):
    """Forms of every row. Inputs are `<key>-<index>-<field>`, with `<key>-TOTAL`, `<key>-<index>-id` and `-DELETE`."""

    def __init__(self, part, dossier, data=None, blank=0):
        super().__init__(part, dossier, data)
        self.stored_rows = dossier.rows(part.model)
        self.deleted = []
        if data is not None:
            self.row_forms = self._from_data()

    @cached_property
    def row_forms(self):
        """Built when they are asked for: the page of two hundred members shows none of them."""
        return self._from_store() or [self._form(0, self._new_row(), {})]

    def forms(self):
        return self.row_forms

    @property
    def is_sent(self):
        return f"{self.key}-TOTAL" in (self.data or {})

    @cached_property
    def errors(self):
        found = []
        if self.data is None and not self.kept_inputs:
            return found  # what is stored could be read
        for form in self.row_forms:
            where = _("%(table)s, %(where)s") % {"table": self.part.title, "where": self.part.where(form.instance, form.index)}
            problems = errors_of(form, where=where)
            if self.part.paged:
                problems = [Problem(p.sentence, f"{self.key}-row-{form.row_id}", p.kind) for p in problems]
            found += problems
        return found

    def cells(self):
        return [
            (f"{form.row_id}.{name}", self.part.where(form.instance, form.index), form[name])
            for form in self.row_forms
            if form.row_id
            for name in form.fields
        ]

    @property
    def total(self):
        """One more than the highest row number: rows of a form sent with holes keep their numbers."""
        return max((form.index for form in self.row_forms), default=-1) + 1

    @cached_property
    def empty_form(self):
        return self._form("__prefix__", self._new_row(), None)

    def add_blank(self):
        """One more empty row at the end (« ajouter une ligne » without JavaScript)."""
        self.row_forms.append(self._form(self.total, self._new_row(), {}))

    def _new_row(self):
        return self.part.model(application=self.dossier.application)

    def _form(self, index, row, data):
        form = self.part.form_class(data, prefix=f"{self.key}-{index}", instance=row, dossier=self.dossier)
        form.row_id = row.pk or ""
        form.index = index
        return form

    def _from_store(self):
        forms = []
        for index, row in enumerate(self.stored_rows):
            form = self._form(index, row, None)
            kept = {name[len(f"{row.pk}.") :]: raw for name, raw in self.kept_inputs.items() if name.startswith(f"{row.pk}.")}
            data = {**form.stored(row), **{f"{form.prefix}-{name}": raw for name, raw in kept.items()}}
            forms.append(self._form(index, row, data))
        return forms

    def _from_data(self):
        known = {str(row.pk): row for row in self.stored_rows}
        forms = []
        for index in range(self._total_sent()):
            row = known.pop(self.data.get(f"{self.key}-{index}-id", ""), None)
            if self.data.get(f"{self.key}-{index}-DELETE"):
                self.deleted += [row] if row else []
                continue
            form = self._form(index, row or self._new_row(), self.data)
            if row or self.part.is_filled(form):
                forms.append(form)
        return forms

    def _total_sent(self):
        text = self.data.get(f"{self.key}-TOTAL", "0")
        return min(int(text), MAX_ROWS) if text.isdecimal() else 0

    def writes(self, only=()):
        written = Writes(delete=list(self.deleted))
        for position, form in enumerate(self.row_forms):
            row = self.part.writes_of_row(form, position=position)
            written.save += row.save
            written.kept += row.kept
        return written
