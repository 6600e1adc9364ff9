"""Sections 4 to 6.1 of clause 6: projects, partnerships, start-ups, plan of action."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .calls import ActionCategory
from .content import OnePerApplication, Row
from .years import FiveYears

YEAR_CHOICES = [(year, str(year)) for year in (1, 2, 3, 4, 5)]


class CooperationProject(Row):
    """Clause 6, 4.1: collective projects."""

    title = models.CharField(_("Title"), max_length=200, blank=True)
    nature = models.CharField(_("Nature"), max_length=300, blank=True, help_text=_("Market prospecting, shared means, training, watch…"))
    parties = models.TextField(_("Stakeholders"), max_length=2000, blank=True)
    means = models.TextField(_("Means mobilised"), max_length=2000, blank=True)
    results = models.TextField(_("Expected results"), max_length=2000, blank=True)

    class Meta(Row.Meta):
        abstract = False
        verbose_name = _("cooperation project")
        verbose_name_plural = _("cooperation projects")


class CollaborativeProject(Row):
    """Clause 6, 4.1: collaborative innovation and R&D projects."""

    title = models.CharField(_("Title"), max_length=200, blank=True)
    objectives = models.TextField(_("Objectives"), max_length=2000, blank=True)
    partners = models.TextField(_("Partners involved"), max_length=2000, blank=True)
    results = models.TextField(_("Expected results"), max_length=2000, blank=True)

    class Meta(Row.Meta):
        abstract = False
        verbose_name = _("collaborative project")
        verbose_name_plural = _("collaborative projects")


class Partnership(Row):
    """Clause 6, 4.2."""

    class Scope(models.TextChoices):
        NATIONAL = "national", _("National")
        INTERNATIONAL = "international", _("International")

    class State(models.TextChoices):
        ESTABLISHED = "established", _("Established")
        PLANNED = "planned", _("Planned")

    scope = models.CharField(_("Scope"), max_length=13, choices=Scope, blank=True)
    kind = models.CharField(
        _("Kind of partner"), max_length=120, blank=True, help_text=_("Laboratory, technical centre, cluster, region, municipality…")
    )
    state = models.CharField(_("State"), max_length=11, choices=State, blank=True)
    entity = models.CharField(_("Partner"), max_length=200, blank=True)
    country = models.CharField(_("Country"), max_length=60, blank=True)

    class Meta(Row.Meta):
        abstract = False
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")


class StartupSupport(OnePerApplication):
    """Clause 6, section 5."""

    preparation = models.TextField(
        _("Preparing the creation of a company"), max_length=5000, blank=True, help_text=_("Training, incubation, etc.")
    )
    support = models.TextField(
        _("Support after the creation"), max_length=5000, blank=True, help_text=_("Approach and services offered, by type of support.")
    )

    class Meta:
        verbose_name = _("start-up support")
        verbose_name_plural = _("start-up support")


class StartupService(Row):
    """Clause 6, section 5: services by type of support. Optional."""

    kind = models.CharField(_("Type of support"), max_length=150, blank=True)
    description = models.CharField(_("Service offered"), max_length=500, blank=True)

    class Meta(Row.Meta):
        abstract = False
        verbose_name = _("start-up service")
        verbose_name_plural = _("start-up services")


class Action(Row, FiveYears):
    """Clause 6, 6.1: an action of the plan with its yearly cost in DH."""

    title = models.CharField(_("Action"), max_length=200, blank=True)
    category = models.ForeignKey(
        ActionCategory, verbose_name=_("Category"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    objective = models.CharField(_("Objective"), max_length=500, blank=True)
    start_year = models.PositiveSmallIntegerField(_("From year"), choices=YEAR_CHOICES, null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(_("To year"), choices=YEAR_CHOICES, null=True, blank=True)

    class Meta(Row.Meta):
        abstract = False
        verbose_name = _("action")
        verbose_name_plural = _("actions")
