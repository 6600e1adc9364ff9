"""Clause 6, 1.2: members and participants of the cluster."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications import reference

from .content import Row


class Member(Row):
    """One legal person. Only `engaged` members count towards the thresholds (clause 3.3)."""

    class Category(models.TextChoices):
        COMPANY = "company", _("Company")
        RESEARCH_TRAINING = "research_training", _("Training, innovation or research institution")
        OTHER = "other", _("Institution, association or public body")

    class Engagement(models.TextChoices):
        ENGAGED = "engaged", _("Engaged member")
        POTENTIAL = "potential", _("Potentially interested")
        MAJOR_PARTNER = "major_partner", _("Major partner")

    class Size(models.TextChoices):
        VERY_SMALL = "TPE", _("Very small company")
        SMALL_MEDIUM = "PME", _("Small or medium company")
        MID_SIZE = "ETI", _("Mid-size company")
        LARGE = "GE", _("Large company")

    name_fr = models.CharField(_("Name"), max_length=200, blank=True)
    name_ar = models.CharField(_("Name in Arabic"), max_length=200, blank=True)
    category = models.CharField(_("Category"), max_length=20, choices=Category, blank=True)
    engagement = models.CharField(
        _("Engagement"),
        max_length=15,
        choices=Engagement,
        blank=True,
        help_text=_("Only engaged members count towards the 15 members and the 60 %."),
    )
    ice = models.CharField(
        _("ICE"), max_length=15, blank=True, help_text=_("15 digits. Leave empty for a foreign member or one without an ICE.")
    )
    trade_register = models.CharField(_("Trade register (number and court)"), max_length=60, blank=True)
    region = models.CharField(_("Region"), max_length=6, choices=reference.region_choices, blank=True)
    nma_section = models.CharField(_("Sector"), max_length=1, choices=reference.nma_section_choices, blank=True)
    qualifies = models.BooleanField(
        _("Industrial, technological or specific company"),
        default=False,
        help_text=_("Tick it for a company that counts towards the 60 % (clause 5). DPTC confirms it."),
    )
    size = models.CharField(_("Size"), max_length=3, choices=Size, blank=True)
    joined_on = models.DateField(_("Member since"), null=True, blank=True)
    representative = models.CharField(_("Representative"), max_length=150, blank=True)
    role = models.CharField(_("Role in the cluster"), max_length=300, blank=True)
    fee = models.DecimalField(_("Yearly fee (DH)"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta(Row.Meta):
        abstract = False
        verbose_name = _("member")
        verbose_name_plural = _("members")

    def __str__(self):
        return self.name_fr
