"""Clause 6, sections 3 to 5 and 6.1: strategy, projects, partnerships, start-ups, plan of action."""

from django import forms
from django.utils.translation import gettext as _

from ..models import (
    Action,
    CollaborativeProject,
    CooperationProject,
    Partnership,
    StartupService,
    StartupSupport,
    Strategy,
    StrategySeries,
)
from ..models.years import YEAR_FIELDS
from .base import DraftForm, RowField
from .grids import GridRow

SERIES_KINDS = {
    StrategySeries.Code.RD_PROJECTS: "count",
    StrategySeries.Code.FUNDS_RAISED: "amount",
    StrategySeries.Code.EXPORT_SHARE: "percent",
    StrategySeries.Code.MEMBERS: "count",
    StrategySeries.Code.FEES: "amount",
}


def series_rows(dossier) -> list:
    """Three quantified targets and two forecasts (clause 6, 3.1)."""
    return [GridRow(code.value, code.label, code.value, kind) for code, kind in SERIES_KINDS.items()]


class StrategyForm(DraftForm):
    class Meta(DraftForm.Meta):
        model = Strategy
        fields = ("overall", "technologies_markets", "positioning")
        widgets = {name: forms.Textarea(attrs={"rows": 10}) for name in fields}


class CooperationProjectForm(DraftForm):
    named_by = ("title",)

    class Meta(DraftForm.Meta):
        model = CooperationProject
        fields = ("title", "nature", "parties", "means", "results")
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("parties", "means", "results")}


class CollaborativeProjectForm(DraftForm):
    named_by = ("title",)

    class Meta(DraftForm.Meta):
        model = CollaborativeProject
        fields = ("title", "objectives", "partners", "results")
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("objectives", "partners", "results")}


class PartnershipForm(DraftForm):
    optional = ("country",)
    named_by = ("entity",)

    class Meta(DraftForm.Meta):
        model = Partnership
        fields = ("scope", "kind", "state", "entity", "country")


class StartupSupportForm(DraftForm):
    class Meta(DraftForm.Meta):
        model = StartupSupport
        fields = ("preparation", "support")
        widgets = {name: forms.Textarea(attrs={"rows": 8}) for name in fields}


class StartupServiceForm(DraftForm):
    named_by = ("kind",)

    class Meta(DraftForm.Meta):
        model = StartupService
        fields = ("kind", "description")


class ActionForm(DraftForm):
    optional = ("objective", *YEAR_FIELDS)
    named_by = ("title",)
    category = RowField(label=Action._meta.get_field("category").verbose_name)

    class Meta(DraftForm.Meta):
        model = Action
        fields = ("title", "category", "objective", "start_year", "end_year", *YEAR_FIELDS)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.dossier is not None:
            self.fields["category"].set_rows(self.dossier.action_categories)

    @classmethod
    def conditions(cls, instance):
        if instance.start_year and instance.end_year and instance.end_year < instance.start_year:
            return [("end_year", _("The last year comes before the first."))]
        return []
