"""The scoring sheet as a form: a row of half points and a justification per criterion, nothing preselected."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.bilingual import localized
from evaluation.models import Evaluation
from evaluation.rules.scoring import HALF_POINT_SCALE


def mark_key(value: Decimal | None) -> str:
    """The mark as written in the form: "3", "3.5", or "" when not given."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else str(value.normalize())


def mark_text(value: Decimal | None) -> str:
    """The mark as people write it: « 3,5 »."""
    return mark_key(value).replace(".", ",")


CHOICES = [(mark_key(value), mark_text(value)) for value in HALF_POINT_SCALE]


@dataclass(frozen=True)
class Option:
    """One radio button of a row."""

    value: str
    text: str
    id: str
    checked: bool
    anchor: str


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
    errors: list


class ScoringForm(forms.Form):
    """Built on the criteria of a grid (with ``criterion`` and ``anchors`` loaded). Half-finished sheets are valid."""

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

    def __init__(self, criteria, data=None, initial=None):
        super().__init__(data, initial=initial)
        self.criteria = list(criteria)
        for row in self.criteria:
            code = row.criterion.code
            self.fields[f"mark_{code}"] = forms.TypedChoiceField(
                label=code, required=False, choices=[("", ""), *CHOICES], coerce=Decimal, empty_value=None
            )
            self.fields[f"why_{code}"] = forms.CharField(
                label=_("Justification"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
            )

    @staticmethod
    def initial_of(evaluation) -> dict:
        """What is stored, as initial values; ``scores`` must be loaded with their criterion."""
        if evaluation is None:
            return {}
        initial = {name: getattr(evaluation, name) for name in ("strengths", "weaknesses", "confidence")}
        for score in evaluation.scores.all():
            code = score.criterion.criterion.code
            initial |= {f"mark_{code}": mark_key(score.value), f"why_{code}": score.justification}
        return initial

    def rows(self) -> list[Row]:
        """The criteria in order, ready to show, with what was typed or what is stored."""
        return [self._row(row) for row in self.criteria]

    def _row(self, row) -> Row:
        code = row.criterion.code
        mark, why = self[f"mark_{code}"], self[f"why_{code}"]
        anchors = [(anchor.level, localized(anchor, "text")) for anchor in row.anchors.all()]
        chosen, texts = str(mark.value() or ""), {str(level): text for level, text in anchors}
        return Row(
            code=code,
            label=str(row.criterion),
            block=row.criterion.get_block_display(),
            weight=row.weight,
            guidance=localized(row, "guidance"),
            min_justification=row.min_justification,
            step_slugs=row.step_slugs,
            name=mark.html_name,
            options=[Option(key, text, f"{mark.auto_id}_{n}", key == chosen, texts.get(key, "")) for n, (key, text) in enumerate(CHOICES)],
            anchors=anchors,
            why=why,
            errors=[*mark.errors, *why.errors],
        )

    def differences(self, stored: dict) -> list[dict]:
        """What was typed otherwise than ``stored`` (of ``initial_of``): dicts label, stored and typed, as people read them."""
        found = []
        for field in self:
            old, new = (str(value or "").replace("\r\n", "\n").strip() for value in (stored.get(field.name), field.value()))
            if old != new:
                words = {str(key): text for key, text in getattr(field.field, "choices", ())}
                code = field.name.removeprefix("why_")
                label = field.label if code == field.name else f"{code} – {field.label}"
                found.append({"label": label, "stored": words.get(old, old), "typed": words.get(new, new)})
        return found

    def marks(self) -> dict:
        """Marks that can be read so far, by criterion code: the running total needs no valid form."""
        self.is_valid()
        return {row.criterion.code: self.cleaned_data.get(f"mark_{row.criterion.code}") for row in self.criteria}
