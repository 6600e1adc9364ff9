"""The consensus report as a form: the agreed mark as a row of half points, its reasons, and why it leaves the individual range."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.forms.scoring import CHOICES, Option, compared, mark_key
from evaluation.models import ConsensusApproval


def _text(label, rows=3, **more):
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, max_length=4000, widget=widget, **more)


@dataclass(frozen=True)
class AgreedRow:
    """What the form has for one criterion."""

    code: str
    name: str
    options: list
    text: forms.BoundField
    outside: forms.BoundField
    errors: list


class ConsensusForm(forms.Form):
    """Built on the criteria of the report's grid (``criterion`` and ``anchors`` loaded). A half-finished report is valid."""

    text = _text(_("Overall judgement"), rows=4, required=False)

    def __init__(self, criteria, data=None, initial=None):
        super().__init__(data, initial=initial)
        self.criteria = list(criteria)
        for row in self.criteria:
            code = row.criterion.code
            self.fields[f"mark_{code}"] = forms.TypedChoiceField(
                label=code, required=False, choices=[("", ""), *CHOICES], coerce=Decimal, empty_value=None
            )
            self.fields[f"text_{code}"] = _text(_("Reasons of the agreed mark"), required=False)
            self.fields[f"outside_{code}"] = _text(
                _("Reason for leaving the evaluators' range"),
                rows=2,
                required=False,
                help_text=_("Only when the agreed mark is below the lowest or above the highest mark given."),
            )

    @staticmethod
    def initial_of(consensus) -> dict:
        """What is stored, as initial values; ``scores`` must be loaded with their criterion."""
        initial = {"text": consensus.text}
        for score in consensus.scores.all():
            code = score.criterion.criterion.code
            initial |= {f"mark_{code}": mark_key(score.value), f"text_{code}": score.text, f"outside_{code}": score.outside_reason}
        return initial

    def rows(self) -> dict[str, AgreedRow]:
        """{criterion code: what to show}, with what was typed or what is stored."""
        return {row.criterion.code: self._row(row.criterion.code, row.anchors.all()) for row in self.criteria}

    def _row(self, code, anchors) -> AgreedRow:
        mark, text, outside = (self[f"{name}_{code}"] for name in ("mark", "text", "outside"))
        chosen, meanings = str(mark.value() or ""), {str(anchor.level): anchor for anchor in anchors}
        options = [Option.of(n, key, shown, mark.auto_id, chosen, meanings) for n, (key, shown) in enumerate(CHOICES)]
        return AgreedRow(code, mark.html_name, options, text, outside, [*mark.errors, *text.errors, *outside.errors])

    def differences(self, stored: dict) -> list[dict]:
        """What was typed otherwise than ``stored`` (of ``initial_of``), as people read it."""
        return compared(self, stored)


class AnswerForm(forms.Form):
    """One evaluator's answer. ``round`` is the version of the report it answers."""

    round = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=9999)
    answer = forms.ChoiceField(label=_("Your answer"), choices=ConsensusApproval.Answer.choices, widget=forms.RadioSelect)
    minority_text = _text(_("What you do not agree with, and why"), required=False, help_text=_("Required when you dissent."))


class ConclusionForm(forms.Form):
    """Both views, when the evaluators do not all approve."""

    majority_view = _text(_("View of the majority"), required=False)
    minority_view = _text(_("View of the minority"), required=False)


class RapporteurForm(forms.Form):
    """Choice of the rapporteur among those who submitted."""

    rapporteur = forms.TypedChoiceField(label=_("Rapporteur"), coerce=int)

    def __init__(self, people, data=None, **more):
        super().__init__(data, **more)
        self.fields["rapporteur"].choices = [(person.pk, str(person)) for person in people]
