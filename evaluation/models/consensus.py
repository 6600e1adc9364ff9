"""The consensus report of a dossier: an agreed mark and its reasons per criterion, approved or not by each evaluator."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from clusters_portal.audit.models import AppendOnlyModel

from .evaluations import Evaluation
from .grids import Grid, GridCriterion
from .marks import mark_constraints


def _person(label, **more):
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **more)


class Consensus(models.Model):
    """One per dossier, from its opening on. Its status moves only through ``services.lifecycle``.

    ``revision`` grows with each save: a save that saw an older one is refused. ``round`` grows each time approvals are
    asked afresh. ``majority_view`` and ``minority_view`` are written when a disagreement is recorded.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DRAFT = "draft", _("Draft report")
        APPROVING = "approving", _("Approval awaited")
        VALIDATED = "validated", _("Validated")
        DISAGREEMENT = "disagreement", _("Disagreement recorded")
        FROZEN = "frozen", _("Frozen by the ranking")

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="consensus", verbose_name=_("application"))
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="+", verbose_name=_("grid"))
    rapporteur = _person(_("rapporteur"))
    moderator = _person(_("moderator"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.OPEN, db_index=True)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    text = models.TextField(_("overall judgement"), blank=True)
    opened_at = models.DateTimeField(_("opened on"))
    saved_at = models.DateTimeField(_("saved on"))
    saved_by = _person(_("saved by"))
    closed_at = models.DateTimeField(_("validated on"), null=True, blank=True)
    closed_by = _person(_("validated by"), null=True, blank=True)
    majority_view = models.TextField(_("view of the majority"), blank=True)
    minority_view = models.TextField(_("view of the minority"), blank=True)

    class Meta:
        verbose_name = _("consensus report")
        verbose_name_plural = _("consensus reports")
        ordering = ("application__number",)
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=("open", "draft", "approving"), closed_at__isnull=True, closed_by__isnull=True)
                | Q(status__in=("validated", "disagreement", "frozen"), closed_at__isnull=False, closed_by__isnull=False),
                name="consensus_closed_has_author_and_date",
                violation_error_message=_("A closed consensus has an author and a date."),
            ),
            models.CheckConstraint(
                condition=Q(status="frozen")
                | (Q(status="disagreement") & ~Q(majority_view="") & ~Q(minority_view=""))
                | (~Q(status="disagreement") & Q(majority_view="", minority_view="")),
                name="consensus_disagreement_has_both_views",
                violation_error_message=_("A disagreement is recorded with the view of the majority and that of the minority."),
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="consensus_round_from_1"),
        ]

    def __str__(self):
        return self.application.number or ""

    @property
    def is_closed(self) -> bool:
        """True once validated or recorded as a disagreement: the ranking may read it."""
        return self.closed_at is not None

    @property
    def is_disagreement(self) -> bool:
        """True when it was closed with a majority and a minority."""
        return bool(self.majority_view)

    @property
    def is_writable(self) -> bool:
        """True while the rapporteur may change it."""
        return self.status in (self.Status.OPEN, self.Status.DRAFT)


class ConsensusScore(models.Model):
    """The agreed mark of one criterion: a half point from 0 to 5, or NULL while not given; never a sentinel number."""

    consensus = models.ForeignKey(Consensus, on_delete=models.PROTECT, related_name="scores", verbose_name=_("consensus report"))
    criterion = models.ForeignKey(GridCriterion, on_delete=models.PROTECT, related_name="+", verbose_name=_("criterion"))
    value = models.DecimalField(_("agreed mark"), max_digits=2, decimal_places=1, null=True, blank=True)
    text = models.TextField(_("reasons"), blank=True)
    outside_reason = models.TextField(_("reason for a mark outside those of the evaluators"), blank=True)

    class Meta:
        verbose_name = _("agreed mark")
        verbose_name_plural = _("agreed marks")
        ordering = ("consensus", "criterion__position")
        constraints = [
            models.UniqueConstraint(fields=("consensus", "criterion"), name="consensus_score_once_per_criterion"),
            *mark_constraints("consensus_score"),
        ]

    def __str__(self):
        return f"{self.criterion} · {self.value}"


class ConsensusApproval(AppendOnlyModel):
    """One evaluator's answer to one round. ``evaluation`` is the submitted version they judged by."""

    class Answer(models.TextChoices):
        APPROVE = "approve", _("Approves")
        DISSENT = "dissent", _("Dissents")

    consensus = models.ForeignKey(Consensus, on_delete=models.PROTECT, related_name="approvals", verbose_name=_("consensus report"))
    round = models.PositiveSmallIntegerField(_("round"))
    evaluator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consensus_approvals", verbose_name=_("evaluator")
    )
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="+", verbose_name=_("evaluation"))
    answer = models.CharField(_("answer"), max_length=7, choices=Answer)
    minority_text = models.TextField(_("reasons of the dissent"), blank=True)
    answered_at = models.DateTimeField(_("answered on"))

    class Meta:
        verbose_name = _("answer to a consensus report")
        verbose_name_plural = _("answers to consensus reports")
        ordering = ("consensus", "round", "answered_at")
        constraints = [
            models.UniqueConstraint(fields=("consensus", "round", "evaluator"), name="consensus_one_answer_per_round"),
            models.CheckConstraint(
                condition=Q(answer="approve", minority_text="") | (Q(answer="dissent") & ~Q(minority_text="")),
                name="consensus_dissent_is_explained",
                violation_error_message=_("A dissent is explained, an approval is not."),
            ),
        ]

    def __str__(self):
        return f"{self.consensus} · {self.evaluator} · {self.get_answer_display()}"
