"""Tasks that failed for good: kept until somebody has run them again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FailedTask(models.Model):
    name = models.CharField(_("task"), max_length=120)
    args = models.JSONField(_("arguments"), default=list, blank=True)
    kwargs = models.JSONField(_("named arguments"), default=dict, blank=True)
    error = models.TextField(_("error"))
    request_id = models.CharField(
        _("request"), max_length=64, blank=True, help_text=_("The same in the logs of the request that asked for it.")
    )
    failed_at = models.DateTimeField(_("failed on"))
    retried_at = models.DateTimeField(_("run again on"), null=True, blank=True)
    retried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("run again by")
    )

    class Meta:
        verbose_name = _("failed task")
        verbose_name_plural = _("failed tasks")
        ordering = ("-id",)
        indexes = [models.Index(fields=("failed_at",), condition=models.Q(retried_at=None), name="failed_task_open")]

    def __str__(self):
        return self.name
