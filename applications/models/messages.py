"""Messages between the people of a dossier and DPTC (A13): written once, read by whoever may open the dossier."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clusters_portal.audit.models import AppendOnlyModel

from .applications import Application


class Message(AppendOnlyModel):
    class Side(models.TextChoices):
        APPLICANT = "applicant", _("Applicant")
        DPTC = "dptc", _("DPTC")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="messages", verbose_name=_("application"))
    side = models.CharField(_("from"), max_length=10, choices=Side)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author"))
    body = models.TextField(_("message"))
    sent_at = models.DateTimeField(_("sent on"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("sent_at", "pk")
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="message_not_empty")]

    def __str__(self):
        return f"{self.get_side_display()} · {self.sent_at:%Y-%m-%d %H:%M}"


class MessagesRead(models.Model):
    """How far a person has read the messages of a dossier."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("messages read")
        verbose_name_plural = _("messages read")
        constraints = [models.UniqueConstraint(fields=("application", "user"), name="messages_read_once_per_person")]

    def __str__(self):
        return f"{self.user} · {self.read_at:%Y-%m-%d %H:%M}"
