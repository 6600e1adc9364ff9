"""The words of a recap: the labelled rows of a call, read together in one query, and the labels of fields."""

from dataclasses import dataclass

from django.db.models import BooleanField, CharField, F, Value
from django.utils.text import capfirst

from clusters_portal.lib.bilingual import localized

from ..models import ActionCategory, BudgetHeading, Criterion, DocumentRequirement, IndicatorDefinition


@dataclass(frozen=True)
class CallRow:
    """A row of the call. `side` is a heading's side; `flag` is `state_fundable`, `computed` or `required` of its table."""

    code: str
    label_fr: str
    label_ar: str
    label_en: str
    side: str
    flag: bool

    def __str__(self):
        return localized(self, "label")

    @property
    def state_fundable(self):
        return self.flag

    @property
    def computed(self):
        return self.flag

    @property
    def required(self):
        return self.flag


class CallLabels:
    """Answers `headings`, `indicators`, `action_categories`, `requirements` and `criteria` like `queries.Dossier`."""

    def __init__(self, call):
        tables = (
            _rows(BudgetHeading, call, "headings", side=F("side"), flag=F("state_fundable")),
            _rows(IndicatorDefinition, call, "indicators", flag=F("computed")),
            _rows(ActionCategory, call, "action_categories"),
            _rows(DocumentRequirement, call, "requirements", flag=F("required")),
            _rows(Criterion, call, "criteria"),
        )
        self.headings, self.indicators, self.action_categories = [], [], []
        self.requirements, self.criteria, self._fields = [], [], {}
        for _position, _pk, kind, *values in sorted(tables[0].union(*tables[1:], all=True)):
            getattr(self, kind).append(CallRow(*values))

    def of_field(self, form_class, name) -> str:
        """The label of a field, in the language of the first asking: a table of members says each a hundred times."""
        if (form_class, name) not in self._fields:
            self._fields[form_class, name] = capfirst(str(form_class.label_of(name)))
        return self._fields[form_class, name]

    def label_of(self, kind, code) -> str:
        """The label of one row; the code itself when the call no longer has it."""
        return next((str(row) for row in getattr(self, kind) if row.code == code), code)


def _rows(model, call, kind, side=None, flag=None):
    text, yes = CharField(), BooleanField()
    return (
        model.objects.filter(call=call)
        .order_by()
        .annotate(
            row_kind=Value(kind, output_field=text),
            row_side=side or Value("", output_field=text),
            row_flag=flag or Value(True, output_field=yes),
        )
        .values_list("position", "pk", "row_kind", "code", "label_fr", "label_ar", "label_en", "row_side", "row_flag")
    )
