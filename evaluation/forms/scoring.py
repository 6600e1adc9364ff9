"""The scoring sheet as a form: a row of half points and a justification per criterion, nothing preselected."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.bilingual import localized
from evaluation.forms.marks import MarksForm, mark_key, text_field
from evaluation.models import Evaluation


@dataclass(frozen=True)
class Row:
    """Everything the page shows of one criterion."""

    code: str
    label: str
    block: str
    weight: int
    guidance: str
    min_justification: int
    step_slugs: list
    name: str
    options: list
    anchors: list
    why: forms.BoundField
    seen: forms.BoundField
    errors: list


class ScoringForm(MarksForm):
    """One evaluator's sheet."""

    strengths = forms.CharField(label=_("Strengths"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    weaknesses = forms.CharField(label=_("Weaknesses"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    confidence = forms.TypedChoiceField(
        label=_("How sure are you of your judgement?"),
        help_text=_("It never weighs on the marks."),
        required=False,
        coerce=int,
        empty_value=None,
        choices=Evaluation.Confidence.choices,
        widget=forms.RadioSelect,
    )

    minutes_spent = forms.IntegerField(
        label=_("Time spent (minutes)"), required=False, min_value=0, max_value=6000, help_text=_("Optional.")
    )

    def beside(self) -> dict:
        """The justification, and where in the dossier the mark is seen."""
        seen = forms.CharField(
            label=_("Where in the application"),
            help_text=_("Sections, tables or pieces relied on. Optional."),
            required=False,
            max_length=300,
            widget=forms.TextInput(attrs={"dir": "auto"}),
        )
        return {"why": text_field(_("Justification")), "seen": seen}

    @staticmethod
    def initial_of(evaluation) -> dict:
        """What is stored, as initial values; ``scores`` must be loaded with their criterion."""
        if evaluation is None:
            return {}
        initial = {name: getattr(evaluation, name) for name in ("strengths", "weaknesses", "confidence", "minutes_spent")}
        for score in evaluation.scores.all():
            code = score.criterion.criterion.code
            initial |= {f"mark_{code}": mark_key(score.value), f"why_{code}": score.justification, f"seen_{code}": score.evidence}
        return initial

    def rows(self) -> list[Row]:
        """The criteria in order, ready to show, with what was typed or what is stored."""
        return [self._row(row) for row in self.criteria]

    def _row(self, row) -> Row:
        code = row.criterion.code
        mark, why, seen = (self[f"{name}_{code}"] for name in ("mark", "why", "seen"))
        anchors = [(anchor.level, localized(anchor, "text")) for anchor in row.anchors.all()]
        return Row(
            code=code,
            label=str(row.criterion),
            block=row.criterion.get_block_display(),
            weight=row.weight,
            guidance=localized(row, "guidance"),
            min_justification=row.min_justification,
            step_slugs=row.step_slugs,
            name=mark.html_name,
            options=self.options(row),
            anchors=anchors,
            why=why,
            seen=seen,
            errors=[*mark.errors, *why.errors, *seen.errors],
        )

    def marks(self) -> dict:
        """Marks that can be read so far, by criterion code: the running total needs no valid form."""
        self.is_valid()
        return {row.criterion.code: self.cleaned_data.get(f"mark_{row.criterion.code}") for row in self.criteria}
