"""Appeals against a decision notified (recours gracieux): filed once, acknowledged with a number, answered with reasons."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from clusters_portal.audit.models import AppendOnlyModel

from .attachments import Attachment
from .decisions import Decision


def _person(label):
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label)


class AppealOutcome(models.TextChoices):
    UPHELD = "upheld", _("Upheld")
    PARTLY = "partly", _("Upheld in part")
    DISMISSED = "dismissed", _("Dismissed")


class Appeal(AppendOnlyModel):
    """One per decision. ``due_at`` is the last second that held when it was filed."""

    class Kind(models.TextChoices):
        PROCEDURAL = "procedural", _("The procedure was not followed")
        FACTUAL = "factual", _("A fact was wrongly established")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="appeals", verbose_name=_("application"))
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal", verbose_name=_("decision"))
    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = models.TextField(_("text of the appeal"))
    piece = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="appeal", verbose_name=_("piece joined")
    )
    filed_at = models.DateTimeField(_("filed on"))
    filed_by = _person(_("filed by"))
    due_at = models.DateTimeField(_("last moment to appeal"))
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ("-filed_at",)
        constraints = [models.CheckConstraint(condition=~Q(text="") & ~Q(number=""), name="appeal_is_written_and_numbered")]

    def __str__(self):
        return self.number


class AppealReply(models.Model):
    """The answer in preparation: officers draft, the head answers. ``revision`` grows with each save."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="reply", verbose_name=_("appeal"))
    outcome = models.CharField(_("outcome"), max_length=9, choices=AppealOutcome, blank=True)
    reasons_fact = models.TextField(_("Reasons of fact"), blank=True)
    reasons_law = models.TextField(_("Reasons of law"), blank=True)
    follows = models.TextField(_("what follows"), blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    saved_at = models.DateTimeField(_("saved on"))
    saved_by = _person(_("saved by"))

    class Meta:
        verbose_name = _("draft answer to an appeal")
        verbose_name_plural = _("draft answers to appeals")

    def __str__(self):
        return str(self.appeal)


class AppealAnswer(AppendOnlyModel):
    """The answer, with its reasons. An appeal upheld says what follows; the decision's own row never changes."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="answer", verbose_name=_("appeal"))
    outcome = models.CharField(_("outcome"), max_length=9, choices=AppealOutcome)
    reasons_fact = models.TextField(_("Reasons of fact"))
    reasons_law = models.TextField(_("Reasons of law"))
    follows = models.TextField(_("what follows"), blank=True)
    answered_at = models.DateTimeField(_("answered on"))
    answered_by = _person(_("answered by"))

    class Meta:
        verbose_name = _("answer to an appeal")
        verbose_name_plural = _("answers to appeals")
        ordering = ("-answered_at",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(reasons_fact="") & ~Q(reasons_law=""),
                name="appeal_answer_has_reasons",
                violation_error_message=_("An answer states its reasons of fact and of law."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="dismissed") | ~Q(follows=""),
                name="appeal_upheld_says_what_follows",
                violation_error_message=_("An appeal upheld says what follows."),
            ),
        ]

    def __str__(self):
        return f"{self.appeal} · {self.get_outcome_display()}"
