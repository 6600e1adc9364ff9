"""The journal: who did what, when, to what. Rows are only ever inserted.

An entry is written inside the transaction of the act it tells. Chaining it to the entry before would make every
act in the portal wait for every other, so the hash chain is a second, insert-only table sealed after the commit.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnlyError(Exception):
    """A journal row, a deposit or another piece of evidence was about to be changed or deleted."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed.")

    def delete(self):
        raise AppendOnlyError(f"{self.model.__name__} rows are never deleted.")


class AppendOnlyModel(models.Model):
    """Evidence: `save` inserts once; update and delete are refused."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError(f"{type(self).__name__} rows are never deleted.")


class AuditEntry(AppendOnlyModel):
    at = models.DateTimeField(_("date and time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_label = models.CharField(_("name at the time"), max_length=200, blank=True)
    action = models.CharField(_("action"), max_length=80, db_index=True)
    object_type = models.CharField(_("kind of object"), max_length=80)
    object_id = models.CharField(_("identifier"), max_length=64)
    object_label = models.CharField(_("object at the time"), max_length=250)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ("-id",)
        indexes = [models.Index(fields=("object_type", "object_id"), name="audit_entry_object")]

    def __str__(self):
        return f"{self.action} · {self.object_label}"


class AuditSeal(AppendOnlyModel):
    """One link of the chain: `hash` = SHA-256 of the previous hash and the entry's canonical JSON."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="seal", verbose_name=_("entry"))
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("previous_hash",), name="audit_seal_one_chain")]

    def __str__(self):
        return self.hash
