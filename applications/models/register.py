"""The register of labelled clusters (S8): who was labelled, and over which periods the State supported them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.bilingual import localized

from .. import reference
from .applications import Application, Association
from .calls import Call


class LabelledCluster(models.Model):
    """A cluster that received the label. `association` is set where it also applied on this portal."""

    name_fr = models.CharField(_("name (French)"), max_length=200)
    name_ar = models.CharField(_("name (Arabic)"), max_length=200, blank=True)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    region = models.CharField(_("region"), max_length=6, blank=True, choices=reference.region_choices)
    nma_section = models.CharField(_("sector"), max_length=1, blank=True, choices=reference.nma_section_choices)
    labelled_on = models.DateField(_("labelled on"), null=True, blank=True)
    association = models.OneToOneField(
        Association, null=True, blank=True, on_delete=models.PROTECT, related_name="labelled_cluster", verbose_name=_("association")
    )
    remarks = models.TextField(_("remarks"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by"))
    created_at = models.DateTimeField(_("entered on"))

    class Meta:
        verbose_name = _("labelled cluster")
        verbose_name_plural = _("labelled clusters")
        ordering = ("name_fr",)
        constraints = [
            models.UniqueConstraint(
                Lower("name_fr"), name="labelled_cluster_name_once", violation_error_message=_("A cluster of this name is in the register.")
            ),
            models.CheckConstraint(condition=~Q(name_fr=""), name="labelled_cluster_has_name"),
        ]

    def __str__(self):
        return localized(self, "name")


class RegisteredPeriod(models.Model):
    """One period of State support, both days included. Periods of one cluster never overlap: `services.register` sees to it."""

    cluster = models.ForeignKey(LabelledCluster, on_delete=models.PROTECT, related_name="periods", verbose_name=_("cluster"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    contract_reference = models.CharField(_("label decision or contract-programme"), max_length=150, blank=True)
    call = models.ForeignKey(
        Call, null=True, blank=True, on_delete=models.PROTECT, related_name="registered_periods", verbose_name=_("call for projects")
    )
    application = models.OneToOneField(
        Application, null=True, blank=True, on_delete=models.PROTECT, related_name="registered_period", verbose_name=_("application")
    )

    class Meta:
        verbose_name = _("registered support period")
        verbose_name_plural = _("registered support periods")
        ordering = ("starts_on",)
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="registered_period_ends_after_it_starts",
                violation_error_message=_("The last day does not come before the first."),
            ),
            models.UniqueConstraint(
                fields=("cluster", "starts_on"),
                name="registered_period_start_once",
                violation_error_message=_("Another period of this cluster starts on this day."),
            ),
        ]

    def __str__(self):
        return f"{self.starts_on:%d/%m/%Y} – {self.ends_on:%d/%m/%Y}"
