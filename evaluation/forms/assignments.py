"""Assigning: one evaluator by hand, an automatic run, a matrix from a file."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AssignmentForm(forms.Form):
    """``people`` and ``applications`` are the querysets one may choose from."""

    application = forms.ModelChoiceField(label=_("Application"), queryset=None)
    evaluator = forms.ModelChoiceField(label=_("Evaluator"), queryset=None)

    def __init__(self, *args, people, applications, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["application"].queryset = applications
        self.fields["application"].label_from_instance = lambda row: f"{row.number} · {row.name_fr or ''}"
        self.fields["evaluator"].queryset = people


class RunForm(forms.Form):
    """What a person chooses before an automatic run."""

    min_evaluators = forms.IntegerField(label=_("Evaluators per application"), min_value=1, max_value=50)
    sector_expert = forms.BooleanField(
        label=_("At least one evaluator who knows the sector of the application"), required=False, initial=True
    )
    one_per_employer = forms.BooleanField(label=_("At most one evaluator per employer and application"), required=False, initial=True)
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2_147_483_647,
        help_text=_("Chooses among proposals that are otherwise equal. The same seed and the same data give the same proposal."),
    )


class MatrixFileForm(forms.Form):
    """The matrix sent back."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, XLSX or ODS, 5 MB at most: one row per application, one column per evaluator headed by the e-mail address."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods,.txt,.tsv"}),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first.")},
    )
    blank = forms.ChoiceField(
        label=_("Blank cells"),
        initial="keep",
        widget=forms.RadioSelect,
        choices=[("keep", _("Leave the assignments as they are")), ("remove", _("Remove the assignments that have not begun"))],
    )


class WishesForm(forms.Form):
    """What a preview showed, sent back to be applied; it is checked again."""

    wishes = forms.JSONField(widget=forms.HiddenInput)
