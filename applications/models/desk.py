"""DPTC's desk (S1, S2): labels and internal notes on received dossiers, views kept of the list, batches and their outcome."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clusters_portal.audit.models import AppendOnlyModel
from clusters_portal.lib.bilingual import localized

from .applications import Application
from .deposits import Deposit

PERSON = {"to": settings.AUTH_USER_MODEL, "related_name": "+"}


class Label(models.Model):
    """A word of the service on a dossier. Never shown to applicants, evaluators or the committee."""

    class Tone(models.TextChoices):
        NEUTRAL = "neutral", _("Grey")
        INFO = "info", _("Blue")
        OK = "ok", _("Green")
        WARN = "warn", _("Amber")
        DANGER = "danger", _("Red")

    text_fr = models.CharField(_("text in French"), max_length=40, unique=True)
    text_ar = models.CharField(_("text in Arabic"), max_length=40, blank=True)
    tone = models.CharField(_("colour"), max_length=10, choices=Tone, default=Tone.NEUTRAL)
    is_active = models.BooleanField(
        _("may be put on applications"), default=True, help_text=_("A label no longer in use stays where it was put.")
    )

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        ordering = ("text_fr",)

    def __str__(self):
        return localized(self, "text")


class Labelling(models.Model):
    """One label on one dossier."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="labellings")
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="labellings", verbose_name=_("label"))
    added_by = models.ForeignKey(**PERSON, on_delete=models.PROTECT, verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added on"))

    class Meta:
        verbose_name = _("label on an application")
        verbose_name_plural = _("labels on applications")
        constraints = [models.UniqueConstraint(fields=("application", "label"), name="label_once_per_application")]

    def __str__(self):
        return f"{self.application_id} · {self.label}"


class Note(AppendOnlyModel):
    """What DPTC writes for itself about a dossier: never changed, never told outside the service."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notes", verbose_name=_("application"))
    author = models.ForeignKey(**PERSON, on_delete=models.PROTECT, verbose_name=_("author"))
    body = models.TextField(_("note"))
    written_at = models.DateTimeField(_("written on"))

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ("-written_at", "-pk")
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="note_not_empty")]

    def __str__(self):
        return f"{self.author} · {self.written_at:%Y-%m-%d %H:%M}"


class SavedView(models.Model):
    """Filters and order of the work list under a name. `query` is the part of the address after the « ? »."""

    owner = models.ForeignKey(**PERSON, on_delete=models.CASCADE, verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(_("filters"), blank=True)
    is_shared = models.BooleanField(_("shared with everyone at DPTC"), default=False)
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("owner", "name"), name="saved_view_name_once_per_person",
                violation_error_message=_("You already have a view of this name."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
        ]  # fmt: skip

    def __str__(self):
        return self.name


class ListColumns(models.Model):
    """The columns of the work list a person chose, codes in the order they are shown."""

    user = models.OneToOneField(**{**PERSON, "related_name": "list_columns"}, on_delete=models.CASCADE, primary_key=True)
    codes = models.JSONField(_("columns"), default=list)

    class Meta:
        verbose_name = _("columns of the work list")
        verbose_name_plural = _("columns of the work list")

    def __str__(self):
        return ", ".join(self.codes)


class Batch(AppendOnlyModel):
    """One act on several dossiers and what became of each: shown by its own address, so that a reload repeats nothing.

    `outcome` lists {application, number, result, sentence}; `result` is done, unchanged or refused.
    """

    class Act(models.TextChoices):
        ASSIGN = "assign", _("Choose the case officer")
        LABEL = "label", _("Add a label")
        UNLABEL = "unlabel", _("Remove a label")
        WRITE = "write", _("Write a message")

    actor = models.ForeignKey(**PERSON, on_delete=models.PROTECT, verbose_name=_("person"))
    act = models.CharField(_("act"), max_length=10, choices=Act)
    made_at = models.DateTimeField(_("made on"))
    outcome = models.JSONField(_("outcome"), default=list)

    class Meta:
        verbose_name = _("batch of the work list")
        verbose_name_plural = _("batches of the work list")
        ordering = ("-made_at", "-pk")

    def __str__(self):
        return f"{self.get_act_display()} · {self.made_at:%Y-%m-%d %H:%M}"


class ListEntry(models.Model):
    """What the work list asks of the deposit that counts, computed once when it is frozen: words to search, lines in doubt."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, primary_key=True, related_name="list_entry")
    deposit = models.OneToOneField(Deposit, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("words to search"), help_text=_("Each once, without accents or case."))
    doubts = models.PositiveSmallIntegerField(_("points not conforming"), default=0)

    class Meta:
        verbose_name = _("entry of the work list")
        verbose_name_plural = _("entries of the work list")
        indexes = [models.Index(fields=("doubts",), name="list_entry_doubts")]

    def __str__(self):
        return str(self.deposit_id)
