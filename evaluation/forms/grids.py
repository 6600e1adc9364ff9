"""The grid in forms: the tie ladder as ordered choices, the steps of the dossier as boxes, adoption as an act of its own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.steps import STEPS
from clusters_portal.lib import clock
from evaluation.rules.ties import DEFAULT_LADDER, STEP_SENTENCES, UnknownStep, check_ladder

STEP_CHOICES = [("", _("— nothing more: ex æquo —")), *STEP_SENTENCES.items()]


class LadderWidget(forms.MultiWidget):
    """One list per place on the ladder, one below the other."""

    template_name = "evaluation/grids/_ladder.html"

    def __init__(self, attrs=None):
        lists = [
            forms.Select(choices=STEP_CHOICES, attrs={"aria-label": _("Step %(number)d") % {"number": n + 1}})
            for n in range(len(DEFAULT_LADDER))
        ]
        super().__init__(lists, attrs)

    def decompress(self, value):
        return [*(value or ()), *[""] * len(DEFAULT_LADDER)][: len(DEFAULT_LADDER)]


class LadderField(forms.MultiValueField):
    """An ordered list of steps, each once, without a gap; cleans to a list of codes, possibly empty."""

    widget = LadderWidget

    def __init__(self, **kwargs):
        fields = [forms.ChoiceField(choices=STEP_CHOICES, required=False) for _place in DEFAULT_LADDER]
        super().__init__(fields, require_all_fields=False, required=False, **kwargs)

    def compress(self, data_list):
        chosen = list(data_list or [])
        while chosen and not chosen[-1]:
            chosen.pop()
        if "" in chosen:
            raise forms.ValidationError(_("Leave no empty step between two steps of the ladder."))
        try:
            check_ladder(tuple(chosen))
        except UnknownStep as error:
            raise forms.ValidationError(_("A step of the ladder is chosen once.")) from error
        return chosen


class GridForm(forms.ModelForm):
    """The grid in the administration, and its adoption as two fields of their own: adopting is an act, not an edit."""

    tie_ladder = LadderField(
        label=_("Tie ladder"), help_text=_("How equals are separated, in this order. What the ladder leaves equal is ex æquo.")
    )
    adopt_on = forms.DateField(label=_("Adopt: date of the minutes"), required=False)
    adopt_reference = forms.CharField(label=_("Adopt: reference of the minutes"), required=False, max_length=120)

    def clean(self):
        """An adoption has both its parts, and is not of a day to come."""
        data = super().clean()
        if bool(data.get("adopt_on")) != bool(data.get("adopt_reference")):
            self.add_error("adopt_reference", _("An adopted grid has a date and the reference of the minutes."))
        if data.get("adopt_on") and data["adopt_on"] > clock.today():
            self.add_error("adopt_on", _("The minutes cannot be dated in the future."))
        return data


class CriterionForm(forms.ModelForm):
    """A criterion of a grid: which steps of the dossier inform it."""

    step_slugs = forms.MultipleChoiceField(
        label=_("Steps of the application it concerns"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(step.slug, f"{step.number} · {step.label}") for step in STEPS],
    )


class AdoptionForm(forms.Form):
    """The minute by which the committee adopted a grid."""

    adopted_on = forms.DateField(label=_("Date of the minutes"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reference = forms.CharField(label=_("Reference of the minutes"), max_length=120)

    def clean_adopted_on(self):
        """Not a day to come."""
        day = self.cleaned_data["adopted_on"]
        if day > clock.today():
            raise forms.ValidationError(_("The minutes cannot be dated in the future."))
        return day
