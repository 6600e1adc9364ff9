"""A meeting of the steering committee: who is called, who is there and when, what is discussed in which order."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Call
from clusters_portal.audit.models import AppendOnlyModel


def _person(label, **options):
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **options)


class CommitteeSession(models.Model):
    """One meeting on one call. Its status moves only through ``services.lifecycle``; ``quorum_needed`` is frozen at the opening."""

    class Status(models.TextChoices):
        PREPARED = "prepared", _("In preparation")
        CONVENED = "convened", _("Convened")
        OPEN = "open", _("In session")
        CLOSED = "closed", _("Session closed")
        SIGNED = "signed", _("Minutes signed")
        CANCELLED = "cancelled", _("Session cancelled")

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="committee_sessions", verbose_name=_("call for projects"))
    number = models.PositiveSmallIntegerField(_("number"))
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.PREPARED, db_index=True)
    scheduled_at = models.DateTimeField(_("date and time"))
    place = models.CharField(_("place"), max_length=250)
    notice = models.TextField(_("text of the convocation"), blank=True)
    created_at = models.DateTimeField(_("created on"))
    created_by = _person(_("created by"))
    convened_at = models.DateTimeField(_("convened on"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    quorum_needed = models.PositiveSmallIntegerField(_("members needed for the quorum"), null=True, blank=True)
    cancellation_reason = models.TextField(_("reason for cancelling"), blank=True)

    class Meta:
        verbose_name = _("committee session")
        verbose_name_plural = _("committee sessions")
        ordering = ("call", "-number")
        constraints = [
            models.UniqueConstraint(fields=("call", "number"), name="session_number_unique"),
            models.UniqueConstraint(
                fields=("call",),
                condition=Q(status="open"),
                name="session_one_open_per_call",
                violation_error_message=_("Another session of this call is open."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("open", "closed", "signed")) | Q(opened_at__isnull=False, quorum_needed__gte=1),
                name="session_opened_has_date_and_quorum",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("closed", "signed")) | Q(closed_at__isnull=False), name="session_closed_has_date"
            ),
            models.CheckConstraint(condition=~Q(status="cancelled") | ~Q(cancellation_reason=""), name="session_cancelled_has_reason"),
        ]

    def __str__(self):
        return f"{self.call} · {self.number}"


class SessionMember(models.Model):
    """A person called to a session. Observers and the secretary attend without a vote.

    Where a conflict on one dossier excludes from every vote of the call, ``exclusion_lifted_at`` says when that reach was
    lifted for this member, who stays out of the dossier itself.
    """

    class Capacity(models.TextChoices):
        CHAIR = "chair", _("Chair")
        MEMBER = "member", _("Member")
        SECRETARY = "secretary", _("Secretary")
        OBSERVER = "observer", _("Observer")

    VOTING = (Capacity.CHAIR, Capacity.MEMBER)

    session = models.ForeignKey(CommitteeSession, on_delete=models.PROTECT, related_name="members", verbose_name=_("session"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="session_memberships", verbose_name=_("person")
    )
    capacity = models.CharField(_("capacity"), max_length=9, choices=Capacity, default=Capacity.MEMBER)
    exclusion_lifted_at = models.DateTimeField(_("allowed to vote on the other applications since"), null=True, blank=True)
    exclusion_lifted_by = _person(_("allowed by"), null=True, blank=True)
    exclusion_lift_reason = models.TextField(_("reason for allowing it"), blank=True)

    class Meta:
        verbose_name = _("member of the session")
        verbose_name_plural = _("members of the session")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("session", "person"), name="session_member_once"),
            models.UniqueConstraint(
                fields=("session",),
                condition=Q(capacity="chair"),
                name="session_one_chair",
                violation_error_message=_("A session has one chair."),
            ),
            models.CheckConstraint(
                condition=Q(exclusion_lifted_at__isnull=True, exclusion_lifted_by__isnull=True, exclusion_lift_reason="")
                | (Q(exclusion_lifted_at__isnull=False, exclusion_lifted_by__isnull=False) & ~Q(exclusion_lift_reason="")),
                name="session_member_exclusion_lifted_with_author_and_reason",
                violation_error_message=_("Allowing a member to vote on the other applications needs an author, a date and a reason."),
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.get_capacity_display()}"

    @property
    def votes(self) -> bool:
        """Whether this person has a vote."""
        return self.capacity in self.VOTING


class Attendance(AppendOnlyModel):
    """Someone came in or went out. Who is present now is the last row of each member."""

    class Move(models.TextChoices):
        ARRIVED = "arrived", _("Arrived")
        LEFT = "left", _("Left")

    member = models.ForeignKey(SessionMember, on_delete=models.PROTECT, related_name="attendance", verbose_name=_("member"))
    move = models.CharField(_("movement"), max_length=7, choices=Move)
    at = models.DateTimeField(_("time"))
    recorded_by = _person(_("recorded by"))

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ("at", "pk")

    def __str__(self):
        return f"{self.member} · {self.get_move_display()}"


class AgendaItem(models.Model):
    """A point of the agenda: a dossier, or a general question. Its status moves only through ``services.lifecycle``.

    ``stand_in`` chairs this item in the place of the session's chair, recused from it or absent.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Not discussed yet")
        CURRENT = "current", _("In progress")
        DONE = "done", _("Discussed")
        POSTPONED = "postponed", _("Postponed to a later session")

    session = models.ForeignKey(CommitteeSession, on_delete=models.PROTECT, related_name="items", verbose_name=_("session"))
    position = models.PositiveSmallIntegerField(_("order"))
    application = models.ForeignKey(
        Application, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items", verbose_name=_("application")
    )
    title = models.CharField(_("question"), max_length=250, blank=True)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.WAITING)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    summary = models.TextField(_("summary of the discussion"), blank=True)
    stand_in = models.ForeignKey(
        SessionMember, null=True, blank=True, on_delete=models.PROTECT, related_name="items_chaired", verbose_name=_("chaired by")
    )
    postponement_reason = models.TextField(_("reason for postponing"), blank=True)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("session", "application"), condition=Q(application__isnull=False), name="agenda_application_once"
            ),
            models.UniqueConstraint(
                fields=("session",),
                condition=Q(status="current"),
                name="agenda_one_current_item",
                violation_error_message=_("Another item is in progress."),
            ),
            models.CheckConstraint(
                condition=Q(application__isnull=False, title="") | (Q(application__isnull=True) & ~Q(title="")),
                name="agenda_item_is_an_application_or_a_question",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("current", "done")) | Q(opened_at__isnull=False), name="agenda_opened_item_has_time"
            ),
            models.CheckConstraint(condition=~Q(status="done") | Q(closed_at__isnull=False), name="agenda_done_item_has_time"),
            models.CheckConstraint(condition=~Q(status="postponed") | ~Q(postponement_reason=""), name="agenda_postponed_item_has_reason"),
        ]

    def __str__(self):
        return self.application.number if self.application_id else self.title
