"""The facts put to applicants, and their observations."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from .minutes import long_text


class FindingsForm(forms.Form):
    """The facts established about one dossier."""

    text = long_text(
        _("Facts established"), _("Facts only, as the evaluators agreed on them: no mark, no rank."), rows=12, max_length=20_000
    )


class ObservationForm(forms.Form):
    """Words are counted by the service, with the limit that held when the step opened."""

    text = long_text(_("Your observations"), _("On the facts above only."), rows=14, required=False, max_length=None)
    text.validators.append(MaxLengthValidator(60_000))  # a bound on what is stored; the limit people read is in words
