"""How the dossiers of one call are judged and deliberated: rules of the committee, as data. Their defaults are those of evaluation.md 6."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from applications.models import Call


class JudgingTerms(models.Model):
    """One row per call; a call without one is judged by the defaults. Nothing of it changes once a session of the call was opened."""

    class ConflictScope(models.TextChoices):
        APPLICATION = "application", _("The application concerned")
        CALL = "call", _("Every vote of the call")

    class ScorePublication(models.TextChoices):
        NONE = "none", _("No score is communicated")
        OWN = "own", _("Each applicant gets their own scores")
        LISTED = "listed", _("The scores of listed projects are public")

    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="judging_terms", verbose_name=_("call for projects"))
    conflict_scope = models.CharField(
        _("reach of a conflict of interest in votes"), max_length=11, choices=ConflictScope, default=ConflictScope.CALL
    )
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum (percent of voting members)"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Reached when at least this share of the appointed voting members is present."),
    )
    casting_vote = models.BooleanField(_("casting vote of the chair"), default=True)
    secret_ballots = models.BooleanField(_("secret ballots by default"), default=False)
    observations_enabled = models.BooleanField(_("contradictory observations"), default=False)
    observation_working_days = models.PositiveSmallIntegerField(
        _("working days to observe"), default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    observation_max_words = models.PositiveSmallIntegerField(
        _("words of an observation"), default=500, validators=[MinValueValidator(50), MaxValueValidator(5000)]
    )
    appeal_days = models.PositiveSmallIntegerField(
        _("days to appeal"), default=60, validators=[MinValueValidator(1), MaxValueValidator(365)], help_text=_("From the notification.")
    )
    score_publication = models.CharField(_("communication of scores"), max_length=6, choices=ScorePublication, default=ScorePublication.OWN)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("rules of the committee")
        verbose_name_plural = _("rules of the committee")
        constraints = [
            models.CheckConstraint(
                condition=Q(quorum_percent__gte=1, quorum_percent__lte=100),
                name="terms_quorum_1_to_100",
                violation_error_message=_("A quorum lies between 1 and 100 percent."),
            ),
        ]

    def __str__(self):
        return str(self.call)
