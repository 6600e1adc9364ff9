"""The contradictory step: each applicant answers, once, the facts established about the dossier, before the ranking is deliberated."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Call
from clusters_portal.audit.models import AppendOnlyModel


def _person(label, **options):
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **options)


class ObservationStep(AppendOnlyModel):
    """Opened once for all the dossiers of a call. ``due_at`` is compared inclusively, to the second."""

    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="observation_step", verbose_name=_("call for projects"))
    opened_at = models.DateTimeField(_("opened on"))
    opened_by = _person(_("opened by"))
    due_at = models.DateTimeField(_("due on"))
    max_words = models.PositiveSmallIntegerField(_("words at most"))

    class Meta:
        verbose_name = _("step of observations")
        verbose_name_plural = _("steps of observations")
        constraints = [models.CheckConstraint(condition=Q(due_at__gt=F("opened_at")), name="observation_step_due_after_opening")]

    def __str__(self):
        return str(self.call)

    def is_open(self, now) -> bool:
        """Until the last second of the due time, included."""
        return now.replace(microsecond=0) <= self.due_at.replace(microsecond=0)


class FactualFindings(models.Model):
    """The facts put to one applicant. Written by DPTC until the step opens, then frozen by its service."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="findings", verbose_name=_("application"))
    step = models.ForeignKey(
        ObservationStep, null=True, blank=True, on_delete=models.PROTECT, related_name="findings", verbose_name=_("step of observations")
    )
    text = models.TextField(_("facts established"))
    saved_at = models.DateTimeField(_("saved on"))
    saved_by = _person(_("saved by"))

    class Meta:
        verbose_name = _("facts established")
        verbose_name_plural = _("facts established")
        ordering = ("application__number",)
        constraints = [models.CheckConstraint(condition=Q(step__isnull=True) | ~Q(text=""), name="findings_sent_are_written")]

    def __str__(self):
        return self.application.number or ""


class Observation(models.Model):
    """What the applicant answers: a draft kept as it is typed, then sent once. ``revision`` grows with each save."""

    findings = models.OneToOneField(
        FactualFindings, on_delete=models.PROTECT, related_name="observation", verbose_name=_("facts established")
    )
    text = models.TextField(_("observations"), blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    saved_at = models.DateTimeField(_("saved on"))
    saved_by = _person(_("saved by"))
    sent_at = models.DateTimeField(_("sent on"), null=True, blank=True)
    sent_by = _person(_("sent by"), null=True, blank=True)

    class Meta:
        verbose_name = _("observations of an applicant")
        verbose_name_plural = _("observations of applicants")
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, sent_by__isnull=True) | (Q(sent_at__isnull=False, sent_by__isnull=False) & ~Q(text="")),
                name="observation_sent_is_written_and_dated",
            ),
        ]

    def __str__(self):
        return str(self.findings)
