"""Declaring an interest, recording one that somebody else raised, and ruling."""

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.models import ConflictDeclaration


class DeclarationForm(forms.Form):
    """Nothing is preselected: the declaration is the person's own act."""

    interest = forms.ChoiceField(
        label=_("Your declaration"),
        choices=ConflictDeclaration.Interest.choices,
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=_("Kind of interest"),
        choices=[("", "—"), *ConflictDeclaration.Kind.choices],
        required=False,
        help_text=_("Only if you declare an interest."),
    )
    text = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Who or what links you to this application, since when. Read by the head of division and auditors only."),
    )

    def clean(self):
        """An interest comes with its kind and an explanation."""
        data = super().clean()
        if data.get("interest") and data["interest"] != ConflictDeclaration.Interest.NONE:
            for name in ("kind", "text"):
                if not (data.get(name) or "").strip():
                    self.add_error(name, _("Say what kind of interest it is and explain it."))
        return data


class InterestForm(forms.Form):
    """An interest the person did not declare. ``people`` and ``applications`` are the querysets one may choose from."""

    application = forms.ModelChoiceField(label=_("Application"), queryset=None)
    evaluator = forms.ModelChoiceField(label=_("Person"), queryset=None)
    source = forms.ChoiceField(
        label=_("Who raised it"),
        widget=forms.RadioSelect,
        choices=[(value, label) for value, label in ConflictDeclaration.Source.choices if value != ConflictDeclaration.Source.SELF],
    )
    interest = forms.ChoiceField(
        label=_("Effect of the interest"),
        widget=forms.RadioSelect,
        choices=[
            (ConflictDeclaration.Interest.POTENTIAL, _("Possible: access is suspended until the ruling")),
            (ConflictDeclaration.Interest.DISQUALIFYING, _("Disqualifying: this person is recused at once")),
        ],
    )
    kind = forms.ChoiceField(label=_("Kind of interest"), choices=[("", "—"), *ConflictDeclaration.Kind.choices])
    text = forms.CharField(
        label=_("Reason"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("What was said or found, by whom and when. Read by DPTC, the chair and auditors, never by the evaluator."),
    )

    def __init__(self, *args, people, applications, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["application"].queryset = applications
        self.fields["application"].label_from_instance = lambda row: f"{row.number} · {row.name_fr or ''}"
        self.fields["evaluator"].queryset = people


class RulingForm(forms.Form):
    """Lift or confirm a possible conflict, with a reason."""

    ruling = forms.ChoiceField(
        label=_("Ruling"),
        widget=forms.RadioSelect,
        choices=[("lift", _("Lift: the evaluator may read and score")), ("confirm", _("Confirm: the evaluator is recused"))],
    )
    reason = forms.CharField(label=_("Reason"), max_length=3000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))


class ReasonForm(forms.Form):
    """A reason, for acts that need one."""

    reason = forms.CharField(label=_("Reason"), max_length=3000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))
