"""Clause 6, 1.2 and section 2: members, board, organisation, fees."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.fields import CleanCharField
from clusters_portal.lib.identifiers import ice_problem, normalise_ice

from ..models import BoardMember, FeeRule, Governance, Member
from .base import DraftForm


class IceField(CleanCharField):
    """An ICE as people type it; digits only, lost leading zeros given back. A wrong key warns and never blocks."""

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return ""
        ice = normalise_ice(text)
        if len(ice) != 15 or not ice.isdecimal():
            raise ValidationError(_("An ICE has 15 digits, for example 001234567000089."), code="ice")
        return ice


class MemberForm(DraftForm):
    optional = ("name_ar", "ice", "trade_register", "nma_section", "size", "joined_on", "representative", "role", "fee", "region")
    named_by, copied_without = ("name_fr",), ("ice",)
    ice = IceField(label=Member._meta.get_field("ice").verbose_name, help_text=Member._meta.get_field("ice").help_text, max_length=40)

    class Meta(DraftForm.Meta):
        model = Member
        fields = (
            "name_fr", "name_ar", "category", "engagement", "qualifies", "ice", "trade_register", "region",
            "nma_section", "size", "joined_on", "representative", "role", "fee",
        )  # fmt: skip
        widgets = {"name_ar": forms.TextInput(attrs={"lang": "ar", "dir": "rtl"})}

    @property
    def ice_warning(self) -> str:
        """What is odd about a readable ICE, in a sentence; never an obstacle (the rule of its key is not official)."""
        return ice_problem(self.instance.ice) if self.instance.ice else ""


class GovernanceForm(DraftForm):
    class Meta(DraftForm.Meta):
        model = Governance
        fields = ("organisation", "membership_terms")
        widgets = {"organisation": forms.Textarea(attrs={"rows": 8}), "membership_terms": forms.Textarea(attrs={"rows": 6})}


class BoardMemberForm(DraftForm):
    named_by = ("first_name", "last_name")
    copied_without = ("first_name", "last_name")

    class Meta(DraftForm.Meta):
        model = BoardMember
        fields = ("first_name", "last_name", "quality", "organisation", "function", "from_company")


class FeeRuleForm(DraftForm):
    named_by = ("category",)

    class Meta(DraftForm.Meta):
        model = FeeRule
        fields = ("category", "rule", "amount")
