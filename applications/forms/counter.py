"""What the agent of the counter types: the checklist of a paper file, a line of the paper register, a file without an application."""

from datetime import datetime, time

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib import clock
from clusters_portal.lib.fields import CleanCharField, CleanTextField, CountField, DayField, PhoneField

from ..models import Association, PaperDeposit, WalkIn

YES, NO = "yes", "no"
ANSWERS = ((YES, _("Yes")), (NO, _("No")))
LONGEST_REMARKS = 2000
LONGEST_REASON = 4000


def length_of(model, name):
    return model._meta.get_field(name).max_length


class YesNoField(forms.TypedChoiceField):
    """A question nobody answers by leaving it alone; cleans to True or False."""

    def __init__(self, **kwargs):
        super().__init__(choices=ANSWERS, coerce=lambda answer: answer == YES, widget=forms.RadioSelect, **kwargs)


class TimeField(forms.Field):
    """A time of day typed as 14:58, 14h58, 14.58 or 14h; cleans to a time or None."""

    default_error_messages = {"invalid": _("Enter a time in hours and minutes, for example 14:58.")}

    def widget_attrs(self, widget):
        return {
            **super().widget_attrs(widget),
            "inputmode": "numeric",
            "autocomplete": "off",
            "dir": "ltr",
            "data-kind": "time",
            "placeholder": "14:58",
        }

    def to_python(self, value):
        text = str(value or "").strip().lower().replace("h", ":").replace(".", ":")
        if not text:
            return None
        try:
            hours, _colon, minutes = text.partition(":")
            return time(int(hours), int(minutes or 0))
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


def moment_of(day, at) -> datetime:
    """A day and a time as a clock in Morocco showed them."""
    return datetime.combine(day, at, tzinfo=clock.CASABLANCA)


class RegisterForm(forms.Form):
    """A line of the numbered paper register, entered afterwards: empty, or whole."""

    register_number = CleanCharField(
        label=_("Number in the paper register"), max_length=length_of(PaperDeposit, "register_number"), required=False
    )
    register_day = DayField(label=_("Day it says"), required=False)
    register_time = TimeField(label=_("Time it says"), required=False)

    REGISTER = ("register_number", "register_day", "register_time")

    def clean(self):
        cleaned = super().clean()
        filled = [name for name in self.REGISTER if cleaned.get(name)]
        if filled:
            for name in self.REGISTER:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("An entry of the paper register needs its number, its day and its time."))
        return cleaned

    def register(self):
        """(number, moment) of a valid form, None when nothing comes from the register."""
        read = self.cleaned_data
        if not read["register_number"]:
            return None
        return read["register_number"], moment_of(read["register_day"], read["register_time"])

    def register_fields(self):
        return [self[name] for name in self.REGISTER]

    @property
    def register_is_open(self) -> bool:
        """Whether the page shows the register's fields unfolded: something was typed there."""
        return any(self[name].value() or name in self.errors for name in self.REGISTER)


class PaperForm(RegisterForm):
    """The checklist of a paper file. `compare` is False when there is no printed fingerprint to compare."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    copies = CountField(label=_("Copies counted"), max_digits=2)
    all_pages_signed = YesNoField(label=_("All pages are signed and stamped"))
    fingerprint_matches = YesNoField(label=_("The fingerprint printed on the pages is the one above"))
    is_sealed = YesNoField(label=_("The envelope is sealed"))
    depositor_name = CleanCharField(label=_("Name of the depositor"), max_length=length_of(PaperDeposit, "depositor_name"))
    depositor_quality = CleanCharField(
        label=_("Quality of the depositor"), max_length=length_of(PaperDeposit, "depositor_quality"), required=False
    )
    remarks = CleanTextField(
        label=_("Remarks"), max_length=LONGEST_REMARKS, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Printed on the acknowledgement."),
    )  # fmt: skip

    CHECKLIST = ("copies", "all_pages_signed", "fingerprint_matches", "is_sealed", "depositor_name", "depositor_quality", "remarks")

    def __init__(self, *args, compare=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not compare:
            del self.fields["fingerprint_matches"]

    def clean_copies(self):
        copies = self.cleaned_data["copies"]
        if not 1 <= copies <= 20:
            raise forms.ValidationError(_("Between 1 and 20 copies."))
        return copies

    def checklist(self) -> dict:
        """What was found, by the names of `services.counter.Checklist`."""
        return {name: self.cleaned_data[name] for name in self.CHECKLIST if name in self.fields}

    def checklist_fields(self):
        return [self[name] for name in self.CHECKLIST if name in self.fields]

    def compare_again(self, sequence: int):
        """Ask again for the fingerprint when another deposit than the one compared counts now."""
        if str(self["seen"].value()) != str(sequence):
            self.data = self.data.copy()
            self.data["seen"], self.data["fingerprint_matches"] = str(sequence), ""

    def refuse(self, errors: dict):
        """Put the sentences of a refusal beside the fields they are about."""
        for name, sentence in errors.items():
            self.add_error(name if name in self.fields else None, sentence)


class WalkInForm(PaperForm):
    """A file without an online application: the association, whom to write to, the checklist. `pk` makes one dossier of two clicks."""

    pk = forms.UUIDField(widget=forms.HiddenInput)
    name_fr = CleanCharField(label=_("Name of the association"), max_length=length_of(Association, "name_fr"))
    name_ar = CleanCharField(
        label=_("Name in Arabic"),
        max_length=length_of(Association, "name_ar"),
        required=False,
        widget=forms.TextInput(attrs={"dir": "rtl"}),
    )
    contact_name = CleanCharField(label=_("Contact person"), max_length=length_of(WalkIn, "contact_name"))
    contact_email = forms.EmailField(label=_("E-mail address"), required=False)
    contact_phone = PhoneField(label=_("Telephone"), required=False)
    is_another = forms.BooleanField(label=_("This is another association than the one received under this name"), required=False)

    CONTACT = ("name_fr", "name_ar", "contact_name", "contact_email", "contact_phone")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, compare=False, **kwargs)

    def contact(self) -> dict:
        """The association and its contact, by the names of `services.walk_in.Contact`."""
        return {name: self.cleaned_data[name] for name in self.CONTACT}

    def contact_fields(self):
        return [self[name] for name in self.CONTACT]


class LateDecisionForm(forms.Form):
    """Accepted or refused, and why. Nothing is preselected."""

    accepted = YesNoField(label=_("The late file is accepted"))
    reason = CleanTextField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Sent to the association with the decision."),
    )  # fmt: skip


class ExtensionForm(forms.Form):
    """A later deadline and its reason. `keep_closed_day`: the day is no working day, and is kept knowingly."""

    day = DayField(label=_("New day"))
    time = TimeField(label=_("Time, in Morocco"))
    reason_fr = CleanTextField(
        label=_("Reason (French)"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "lang": "fr"}),
        help_text=_("Published on the page of the call and sent to everyone concerned."),
    )  # fmt: skip
    reason_ar = CleanTextField(
        label=_("Reason (Arabic)"), max_length=LONGEST_REASON, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "rtl", "lang": "ar"}),
    )  # fmt: skip
    reason_en = CleanTextField(
        label=_("Reason (English)"), max_length=LONGEST_REASON, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "lang": "en"}),
    )  # fmt: skip
    keep_closed_day = forms.BooleanField(label=_("Keep this day all the same"), required=False)

    def new_deadline(self) -> datetime:
        return moment_of(self.cleaned_data["day"], self.cleaned_data["time"])
