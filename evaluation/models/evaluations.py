"""One evaluator's judgement of one dossier: ten marks with their justification. Submitted once, then kept as it is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .assignments import Assignment
from .grids import Grid, GridCriterion
from .marks import mark_constraints


class Evaluation(models.Model):
    """A version of the judgement. Reopening adds a version; the last one counts, and only when submitted.

    ``revision`` grows with each save of a draft: a save that saw an older revision is refused.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Evaluation submitted")

    class Confidence(models.IntegerChoices):
        LOW = 1, _("Low")
        MEDIUM = 2, _("Medium")
        HIGH = 3, _("High")

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="evaluations", verbose_name=_("assignment"))
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="evaluations", verbose_name=_("grid"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    strengths = models.TextField(_("Strengths"), blank=True)
    weaknesses = models.TextField(_("Weaknesses"), blank=True)
    confidence = models.PositiveSmallIntegerField(_("How sure are you of your judgement?"), choices=Confidence, null=True, blank=True)
    minutes_spent = models.PositiveSmallIntegerField(_("Time spent (minutes)"), null=True, blank=True)
    saved_at = models.DateTimeField(_("saved on"))
    submitted_at = models.DateTimeField(_("submitted on"), null=True, blank=True)
    receipt_sha256 = models.CharField(_("receipt"), max_length=64, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("reopened by")
    )
    reopening_reason = models.TextField(_("reason for reopening"), blank=True)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ("assignment", "-version")
        constraints = [
            models.UniqueConstraint(fields=("assignment", "version"), name="evaluation_version_unique"),
            models.UniqueConstraint(fields=("assignment",), condition=Q(status="draft"), name="evaluation_one_draft"),
            models.CheckConstraint(
                condition=Q(status="draft", submitted_at__isnull=True, receipt_sha256="")
                | (Q(status="submitted", submitted_at__isnull=False) & ~Q(receipt_sha256="")),
                name="evaluation_submitted_has_date_and_receipt",
                violation_error_message=_("A submitted evaluation has a date and a receipt."),
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=1, confidence__lte=3),
                name="evaluation_confidence_1_to_3",
                violation_error_message=_("Confidence goes from 1 to 3."),
            ),
            models.CheckConstraint(
                condition=Q(version=1) | (Q(reopened_by__isnull=False) & ~Q(reopening_reason="")),
                name="evaluation_reopened_with_reason",
                violation_error_message=_("Reopening needs an author and a reason."),
            ),
        ]

    def __str__(self):
        return f"{self.assignment} · v{self.version}"

    @property
    def is_submitted(self) -> bool:
        """True once nothing of it can change."""
        return self.submitted_at is not None


class Score(models.Model):
    """The mark for one criterion: a half point from 0 to 5, or NULL while not given; never a sentinel number."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="scores", verbose_name=_("evaluation"))
    criterion = models.ForeignKey(GridCriterion, on_delete=models.PROTECT, related_name="scores", verbose_name=_("criterion"))
    value = models.DecimalField(_("mark"), max_digits=2, decimal_places=1, null=True, blank=True)
    justification = models.TextField(_("justification"), blank=True)
    evidence = models.CharField(
        _("Where in the application"), max_length=300, blank=True, help_text=_("Sections, tables or pieces relied on. Optional.")
    )

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ("criterion__position",)
        constraints = [
            models.UniqueConstraint(fields=("evaluation", "criterion"), name="score_unique"),
            *mark_constraints("score"),
        ]

    def __str__(self):
        return f"{self.criterion} · {self.value}"
