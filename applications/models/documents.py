"""Pieces of the dossier: files in private storage, originals never changed, earlier versions kept."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.uploads import format_name

from .applications import Application
from .calls import DocumentRequirement


def storage_name(document, filename) -> str:
    """A random name: the original one is kept in a column, for display only."""
    return f"applications/{document.application_id}/{uuid.uuid4().hex}"


class Document(models.Model):
    class Scan(models.TextChoices):
        NOT_SCANNED = "not_scanned", _("Not scanned")
        PENDING = "pending", _("Scan pending")
        CLEAN = "clean", _("Clean")
        INFECTED = "infected", _("Infected")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    requirement = models.ForeignKey(DocumentRequirement, on_delete=models.PROTECT, related_name="+", verbose_name=_("piece"))
    label = models.CharField(_("title"), max_length=200, blank=True)
    file = models.FileField(_("file"), upload_to=storage_name, max_length=200)
    original_name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    content_type = models.CharField(_("type"), max_length=60)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    expected_pages = models.PositiveIntegerField(
        _("pages expected"), null=True, blank=True, help_text=_("Pages of the generated document of which this file is the signed copy.")
    )
    sha256 = models.CharField("SHA-256", max_length=64)
    scan = models.CharField(_("virus scan"), max_length=12, choices=Scan, default=Scan.NOT_SCANNED)
    scanned_at = models.DateTimeField(_("scanned on"), null=True, blank=True)
    scan_note = models.CharField(
        _("scan result"), max_length=200, blank=True, help_text=_("Name of what was found, or why the scan failed.")
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded on"))
    replaced_at = models.DateTimeField(_("replaced or removed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("requirement__position", "uploaded_at")
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="document_not_empty", violation_error_message=_("The file is empty."))
        ]

    def __str__(self):
        return self.original_name

    @property
    def format_name(self) -> str:
        """« PDF », « JPG » or « PNG »."""
        return format_name(self.content_type)

    @property
    def pages_differ(self) -> bool:
        """Is it a signed copy with more or fewer pages than the document it was printed from?"""
        return self.expected_pages is not None and self.pages is not None and self.pages != self.expected_pages
