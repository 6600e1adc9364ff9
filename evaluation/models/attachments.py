"""Files that are no piece of a dossier: the signed scan of minutes, the piece of an appeal. Original bytes, never changed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Document


def storage_name(attachment, _filename) -> str:
    """A random name: the original one is kept in a column, for display only."""
    return f"evaluation/{attachment.pk}/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """One PDF. Only what the virus scan says of it ever changes."""

    Scan = Document.Scan

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(_("file"), upload_to=storage_name, max_length=200)
    original_name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    content_type = models.CharField(_("type"), max_length=60)
    pages = models.PositiveIntegerField(_("pages"))
    sha256 = models.CharField("SHA-256", max_length=64)
    scan = models.CharField(_("virus scan"), max_length=12, choices=Document.Scan, default=Document.Scan.NOT_SCANNED)
    scanned_at = models.DateTimeField(_("scanned on"), null=True, blank=True)
    scan_note = models.CharField(_("scan result"), max_length=200, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded on"))

    class Meta:
        verbose_name = _("attached file")
        verbose_name_plural = _("attached files")
        ordering = ("-uploaded_at",)
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty")]

    def __str__(self):
        return self.original_name
