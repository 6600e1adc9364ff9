"""Filing an appeal, and answering one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.models import Appeal, AppealOutcome

from .minutes import long_text


class AppealForm(forms.Form):
    """One per decision; the piece is optional."""

    kind = forms.ChoiceField(label=_("What is the appeal about?"), choices=Appeal.Kind.choices, widget=forms.RadioSelect)
    text = long_text(_("Your appeal"), _("Say what you contest, and why."), rows=10, max_length=10_000)
    piece = forms.FileField(
        label=_("Piece to join (PDF)"), required=False, widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"})
    )


class AnswerForm(forms.Form):
    """What is required depends on the act: a draft asks for nothing, an answer for its reasons."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    outcome = forms.ChoiceField(label=_("Outcome of the appeal"), choices=AppealOutcome.choices, widget=forms.RadioSelect, required=False)
    reasons_fact = long_text(_("Reasons of fact"), required=False)
    reasons_law = long_text(_("Reasons of law"), required=False)
    follows = long_text(
        _("What follows"),
        _("Required when the appeal is upheld, even in part: for example an examination in a further session."),
        required=False,
        rows=3,
    )
