"""What leaves the committee: numbered letters to applicants, and the publication of the results."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Call
from clusters_portal.audit.models import AppendOnlyModel

from .appeals import AppealAnswer
from .decisions import Decision
from .minutes import Minutes


def _person(label):
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label)


class Letter(AppendOnlyModel):
    """A letter as it was issued: ``content`` is canonical JSON, printed in French and Arabic whenever it is asked for."""

    class Kind(models.TextChoices):
        DECISION = "decision", _("Decision of the committee")
        APPEAL = "appeal", _("Answer to an appeal")

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="letters", verbose_name=_("call for projects"))
    number = models.PositiveIntegerField(_("number"))
    reference = models.CharField(_("reference"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="letters", verbose_name=_("application"))
    decision = models.OneToOneField(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="letter", verbose_name=_("decision")
    )
    minutes = models.ForeignKey(
        Minutes, null=True, blank=True, on_delete=models.PROTECT, related_name="letters", verbose_name=_("signed minutes")
    )
    answer = models.OneToOneField(
        AppealAnswer, null=True, blank=True, on_delete=models.PROTECT, related_name="letter", verbose_name=_("answer to an appeal")
    )
    content = models.TextField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64)
    issued_at = models.DateTimeField(_("issued on"))
    issued_by = _person(_("issued by"))

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ("call", "number")
        constraints = [
            models.UniqueConstraint(fields=("call", "number"), name="letter_number_unique"),
            models.CheckConstraint(
                condition=Q(kind="decision", decision__isnull=False, minutes__isnull=False, answer__isnull=True)
                | Q(kind="appeal", decision__isnull=True, answer__isnull=False),
                name="letter_says_what_it_notifies",
            ),
            models.CheckConstraint(condition=~Q(content="") & ~Q(sha256=""), name="letter_is_complete"),
        ]

    def __str__(self):
        return self.reference


class ResultsPublication(AppendOnlyModel):
    """The results as they were made public: retained projects by rank and the waiting list, nothing of anybody else."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="publications", verbose_name=_("call for projects"))
    sequence = models.PositiveSmallIntegerField(_("sequence"))
    content = models.TextField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64)
    published_at = models.DateTimeField(_("published on"))
    published_by = _person(_("published by"))

    class Meta:
        verbose_name = _("publication of the results")
        verbose_name_plural = _("publications of the results")
        ordering = ("call", "-sequence")
        constraints = [models.UniqueConstraint(fields=("call", "sequence"), name="publication_sequence_unique")]

    def __str__(self):
        return f"{self.call} · {self.sequence}"
