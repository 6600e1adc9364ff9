"""The deadline of a call: its extensions, published with their reason (S5), and the reminders sent before it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clusters_portal.audit.models import AppendOnlyModel
from clusters_portal.lib.bilingual import localized

from .applications import Application
from .calls import Call


class Holiday(models.Model):
    """A public holiday: a deadline that falls on one is pointed out, never moved."""

    day = models.DateField(_("day"), unique=True)
    label_fr = models.CharField(_("name (French)"), max_length=120)
    label_ar = models.CharField(_("name (Arabic)"), max_length=120, blank=True)
    label_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    is_expected = models.BooleanField(
        _("to be confirmed"), default=False, help_text=_("Depends on the moon: the day may still move by one or two days.")
    )

    class Meta:
        verbose_name = _("public holiday")
        verbose_name_plural = _("public holidays")
        ordering = ("day",)

    def __str__(self):
        return localized(self, "label")


class DeadlineExtension(AppendOnlyModel):
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="extensions", verbose_name=_("call for projects"))
    old_deadline_at = models.DateTimeField(_("former deadline"))
    new_deadline_at = models.DateTimeField(_("new deadline"))
    reason_fr = models.TextField(_("reason (French)"))
    reason_ar = models.TextField(_("reason (Arabic)"), blank=True)
    reason_en = models.TextField(_("reason (English)"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by"))
    published_at = models.DateTimeField(_("published on"))

    class Meta:
        verbose_name = _("deadline extension")
        verbose_name_plural = _("deadline extensions")
        ordering = ("-published_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(new_deadline_at__gt=F("old_deadline_at")), name="extension_never_shortens",
                violation_error_message=_("A deadline is extended, never shortened."),
            ),
            models.CheckConstraint(
                condition=~Q(reason_fr=""), name="extension_has_reason",
                violation_error_message=_("An extension is published with its reason."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.call} · {self.new_deadline_at:%Y-%m-%d %H:%M}"


class Reminder(models.Model):
    """One reminder sent to one person for one deadline: never twice. An extension starts the series again."""

    class Kind(models.TextChoices):
        D14 = "d14", _("14 days before")
        D7 = "d7", _("7 days before")
        D2 = "d2", _("2 days before")
        H24 = "h24", _("24 hours before")
        H3 = "h3", _("3 hours before")
        NOT_DEPOSITED = "not_deposited", _("Closed without a deposit")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    deadline_at = models.DateTimeField(_("deadline"))
    sent_at = models.DateTimeField(_("sent on"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("-sent_at",)
        constraints = [
            models.UniqueConstraint(fields=("application", "user", "kind", "deadline_at"), name="reminder_once_per_deadline")
        ]  # fmt: skip

    def __str__(self):
        return f"{self.user} · {self.get_kind_display()}"
