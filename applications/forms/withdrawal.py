"""What is asked before an application is withdrawn."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.fields import CleanTextField


class WithdrawalForm(forms.Form):
    """`seen` is the sequence of the deposit the page showed."""

    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = CleanTextField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the journal; DPTC can read it."),
    )  # fmt: skip
    confirm = forms.BooleanField(
        label=_("I withdraw this application: it will be neither checked nor assessed."),
        error_messages={"required": _("Tick the box to withdraw the application.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].optional_mark = True
        self.fields["confirm"].error_alone = True
