"""DPTC's desk: an internal note, a view kept under a name, one act on the applications that were ticked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.fields import CleanCharField, CleanTextField

from ..models import Batch
from .messages import LONGEST

Act = Batch.Act
NOBODY = "none"


class NoteForm(forms.Form):
    body = CleanTextField(label=_("New note"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))


class ViewForm(forms.Form):
    """The name of a view, and whether everyone at DPTC sees it."""

    name = CleanCharField(label=_("Name of the view"), max_length=60)
    is_shared = forms.BooleanField(label=_("Share with everyone at DPTC"), required=False)


class BatchForm(forms.Form):
    """Only what the act needs is required: `act` comes from the button."""

    act = forms.ChoiceField(choices=Act.choices, error_messages={"required": _("Choose what is to be done.")})
    assignee = forms.ChoiceField(label=_("Case officer"), required=False)
    label = forms.ChoiceField(label=_("Label"), required=False)
    body = CleanTextField(
        label=_("Message to each applicant"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args, officers=(), labels=(), **kwargs):
        super().__init__(*args, auto_id="batch_%s", **kwargs)  # the filters of the same page have a case officer and a label too
        self.officers, self.labels = {str(each.pk): each for each in officers}, {str(each.pk): each for each in labels}
        people = [(pk, each.get_full_name()) for pk, each in self.officers.items()]
        self.fields["assignee"].choices = [("", _("Choose…")), (NOBODY, _("Nobody")), *people]
        self.fields["label"].choices = [("", _("Choose…")), *((pk, str(each)) for pk, each in self.labels.items())]

    def clean(self):
        given = super().clean()
        needed = {Act.ASSIGN: "assignee", Act.LABEL: "label", Act.UNLABEL: "label", Act.WRITE: "body"}.get(given.get("act"))
        if needed and not given.get(needed) and needed not in self.errors:
            messages = {"assignee": _("Choose a case officer."), "label": _("Choose a label."), "body": _("Write the message.")}
            self.add_error(needed, messages[needed])
        return given

    @property
    def chosen_officer(self):
        """The officer chosen, None for nobody."""
        return self.officers.get(self.cleaned_data["assignee"])

    @property
    def chosen_label(self):
        return self.labels[self.cleaned_data["label"]]
