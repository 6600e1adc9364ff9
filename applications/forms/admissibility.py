"""The form of recevabilité: one finding per piece and threshold, the outcome, its reasons. The service judges it whole."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.fields import CleanTextField

from ..models import AdmissibilityCheck, AdmissibilityLine

LONGEST_REASON = 4000


class AdmissibilityForm(forms.Form):
    """`proposals` are the lines of `services.admissibility.proposals`; each shows what the rules propose, preselected, or what
    was kept in `findings`, {item: (finding, reason)}. Nothing is required: a check may be kept half-finished."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=AdmissibilityCheck.Outcome, widget=forms.RadioSelect, required=False)
    reasons_fact = CleanTextField(label=_("Reasons of fact"), required=False, max_length=LONGEST_REASON)
    reasons_law = CleanTextField(
        label=_("Reasons of law"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("Clause of the cahier des charges or text relied on."),
    )
    companies = forms.IntegerField(
        label=_("Qualifying companies, as counted by DPTC"),
        required=False,
        min_value=0,
        help_text=_("Empty: the number in the application stands."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    companies_reason = CleanTextField(
        label=_("Reason of this number"), required=False, max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, proposals, findings=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.proposals, kept = proposals, findings or {}
        for name in ("reasons_fact", "reasons_law"):
            self.fields[name].widget.attrs["rows"] = 4
        for line in proposals:
            finding, reason = kept.get(line.item, (line.finding, ""))
            self.fields[finding_name(line.item)] = forms.ChoiceField(
                label=line.title, choices=AdmissibilityLine.Finding, widget=forms.RadioSelect, initial=finding, required=False
            )
            label = _("Reason, when you depart from what is proposed") if line.finding else _("Article of the statutes and what it says")
            self.fields[reason_name(line.item)] = CleanTextField(
                label=label,
                required=False,
                max_length=LONGEST_REASON,
                widget=forms.Textarea(attrs={"rows": 2, "placeholder": " "}),
                initial=reason,
            )
            self.fields[reason_name(line.item)].summary_label = line.title

    def lines(self) -> list:
        """[(proposal, label of what is proposed, finding field, reason field)] for the page."""
        labels = dict(AdmissibilityLine.Finding.choices)
        return [
            (line, labels.get(line.finding, ""), self[finding_name(line.item)], self[reason_name(line.item)]) for line in self.proposals
        ]

    def findings(self) -> dict:
        """{item: (finding, reason)} of a valid form."""
        read = self.cleaned_data
        return {line.item: (read[finding_name(line.item)], read[reason_name(line.item)]) for line in self.proposals}

    def refuse(self, errors: dict):
        """Put the sentences of a refusal beside the fields they are about; `errors` is {item, field or "": sentence}."""
        findings = self.findings()
        for key, sentence in errors.items():
            if key in findings:
                key = reason_name(key) if findings[key][0] else finding_name(key)
            self.add_error(key or None, sentence)


class SendBackForm(forms.Form):
    """Why a proposal goes back to be prepared again."""

    reason = CleanTextField(label=_("Why it is sent back"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))


def finding_name(item: str) -> str:
    """Name of the input of one line: "piece:ADM_CA" → "piece-ADM_CA"."""
    return item.replace(":", "-")


def reason_name(item: str) -> str:
    return f"{finding_name(item)}-reason"
