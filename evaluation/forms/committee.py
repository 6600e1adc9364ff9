"""The committee's decision on one dossier."""

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.models import Decision

WITHOUT_RANK = (Decision.Outcome.DEFERRED, Decision.Outcome.NOT_SELECTED)


def _text(label, help_text):
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=6000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )


class DecisionForm(forms.Form):
    """What is required depends on the outcome and the ranking: the rules say it, and their refusals come back to these fields."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Decision.Outcome.choices, widget=forms.RadioSelect)
    adopted_rank = forms.IntegerField(
        label=_("Adopted rank"),
        required=False,
        min_value=1,
        max_value=10000,
        help_text=_("For a selected project; the ranks of the waiting list come after the places of the call."),
    )
    reasons_fact = _text(_("Reasons of fact"), _("Required unless the project is selected."))
    reasons_law = _text(_("Reasons of law"), _("The clause of the call or the text relied on. Required unless the project is selected."))
    reservations = _text(_("Reservations"), _("Required for a selection with reservations."))
    deviation_reason = _text(
        _("Reason for departing from the proposed ranking"), _("Required when the rank or the outcome is not the proposed one.")
    )
    tie_break_reason = _text(
        _("Reason for the choice between equals"), _("Required to select a project that is level with others across the last place.")
    )

    def clean(self):
        """The rank comes filled in as proposed: with an outcome that has none, nobody has to empty it."""
        data = super().clean()
        if data.get("outcome") in WITHOUT_RANK:
            data["adopted_rank"] = None
        return data
