"""Clause 6, 6.2 and section 7: five-year budget and indicators. Amounts in DH; indicators are annual and never summed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .applications import Application
from .calls import BudgetHeading, IndicatorDefinition
from .content import OnePerApplication, Row
from .years import FiveYears


class BudgetLine(FiveYears):
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="budget_lines")
    heading = models.ForeignKey(BudgetHeading, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        constraints = [models.UniqueConstraint(fields=("application", "heading"), name="budget_line_once_per_heading")]

    def __str__(self):
        return str(self.heading)


class BudgetDetail(Row, FiveYears):
    """What « à préciser » asks for: detail rows add up to their line (control B2)."""

    class Nature(models.TextChoices):
        PRIVATE = "private", _("Private")
        PUBLIC_STATE = "public_state", _("Public: State")
        PUBLIC_LOCAL = "public_local", _("Public: region, municipality")
        INTERNATIONAL_DONOR = "international_donor", _("International donor")
        IN_KIND = "in_kind", _("In kind")

    heading = models.ForeignKey(BudgetHeading, verbose_name=_("Line"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(_("What it is"), max_length=200, blank=True)
    nature = models.CharField(
        _("Origin"),
        max_length=20,
        choices=Nature,
        blank=True,
        help_text=_("For other income: only private income counts as the cluster's own resources."),
    )

    class Meta(Row.Meta):
        abstract = False
        verbose_name = _("budget detail")
        verbose_name_plural = _("budget details")


class BudgetNote(OnePerApplication):
    comment = models.TextField(
        _("Comment on the budget"), max_length=3000, blank=True, help_text=_("Required when the operating result of a year is negative.")
    )

    class Meta:
        verbose_name = _("comment on the budget")
        verbose_name_plural = _("comments on budgets")


class IndicatorValue(FiveYears):
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="indicator_values")
    definition = models.ForeignKey(IndicatorDefinition, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("indicator value")
        verbose_name_plural = _("indicator values")
        constraints = [models.UniqueConstraint(fields=("application", "definition"), name="indicator_value_once")]

    def __str__(self):
        return str(self.definition)


class ExtraIndicator(Row, FiveYears):
    """An indicator the cluster proposes beside the call's own (section 7)."""

    label = models.CharField(_("Indicator"), max_length=200, blank=True)
    unit = models.CharField(_("Unit"), max_length=30, blank=True)

    class Meta(Row.Meta):
        abstract = False
        verbose_name = _("additional indicator")
        verbose_name_plural = _("additional indicators")
