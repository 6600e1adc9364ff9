"""A message between the people of a dossier and DPTC."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.fields import CleanTextField

LONGEST = 4000  # characters


class MessageForm(forms.Form):
    """Plain text: nothing in it becomes a link or a picture."""

    body = CleanTextField(label=_("Your message"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}))
