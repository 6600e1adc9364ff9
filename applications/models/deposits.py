"""The deposit: evidence. Inserted once, never changed, with everything it was judged by."""

import json

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from clusters_portal.audit.models import AppendOnlyModel
from clusters_portal.lib.bilingual import localized

from .applications import Application
from .calls import Call


class DepositCounter(models.Model):
    """Last number given in a call. Locked inside the deposit's transaction: no number twice, no gap unexplained."""

    call = models.OneToOneField(Call, on_delete=models.CASCADE, primary_key=True, related_name="deposit_counter")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("deposit counter")
        verbose_name_plural = _("deposit counters")

    def __str__(self):
        return str(self.last)


class Deposit(AppendOnlyModel):
    class Kind(models.TextChoices):
        ONLINE = "online", _("Online deposit")
        COMPLEMENT = "complement", _("Answer to a complement request")
        PAPER = "paper", _("Paper file recorded at the counter")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="deposits")
    sequence = models.PositiveSmallIntegerField(_("deposit"), default=1)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ONLINE)
    number = models.CharField(_("number"), max_length=30)
    received_at = models.DateTimeField(_("received on"))
    deadline_at = models.DateTimeField(_("deadline at that time"))
    deposited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("deposited by"))
    snapshot = models.TextField(_("frozen dossier"), help_text=_("Canonical JSON."))
    sha256 = models.CharField("SHA-256", max_length=64)
    # Frozen for lists and searches: staff never read the applicant's live columns.
    name_fr = models.CharField(_("name"), max_length=200)
    name_ar = models.CharField(_("name in Arabic"), max_length=200, blank=True)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    region = models.CharField(_("region"), max_length=6, blank=True)
    nma_section = models.CharField(_("sector"), max_length=1, blank=True)

    class Meta:
        verbose_name = _("deposit")
        verbose_name_plural = _("deposits")
        ordering = ("-received_at",)
        constraints = [
            models.UniqueConstraint(fields=("application", "sequence"), name="deposit_sequence_once"),
            models.UniqueConstraint(fields=("number", "sequence"), name="deposit_number_once"),
            models.CheckConstraint(condition=Q(snapshot__gt=""), name="deposit_has_snapshot"),
        ]

    def __str__(self):
        return f"{self.number} · {localized(self, 'name')}"

    @cached_property
    def content(self) -> dict:
        """The snapshot as Python values; see `applications.snapshots` for its shape."""
        return json.loads(self.snapshot)


class KeptDraft(AppendOnlyModel):
    """Answers that were in the draft and never deposited, kept when the draft goes back to the last deposit."""

    class Reason(models.TextChoices):
        DISCARDED = "discarded", _("Changes given up by the applicant")
        COMPLEMENT = "complement", _("Replaced by the deposit when a complement was asked for")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="kept_drafts")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    content = models.TextField(_("answers"), help_text=_("Canonical JSON."))
    kept_at = models.DateTimeField(_("kept on"))
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept by"))

    class Meta:
        verbose_name = _("draft kept aside")
        verbose_name_plural = _("drafts kept aside")
        ordering = ("-kept_at",)

    def __str__(self):
        return f"{self.application} · {self.get_reason_display()}"
