"""Signing minutes, and correcting them."""

from django import forms
from django.utils.translation import gettext_lazy as _


def long_text(label, help_text="", *, required=True, rows=4, max_length=6000):
    """A text of several lines, in either direction."""
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=max_length, widget=widget)


class StandInForm(forms.Form):
    """What a stand-in adds: why the chair does not sign."""

    stand_in_reason = long_text(_("Why you sign in the place of the chair"), rows=2, required=False, max_length=1000)

    def __init__(self, *args, stand_in=False, **kwargs):
        super().__init__(*args, **kwargs)
        if stand_in:
            self.fields["stand_in_reason"].required = True
        else:
            del self.fields["stand_in_reason"]


class TypedSignatureForm(StandInForm):
    """One's name, typed; the hash that was shown comes back with it."""

    seen = forms.CharField(widget=forms.HiddenInput)
    typed_name = forms.CharField(label=_("Your first and last names"), max_length=200, help_text=_("As they stand in your account."))
    field_order = ("stand_in_reason", "typed_name", "seen")


class ScanSignatureForm(StandInForm):
    """The scan of the minutes signed in ink."""

    scan = forms.FileField(
        label=_("Scan of the signed minutes (PDF)"),
        help_text=_("All the pages, in their order."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )


class CorrectionForm(forms.Form):
    """Further minutes: what is to be read instead, and why."""

    correction = long_text(_("What is to be read instead"), _("Quote the passage, then what replaces it."))
    reason = long_text(_("Reason of the correction"), rows=2)
