"""Recevabilité: DPTC's formal check of one deposit (clause 2.2), with reasons of law and fact (loi 03-01)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .deposits import Deposit


class AdmissibilityCheck(models.Model):
    class Outcome(models.TextChoices):
        ADMISSIBLE = "admissible", _("Admissible")
        INADMISSIBLE = "inadmissible", _("Inadmissible")

    deposit = models.OneToOneField(Deposit, on_delete=models.PROTECT, related_name="admissibility")
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    reasons_fact = models.TextField(_("Reasons of fact"), blank=True)
    reasons_law = models.TextField(_("Reasons of law"), blank=True, help_text=_("Clause of the cahier des charges or text relied on."))
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("checked by"))
    updated_at = models.DateTimeField(_("changed on"), auto_now=True)
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True)

    class Meta:
        verbose_name = _("admissibility check")
        verbose_name_plural = _("admissibility checks")
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="inadmissible") | (~Q(reasons_fact="") & ~Q(reasons_law="")),
                name="inadmissible_has_reasons",
                violation_error_message=_("An inadmissible application needs reasons of fact and of law."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True) | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="admissibility_outcome_has_date",
            ),
        ]

    def __str__(self):
        return f"{self.deposit.number} · {self.get_outcome_display() or '—'}"


class AdmissibilityLine(models.Model):
    """One piece or one threshold: what the rules propose and what the officer found."""

    class Finding(models.TextChoices):
        CONFORMING = "conforming", _("Conforming")
        NON_CONFORMING = "non_conforming", _("Not conforming")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")

    check_record = models.ForeignKey(AdmissibilityCheck, on_delete=models.CASCADE, related_name="lines")
    item = models.CharField(max_length=60, help_text="piece:<code> or rule:<name>")
    proposed = models.CharField(_("proposed"), max_length=15, choices=Finding)
    finding = models.CharField(_("finding"), max_length=15, choices=Finding, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("admissibility line")
        verbose_name_plural = _("admissibility lines")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("check_record", "item"), name="admissibility_item_once"),
            models.CheckConstraint(
                condition=Q(finding="") | Q(finding=models.F("proposed")) | ~Q(reason=""),
                name="admissibility_override_has_reason",
                violation_error_message=_("Departing from what the rules propose needs a reason."),
            ),
        ]

    def __str__(self):
        return self.item
