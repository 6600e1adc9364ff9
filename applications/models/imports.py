"""What a person sent to be imported, kept between the upload and the preview he accepts."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .applications import Application


class ImportDraft(models.Model):
    """Rows read from a file, not yet in the dossier: one at a time per person, dossier and kind; deleted once applied.

    A new upload makes a new row: a page opened on an older one is told so by its key.
    """

    class Kind(models.TextChoices):
        MEMBERS = "members", _("List of members")
        WORKBOOK = "workbook", _("Workbook of the application")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="import_drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    content = models.JSONField(_("rows read"))
    mapping = models.JSONField(_("columns"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)

    class Meta:
        verbose_name = _("import in progress")
        verbose_name_plural = _("imports in progress")
        constraints = [models.UniqueConstraint(fields=("application", "user", "kind"), name="import_draft_one_per_person_and_kind")]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.application_id}"
