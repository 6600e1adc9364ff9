"""Requests about personal data and their answers; what was forgotten, and who was told beforehand."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..audit.models import AppendOnlyModel


class DataRequest(models.Model):
    """What somebody asks about his data (loi n° 09-08, articles 7 to 9), and what he was answered (`requests.py` writes)."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("To know what is held about me")
        RECTIFICATION = "rectification", _("To have something corrected")
        ERASURE = "erasure", _("To have something erased")
        OPPOSITION = "opposition", _("To oppose a processing")

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("Granted")
        PARTLY = "partly", _("Granted in part")
        REFUSED = "refused", pgettext_lazy("a request", "Refused")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="data_requests", editable=False, verbose_name=_("person")
    )
    kind = models.CharField(_("what you ask"), max_length=15, choices=Kind)
    text = models.TextField(_("in your own words"), max_length=4000, help_text=_("Which data, and what is wrong with them."))
    made_at = models.DateTimeField(_("asked on"), editable=False)
    due_at = models.DateTimeField(_("answer due by"), editable=False)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(_("answer and its reasons"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered on"), null=True, editable=False)

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", answer="", answered_by=None, answered_at=None)
                | Q(~Q(outcome=""), ~Q(answer=""), answered_by__isnull=False, answered_at__isnull=False),
                name="data_request_answered_wholly",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("person")), name="data_request_not_answered_by_oneself"
            ),
        ]

    def __str__(self):
        return f"{self.pk} · {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        return not self.outcome


class PurgeNotice(models.Model):
    """People were told that a row will be forgotten: `purge.py` forgets it no sooner than the notice promised."""

    data_class = models.CharField(max_length=20)
    object_id = models.CharField(max_length=64)
    told_at = models.DateTimeField()

    class Meta:
        verbose_name = _("notice before a purge")
        verbose_name_plural = _("notices before a purge")
        constraints = [models.UniqueConstraint(fields=("data_class", "object_id"), name="purge_notice_once")]

    def __str__(self):
        return f"{self.data_class} {self.object_id}"


class PurgeRun(AppendOnlyModel):
    """One purge that was carried out: {class: {gone, told, kept}}."""

    at = models.DateTimeField(_("date and time"))
    counts = models.JSONField(_("counts"), default=dict)

    class Meta:
        verbose_name = _("purge")
        verbose_name_plural = _("purges")
        ordering = ("-id",)

    def __str__(self):
        return f"{self.at:%Y-%m-%d}"
