"""The consensus report as a form: the agreed mark as a row of half points, its reasons, and why it leaves the individual range."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.forms.marks import MarksForm, Option, mark_key, text_field
from evaluation.models import ConsensusApproval


@dataclass(frozen=True)
class AgreedRow:
    """What the form has for one criterion."""

    code: str
    name: str
    options: list[Option]
    text: forms.BoundField
    outside: forms.BoundField
    errors: list


class ConsensusForm(MarksForm):
    """The rapporteur's report."""

    text = text_field(_("Overall judgement"), rows=4)

    def beside(self) -> dict:
        """The reasons of the agreed mark, and why it leaves the range of those given."""
        outside = text_field(
            _("Reason for leaving the evaluators' range"),
            rows=2,
            help_text=_("Only when the agreed mark is below the lowest or above the highest mark given."),
        )
        return {"text": text_field(_("Reasons of the agreed mark")), "outside": outside}

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
        return {row.criterion.code: self._row(row) for row in self.criteria}

    def _row(self, row) -> AgreedRow:
        code = row.criterion.code
        mark, text, outside = (self[f"{name}_{code}"] for name in ("mark", "text", "outside"))
        return AgreedRow(code, mark.html_name, self.options(row), text, outside, [*mark.errors, *text.errors, *outside.errors])


class AnswerForm(forms.Form):
    """One evaluator's answer. ``round`` is the version of the report it answers."""

    round = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=9999)
    answer = forms.ChoiceField(label=_("Your answer"), choices=ConsensusApproval.Answer.choices, widget=forms.RadioSelect)
    minority_text = text_field(_("What you do not agree with, and why"), help_text=_("Required when you dissent."))


class ConclusionForm(forms.Form):
    """Both views, when the evaluators do not all approve."""

    majority_view = text_field(_("View of the majority"))
    minority_view = text_field(_("View of the minority"))


class RapporteurForm(forms.Form):
    """Choice of the rapporteur among those who submitted."""

    rapporteur = forms.TypedChoiceField(label=_("Rapporteur"), coerce=int)

    def __init__(self, people, data=None, **more):
        super().__init__(data, **more)
        self.fields["rapporteur"].choices = [(person.pk, str(person)) for person in people]
