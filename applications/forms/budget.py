"""Clause 6, 6.2 and section 7: budget and indicators."""

from django import forms

from ..models import BudgetDetail, BudgetNote, ExtraIndicator
from ..models.years import YEAR_FIELDS
from .base import DraftForm, RowField
from .grids import GridRow


def budget_rows(dossier) -> list:
    """The canvas of the call, in its order; a star marks what the State's grant does not pay."""
    return [GridRow(h.code, str(h), h, "amount", starred=not h.state_fundable, group=h.side) for h in dossier.headings]


def indicator_rows(dossier) -> list:
    """The call's indicators, but for the one that is computed from the budget."""
    return [GridRow(i.code, str(i), i, "count") for i in dossier.indicators if not i.computed]


class BudgetDetailForm(DraftForm):
    optional = ("nature",)
    named_by = ("label",)
    heading = RowField(label=BudgetDetail._meta.get_field("heading").verbose_name)

    class Meta(DraftForm.Meta):
        model = BudgetDetail
        fields = ("heading", "label", "nature", *YEAR_FIELDS)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.dossier is not None:
            self.fields["heading"].set_rows([h for h in self.dossier.headings if h.needs_detail])

    @classmethod
    def conditions(cls, instance):
        """Income « à préciser » says where it comes from: only private income is the cluster's own (threshold of 40 %)."""
        if instance.heading and instance.heading.side == "income" and not instance.nature:
            return [("nature", cls.missing_sentence("nature"))]
        return []


class BudgetNoteForm(DraftForm):
    optional = ("comment",)  # control B7 asks for it when a result is negative

    class Meta(DraftForm.Meta):
        model = BudgetNote
        fields = ("comment",)
        widgets = {"comment": forms.Textarea(attrs={"rows": 4})}


class ExtraIndicatorForm(DraftForm):
    optional = ("unit",)
    named_by = ("label",)

    class Meta(DraftForm.Meta):
        model = ExtraIndicator
        fields = ("label", "unit", *YEAR_FIELDS)
