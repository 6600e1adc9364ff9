"""Complement requests (A13): what DPTC asks an applicant to complete after the deposit, field by field and piece by piece."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .applications import Application
from .calls import DocumentRequirement
from .deposits import Deposit

AUTHOR = {"on_delete": models.PROTECT, "related_name": "+"}


class ComplementRequest(models.Model):
    """Asked once at most per dossier (loi 55-19, art. on complement requests), and only where the call allows it.

    What was answered is a further deposit; old and new are read from `deposit` and `answer`.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="complement_requests", verbose_name=_("application")
    )
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="+", verbose_name=_("deposit asked about"))
    reason = models.TextField(_("What is asked and why"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, **AUTHOR, verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked on"))
    due_at = models.DateTimeField(_("due on"), help_text=_("Compared inclusively, to the second, on the server's clock."))
    answer = models.OneToOneField(Deposit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("answer"))
    answered_at = models.DateTimeField(_("answered on"), null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **AUTHOR, verbose_name=_("cancelled by"))
    cancelled_at = models.DateTimeField(_("cancelled on"), null=True, blank=True)
    cancel_reason = models.TextField(_("reason of the cancellation"), blank=True)

    class Meta:
        verbose_name = _("complement request")
        verbose_name_plural = _("complement requests")
        ordering = ("-asked_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("application",), condition=Q(cancelled_at=None), name="complement_once_per_application",
                violation_error_message=_("A complement has already been asked for: it can be asked only once."),
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("asked_at")), name="complement_due_after_asked",
                violation_error_message=_("The due date comes after the request."),
            ),
            models.CheckConstraint(
                condition=Q(answer=None, answered_at=None) | Q(answer__isnull=False, answered_at__isnull=False),
                name="complement_answer_has_date",
            ),
            models.CheckConstraint(condition=Q(cancelled_at=None) | Q(answer=None), name="complement_ends_once"),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.deposit.number} · {self.asked_at:%Y-%m-%d}"

    def state_at(self, now) -> str:
        """open, overdue, answered or cancelled."""
        if self.cancelled_at is not None:
            return "cancelled"
        if self.answer_id is not None:
            return "answered"
        return "open" if self.is_open(now) else "overdue"

    def is_open(self, now) -> bool:
        """May it be answered at this moment? The due second itself is included."""
        return self.answer_id is None and self.cancelled_at is None and now.replace(microsecond=0) <= self.due_at.replace(microsecond=0)


class ComplementItem(models.Model):
    """One thing that reopens: a field of a step, a whole table of a step, or a piece; with the question put to the applicant."""

    request = models.ForeignKey(ComplementRequest, on_delete=models.CASCADE, related_name="items")
    step = models.SlugField(_("step"), blank=True)
    part = models.CharField(_("part of the step"), max_length=60, blank=True)
    field = models.CharField(_("field"), max_length=60, blank=True, help_text=_("Empty: the whole part."))
    requirement = models.ForeignKey(
        DocumentRequirement, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("piece")
    )
    question = models.TextField(_("question"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("item of a complement request")
        verbose_name_plural = _("items of complement requests")
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=(Q(requirement=None) & ~Q(part="") & ~Q(step="")) | (Q(requirement__isnull=False) & Q(part="", step="")),
                name="complement_item_field_or_piece",
            ),
            models.UniqueConstraint(
                fields=("request", "step", "part", "field"), condition=Q(requirement=None), name="complement_field_once"
            ),
            models.UniqueConstraint(
                fields=("request", "requirement"), condition=Q(requirement__isnull=False), name="complement_piece_once"
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.key

    @property
    def key(self) -> str:
        """Its name among the things that can be asked (`recap.choices`)."""
        return f"piece:{self.requirement.code}" if self.requirement_id else ".".join(filter(None, (self.step, self.part, self.field)))
