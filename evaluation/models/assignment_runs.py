"""Automatic runs of the assignment: evidence of what was proposed, from what, and which proposal was applied."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Call
from clusters_portal.audit.models import AppendOnlyModel


class AssignmentRun(AppendOnlyModel):
    """One proposal, or the reasons why there is none. ``parameters``, ``inputs`` and ``result`` are canonical JSON; ``sha256`` is
    that of the document made of the three and of ``code_version``. ``cost`` compares proposals for the same inputs only.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="assignment_runs", verbose_name=_("call"))
    number = models.PositiveIntegerField(_("run"))
    seed = models.PositiveIntegerField(_("seed"))
    parameters = models.TextField(_("parameters"))
    inputs = models.TextField(_("inputs"))
    inputs_sha256 = models.CharField(_("SHA-256 of the inputs"), max_length=64)
    result = models.TextField(_("result"))
    # As text: a whole number of up to twenty digits, which SQLite would round.
    cost = models.CharField(_("cost"), max_length=40, blank=True, help_text=_("Empty without a proposal."))
    solver = models.CharField(_("solver"), max_length=80)
    code_version = models.CharField(_("version of the rules"), max_length=64)
    sha256 = models.CharField("SHA-256", max_length=64)
    created_at = models.DateTimeField(_("run on"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("run by"))

    class Meta:
        verbose_name = _("automatic assignment run")
        verbose_name_plural = _("automatic assignment runs")
        ordering = ("call", "-number")
        constraints = [
            models.UniqueConstraint(fields=("call", "number"), name="assignment_run_number_unique"),
            models.CheckConstraint(
                condition=~Q(sha256="") & ~Q(inputs_sha256="") & ~Q(inputs="") & ~Q(parameters="") & ~Q(result=""),
                name="assignment_run_is_complete",
            ),
        ]

    def __str__(self):
        return f"{self.call} · {self.number}"


class AppliedAssignmentRun(AppendOnlyModel):
    """The act of applying a run, once. ``added`` and ``removed`` count assignments."""

    run = models.OneToOneField(AssignmentRun, on_delete=models.PROTECT, related_name="applied", verbose_name=_("run"))
    applied_at = models.DateTimeField(_("applied on"))
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("applied by"))
    added = models.PositiveIntegerField(_("assignments made"))
    removed = models.PositiveIntegerField(_("assignments removed"))

    class Meta:
        verbose_name = _("applied run")
        verbose_name_plural = _("applied runs")
        ordering = ("-applied_at",)

    def __str__(self):
        return str(self.run)
