"""Declaring an interest, and ruling on one."""

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
