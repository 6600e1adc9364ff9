"""Opening a dossier: the association's name, nothing more."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.fields import CleanCharField

from ..models import Association


class CreateForm(forms.Form):
    name = CleanCharField(
        label=_("Official name of the cluster"),
        help_text=_("As in the statutes of the association. You can correct it until you submit."),
        max_length=Association._meta.get_field("name_fr").max_length,
    )
