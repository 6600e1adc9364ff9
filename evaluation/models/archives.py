"""The archives of a call that were asked for: how far each is, and where the finished ZIP lies until it expires."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Call

KEPT_FOR = timedelta(days=7)
QUIET_FOR = timedelta(minutes=15)
"""An archive being made that gave no sign of life for this long will give none: its worker was stopped."""


def storage_name(archive, _filename) -> str:
    """A random name, like every private file's."""
    return f"archives/{archive.call_id}/{uuid.uuid4().hex}"


class CallArchive(models.Model):
    """One request for the ZIP of a call. `done` of `total` dossiers are in it; `sha256` is the fingerprint of its manifest."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", _("In preparation")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Not completed")
        EXPIRED = "expired", _("Expired")

    MAKING = (State.WAITING, State.RUNNING)

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="archives", verbose_name=_("call for projects"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked for by"))
    asked_at = models.DateTimeField(_("asked for on"))
    language = models.CharField(_("language"), max_length=2)
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(_("applications done"), default=0)
    total = models.PositiveIntegerField(_("applications to do"), default=0)
    moved_at = models.DateTimeField(_("last sign of life"))
    ended_at = models.DateTimeField(_("ended on"), null=True, blank=True)
    file = models.FileField(_("file"), upload_to=storage_name, max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size (bytes)"), default=0)
    entries = models.PositiveIntegerField(_("files"), default=0)
    left_out = models.PositiveIntegerField(_("left out"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)

    class Meta:
        verbose_name = _("archive of a call")
        verbose_name_plural = _("archives of calls")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("call",), condition=Q(state__in=("waiting", "running")), name="one_archive_being_made"),
            models.CheckConstraint(
                condition=Q(state="ready", sha256__gt="", size__gt=0, file__gt="") | ~Q(state="ready") & Q(file=""),
                name="ready_archive_has_file",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "running"), ended_at=None)
                | Q(state__in=("ready", "failed", "expired"), ended_at__isnull=False),
                name="archive_ended_or_not",
            ),
        ]

    def __str__(self):
        return f"{self.call} · {self.get_state_display()}"

    @property
    def expires_at(self):
        """When a finished ZIP is taken out of the storage."""
        return self.ended_at + KEPT_FOR

    @property
    def file_name(self) -> str:
        return f"archive-{self.call.slug}-{self.pk}.zip"

    def is_quiet(self, now) -> bool:
        """Being made, and silent for too long to still be."""
        return self.state in self.MAKING and now - self.moved_at > QUIET_FOR
