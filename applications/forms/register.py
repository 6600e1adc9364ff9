"""What is typed in the register of labelled clusters, and what is asked of its list."""

from datetime import date

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib import clock
from clusters_portal.lib.fields import CleanCharField, CleanTextField, DayField

from .. import reference
from ..models import Call, LabelledCluster, RegisteredPeriod

SORTS = {"name": ("name_fr",), "region": ("region", "name_fr"), "first": ("first", "name_fr"), "last": ("last", "name_fr")}
STATES = [("", _("All")), ("supported", _("Supported today")), ("ended", _("Support ended"))]


def _label(model, name):
    return capfirst(model._meta.get_field(name).verbose_name)  # in the language of who reads, not of whoever came first


class RegisterFilter(forms.Form):
    """The filters of the list; an unknown value filters nothing."""

    q = CleanCharField(label=_("Name or acronym"), required=False, max_length=100)
    region = forms.ChoiceField(label=_("Region"), required=False, choices=lambda: [("", _("All regions")), *reference.region_choices()])
    sector = forms.ChoiceField(
        label=_("Sector"), required=False, choices=lambda: [("", _("All sectors")), *reference.nma_section_choices()]
    )
    state = forms.ChoiceField(label=_("Support"), required=False, choices=STATES)


class EditedForm(forms.Form):
    """What two people may edit at once: the page says what it showed, so that the second does not erase the first without knowing."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def met(self, conflict, seen):
        """The same form, to be sent again knowingly: each field that differs says what is saved."""
        again = type(self)({**self.data.dict(), "seen": seen})
        again.add_error(None, str(conflict))
        for name in self.cleaned_data.keys() - {"seen"}:
            kept = getattr(conflict.kept, name)
            if (kept or None) != (self.cleaned_data[name] or None):
                choices = dict(getattr(again.fields[name], "choices", ()))
                said = clock.format_day(kept) if isinstance(kept, date) else choices.get(kept, kept)
                again.add_error(name, _("Saved meanwhile: %(value)s") % {"value": said or "–"})
        return again


class ClusterForm(EditedForm):
    """One cluster, without its periods."""

    name_fr = CleanCharField(label=_label(LabelledCluster, "name_fr"), max_length=200)
    name_ar = CleanCharField(label=_label(LabelledCluster, "name_ar"), max_length=200, required=False)
    acronym = CleanCharField(label=_label(LabelledCluster, "acronym"), max_length=30, required=False)
    region = forms.ChoiceField(label=_("Region"), required=False, choices=lambda: [("", "—"), *reference.region_choices()])
    nma_section = forms.ChoiceField(label=_("Sector"), required=False, choices=lambda: [("", "—"), *reference.nma_section_choices()])
    labelled_on = DayField(label=_label(LabelledCluster, "labelled_on"), required=False)
    remarks = CleanTextField(
        label=_label(LabelledCluster, "remarks"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class PeriodForm(EditedForm):
    """One period of support, both days included."""

    starts_on = DayField(label=_label(RegisteredPeriod, "starts_on"))
    ends_on = DayField(label=_label(RegisteredPeriod, "ends_on"))
    contract_reference = CleanCharField(label=_label(RegisteredPeriod, "contract_reference"), max_length=150, required=False)
    call = forms.ModelChoiceField(Call.objects.all(), label=_("Call for projects"), required=False)


class EntryForm(forms.Form):
    """The first period of a selected project."""

    starts_on = DayField(label=_label(RegisteredPeriod, "starts_on"))
    ends_on = DayField(label=_label(RegisteredPeriod, "ends_on"))
    contract_reference = CleanCharField(label=_label(RegisteredPeriod, "contract_reference"), max_length=150, required=False)


class RegisterFileForm(forms.Form):
    """The spreadsheet to read."""

    file = forms.FileField(label=_("Spreadsheet (XLSX, ODS or CSV)"))
