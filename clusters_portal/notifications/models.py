"""In-app notices, the outbox, the last runs of the schedule. The notice is the record one can rely on, mail a courtesy."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", verbose_name=_("recipient"))
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)
    kind = models.CharField(_("kind"), max_length=60)
    text = models.TextField(_("text"))
    body = models.TextField(_("message"), blank=True)
    url = models.CharField(_("address"), max_length=300, blank=True)
    read_at = models.DateTimeField(_("read on"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-id",)
        # Counted on every page of a signed-in person.
        indexes = [models.Index(fields=("recipient",), condition=models.Q(read_at=None), name="notice_unread")]

    def __str__(self):
        return self.text


class OutgoingMail(models.Model):
    """The outbox: written in the act's transaction, sent after the commit, tried again until it is gone."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    recipient = models.EmailField(_("recipient"))
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now, db_index=True)
    sent_at = models.DateTimeField(_("sent on"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    holds_secret = models.BooleanField(_("holds a secret link: erased once sent"), default=False)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ("-id",)

    def __str__(self):
        return f"{self.recipient} · {self.subject}"


class ScheduledRun(models.Model):
    """When an entry of the schedule last ran by `manage.py tick`: two ticks at once run each entry once."""

    name = models.CharField(_("entry of the schedule"), max_length=80, unique=True)
    last_run_at = models.DateTimeField(_("last run"))

    class Meta:
        verbose_name = _("scheduled run")
        verbose_name_plural = _("scheduled runs")
        ordering = ("name",)

    def __str__(self):
        return self.name
