"""Periods of State support of an existing cluster (2023 call: strictly more than eight years)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .content import Row


class SupportPeriod(Row):
    """One contract-programme or label period, as declared; several may overlap and count once."""

    starts_on = models.DateField(_("Start"), null=True, blank=True)
    ends_on = models.DateField(_("End"), null=True, blank=True)
    reference = models.CharField(_("Label decision or contract-programme"), max_length=150, blank=True)

    class Meta(Row.Meta):
        abstract = False
        verbose_name = _("support period")
        verbose_name_plural = _("support periods")
