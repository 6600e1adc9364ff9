"""Rows taken out of a table of the dossier, kept for a while so that the person may take it back."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from .applications import Application


class RemovedRow(models.Model):
    """One deleted row: its columns as Django serialises them, its place in the table, its inputs to correct.

    Belongs to the person who deleted it. `services.rows` writes it, puts it back and forgets it after an hour.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="removed_rows")
    slug = models.SlugField()
    part = models.SlugField()
    name = models.CharField(_("name"), max_length=300, blank=True)
    index = models.PositiveSmallIntegerField(_("place in the table"), help_text=_("From 0."))
    content = models.JSONField(_("values"), encoder=DjangoJSONEncoder)
    # {name of the field: raw text} of what could not be read
    kept = models.JSONField(_("inputs to correct"), default=dict, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("removed by"))
    removed_at = models.DateTimeField(_("removed on"))

    class Meta:
        verbose_name = _("removed row")
        verbose_name_plural = _("removed rows")
        ordering = ("-removed_at", "-pk")

    def __str__(self):
        return self.name
