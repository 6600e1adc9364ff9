"""What DPTC records of an evaluator."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications import reference
from clusters_portal.lib import clock
from clusters_portal.lib.fields import CodeListFormField


class CommitmentForm(forms.Form):
    """The tick under the text of the commitment."""

    accept = forms.BooleanField(
        label=_("I have read this commitment and I sign it"),
        error_messages={"required": _("Tick this box to sign the commitment.")},
    )


class ProfileForm(forms.Form):
    """Employer, expertise, loads per call and the signed commitment."""

    employer = forms.CharField(
        label=_("Employer"),
        required=False,
        max_length=150,
        help_text=_("Full name: used to keep evaluators away from their own employer's project."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    expertise = CodeListFormField(
        label=_("Expertise"), choices=reference.nma_section_choices, required=False, help_text=_("Sectors this person knows well.")
    )
    min_load = forms.IntegerField(
        label=_("Least number of applications"), min_value=0, max_value=999, required=False, help_text=_("Per call.")
    )
    max_load = forms.IntegerField(
        label=_("Greatest number of applications"), min_value=0, max_value=999, required=False, help_text=_("Per call. Empty: no limit.")
    )
    confidentiality_signed_on = forms.DateField(
        label=_("Confidentiality commitment signed on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Signed on paper: give its date. Left empty, evaluators sign in the portal before the first application they read."),
    )
    seen_signed_on = forms.DateField(required=False, widget=forms.HiddenInput)

    def clean_confidentiality_signed_on(self):
        """Not a day to come."""
        day = self.cleaned_data["confidentiality_signed_on"]
        if day and day > clock.today():
            raise forms.ValidationError(_("The commitment cannot be signed in the future."))
        return day

    def clean(self):
        """Loads in order."""
        data = super().clean()
        if data.get("max_load") is not None and data["max_load"] < (data.get("min_load") or 0):
            self.add_error("max_load", _("The greatest number of applications is smaller than the least: change one of them."))
        return data
