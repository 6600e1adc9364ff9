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


OF_CRITERION = ("mark", "why", "seen", "text", "outside")
"""What the fields of one criterion are called, before its code."""


def compared(form, stored: dict) -> list[dict]:
    """Fields of ``form`` that differ from ``stored``: dicts label, stored and typed, as people read them."""
    found = []
    for field in form:
        old, new = (str("" if value is None else value).replace("\r\n", "\n").strip() for value in (stored.get(field.name), field.value()))
        if old != new:
            words = {str(key): text for key, text in getattr(field.field, "choices", ())}
            prefix, _underscore, code = field.name.partition("_")
            code = code if prefix in OF_CRITERION else ""
            label = field.label if code in ("", field.label) else f"{code} – {field.label}"
            found.append({"label": label, "stored": words.get(old, old), "typed": words.get(new, new)})
    return found


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

    @classmethod
    def of(cls, number, key, shown, prefix, chosen, anchors) -> "Option":
        """The button of one half point. ``anchors``: {level: LevelAnchor}; only whole marks have one."""
        anchor = anchors.get(key)
        return cls(key, shown, f"{prefix}_{number}", key == chosen, localized(anchor, "text") if anchor else "")


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

    minutes_spent = forms.IntegerField(
        label=_("Time spent (minutes)"), required=False, min_value=0, max_value=6000, help_text=_("Optional.")
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
            self.fields[f"seen_{code}"] = forms.CharField(
                label=_("Where in the application"),
                help_text=_("Sections, tables or pieces relied on. Optional."),
                required=False,
                max_length=300,
                widget=forms.TextInput(attrs={"dir": "auto"}),
            )

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
        chosen, meanings = str(mark.value() or ""), {str(anchor.level): anchor for anchor in row.anchors.all()}
        return Row(
            code=code,
            label=str(row.criterion),
            block=row.criterion.get_block_display(),
            weight=row.weight,
            guidance=localized(row, "guidance"),
            min_justification=row.min_justification,
            step_slugs=row.step_slugs,
            name=mark.html_name,
            options=[Option.of(n, key, shown, mark.auto_id, chosen, meanings) for n, (key, shown) in enumerate(CHOICES)],
            anchors=anchors,
            why=why,
            seen=seen,
            errors=[*mark.errors, *why.errors, *seen.errors],
        )

    def differences(self, stored: dict) -> list[dict]:
        """What was typed otherwise than ``stored`` (of ``initial_of``): dicts label, stored and typed, as people read them."""
        return compared(self, stored)

    def marks(self) -> dict:
        """Marks that can be read so far, by criterion code: the running total needs no valid form."""
        self.is_valid()
        return {row.criterion.code: self.cleaned_data.get(f"mark_{row.criterion.code}") for row in self.criteria}
