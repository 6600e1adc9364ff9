"""The dossier: an association's application to one call, who may touch it, and how far each step is."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib import clock
from clusters_portal.lib.bilingual import localized

from .calls import Call


class Association(models.Model):
    """The legal person that applies: an association under loi n° 75-00 (clause 3.1)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name_fr = models.CharField(_("Official name of the cluster"), max_length=200)
    name_ar = models.CharField(_("Official name in Arabic"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("association")
        verbose_name_plural = _("associations")
        ordering = ("name_fr",)

    def __str__(self):
        return localized(self, "name")


class Application(models.Model):
    """One dossier per association and call. Its status changes only through `services.lifecycle.move`."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft — NOT SUBMITTED")
        DEPOSITED = "deposited", _("Submitted")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ADMISSIBLE = "admissible", _("Admissible")
        INADMISSIBLE = "inadmissible", _("Inadmissible")
        UNDER_EVALUATION = "under_evaluation", _("Under evaluation")
        IN_COMMITTEE = "in_committee", _("Before the committee")
        SELECTED = "selected", _("Selected")
        SELECTED_WITH_RESERVATIONS = "selected_with_reservations", _("Selected with reservations")
        WAITING_LIST = "waiting_list", _("Waiting list")
        DEFERRED = "deferred", _("Deferred")
        NOT_SELECTED = "not_selected", _("Not selected")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications", verbose_name=_("call"))
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="applications", verbose_name=_("association"))
    status = models.CharField(_("status"), max_length=30, choices=Status, default=Status.DRAFT, db_index=True)
    number = models.CharField(_("number"), max_length=30, null=True, blank=True, unique=True)
    deposited_at = models.DateTimeField(_("submitted on"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)
    withdrawal_reason = models.TextField(_("reason of the withdrawal"), blank=True)
    notified_at = models.DateTimeField(
        _("decision notified on"), null=True, blank=True, help_text=_("Until then its people are told nothing of the decision.")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assigned_applications",
        verbose_name=_("case officer"),
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("created by"))
    created_at = models.DateTimeField(_("created on"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("changed on"), auto_now=True)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("association", "call"),
                name="application_one_per_association_and_call",
                violation_error_message=_("This association already has an application to this call."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | (Q(number__isnull=False) & Q(deposited_at__isnull=False)),
                name="application_submitted_has_number_and_date",
                violation_error_message=_("A submitted application has a number and a date."),
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False) | (~Q(status="withdrawn") & Q(withdrawn_at=None)),
                name="application_withdrawn_has_date",
                violation_error_message=_("A withdrawn application has the date of its withdrawal, and no other has one."),
            ),
            models.CheckConstraint(
                condition=Q(notified_at=None)
                | Q(status__in=("selected", "selected_with_reservations", "waiting_list", "deferred", "not_selected")),
                name="application_notified_is_decided",
                violation_error_message=_("Only a decision that was taken can be notified."),
            ),
        ]

    def __str__(self):
        # Once deposited, the number alone: the association's live name may be a change nobody has deposited yet.
        return self.number or f"— · {self.association}"

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_withdrawn(self) -> bool:
        return self.status == self.Status.WITHDRAWN

    @cached_property
    def current_deposit(self):
        """The last deposit: the one that counts (clause 2.2). None while nothing was deposited."""
        if self.is_draft:
            return None  # no transition leads back to a draft
        return self.deposits.order_by("-sequence").first()


class Collaborator(models.Model):
    """What a person may do on a dossier: the mandatary declares and deposits, an editor edits."""

    class Role(models.TextChoices):
        MANDATARY = "mandatary", _("Authorised representative")
        EDITOR = "editor", _("Editor")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="collaborators")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="collaborations", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("person on an application")
        verbose_name_plural = _("people on applications")
        constraints = [
            models.UniqueConstraint(fields=("application", "user"), name="collaborator_once_per_application"),
            models.UniqueConstraint(fields=("application",), condition=Q(role="mandatary"), name="collaborator_one_mandatary"),
        ]

    def __str__(self):
        return f"{self.user} ({self.get_role_display()})"


class StepState(models.Model):
    """When a step was last saved, by whom, and its version: two people never overwrite each other unseen."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="step_states")
    slug = models.SlugField()
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("state of a step")
        verbose_name_plural = _("states of steps")
        constraints = [models.UniqueConstraint(fields=("application", "slug"), name="step_state_once")]

    def __str__(self):
        return f"{self.slug} v{self.version}"


class RejectedInput(models.Model):
    """What was typed and could not become a value of its column: shown again beside the field, never lost."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="rejected_inputs")
    slug = models.SlugField()
    key = models.CharField(max_length=120, help_text="part.field, or part.<row id>.field")
    raw = models.TextField()

    class Meta:
        verbose_name = _("input to correct")
        verbose_name_plural = _("inputs to correct")
        constraints = [models.UniqueConstraint(fields=("application", "key"), name="rejected_input_once")]

    def __str__(self):
        return self.key
