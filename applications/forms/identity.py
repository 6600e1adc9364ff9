"""Clause 6, 1.1: identity, officers, territory."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters_portal.lib.fields import CleanCharField, PhoneField

from ..models import Association, Identity, Officer, SupportPeriod, Territory
from .base import DraftForm
from .parts import Problem
from .rows import RowsPart

# A name with at least one dot, with or without http:// and a path: a check against slips, not of what exists.
WEB_ADDRESS = r"^(https?://)?[^\s/@.]+(\.[^\s/@.]+)+(/\S*)?$"


class AssociationForm(DraftForm):
    optional = ("name_ar",)

    class Meta(DraftForm.Meta):
        model = Association
        fields = ("name_fr", "name_ar")
        widgets = {"name_ar": forms.TextInput(attrs={"lang": "ar", "dir": "rtl"})}


class IdentityForm(DraftForm):
    optional = ("acronym", "website", "nma_division", "sector_justification")
    website = CleanCharField(
        label=Identity._meta.get_field("website").verbose_name, max_length=Identity._meta.get_field("website").max_length,
        validators=[RegexValidator(WEB_ADDRESS, gettext_lazy("Enter a web address, for example www.cluster.ma."))],
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "url"}),
    )  # fmt: skip
    nma_division = CleanCharField(
        label=Identity._meta.get_field("nma_division").verbose_name, max_length=2,
        help_text=Identity._meta.get_field("nma_division").help_text,
        validators=[RegexValidator(r"^[0-9]{2}$", Identity._meta.get_field("nma_division").help_text)],
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric"}),
    )  # fmt: skip

    class Meta(DraftForm.Meta):
        model = Identity
        fields = (
            "acronym", "applicant_type", "legal_form", "constitution_date",
            "receipt_type", "receipt_number", "receipt_date", "receipt_authority", "legalisation_date",
            "address", "region", "province", "website",
            "sector_type", "sector_justification", "nma_section", "nma_division", "themes",
        )  # fmt: skip
        widgets = {"themes": forms.Textarea(attrs={"rows": 8})}

    @classmethod
    def conditions(cls, instance):
        found = []
        if instance.sector_type == Identity.SectorType.SPECIFIC and not instance.sector_justification:
            found.append(("sector_justification", _("Say in what way the sector is “specific”.")))
        return found


class OfficerForm(DraftForm):
    optional = ("organisation", "email", "phone")
    named_by = ("first_name", "last_name")
    copied_without = ("first_name", "last_name", "email", "phone")
    phone = PhoneField(label=Officer._meta.get_field("phone").verbose_name, help_text=Officer._meta.get_field("phone").help_text)

    class Meta(DraftForm.Meta):
        model = Officer
        fields = ("function", "first_name", "last_name", "quality", "organisation", "email", "phone")


class OfficersPart(RowsPart):
    """A president, a vice-president and a treasurer; the president or the director can be reached (1.1)."""

    needed = (Officer.Function.PRESIDENT, Officer.Function.VICE_PRESIDENT, Officer.Function.TREASURER)
    contacts = (Officer.Function.PRESIDENT, Officer.Function.DIRECTOR)

    def conditions(self, dossier):
        officers = dossier.rows(self.model)
        present = {officer.function for officer in officers}
        found = [
            Problem(_("The %(function)s is not in the table of officers.") % {"function": function.label.lower()}, self.key)
            for function in self.needed
            if function not in present
        ]
        if not any(o.function in self.contacts and o.email and o.phone for o in officers):
            found.append(Problem(_("Give the e-mail and the phone of the president or of the director."), self.key))
        return found


class SupportPeriodForm(DraftForm):
    optional = ("reference",)
    named_by = ("reference",)

    class Meta(DraftForm.Meta):
        model = SupportPeriod
        fields = ("starts_on", "ends_on", "reference")

    @classmethod
    def conditions(cls, instance):
        if instance.starts_on and instance.ends_on and instance.ends_on < instance.starts_on:
            return [("ends_on", _("The end comes before the start."))]
        return []


class TerritoryForm(DraftForm):
    optional = ("potential_regions", "core_provinces")

    class Meta(DraftForm.Meta):
        model = Territory
        fields = ("core_regions", "core_provinces", "core_text", "potential_regions", "potential_text", "history")
        widgets = {
            "core_text": forms.Textarea(attrs={"rows": 4}),
            "potential_text": forms.Textarea(attrs={"rows": 4}),
            "history": forms.Textarea(attrs={"rows": 10}),
        }
