"""Assigning one evaluator to one dossier by hand."""

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
