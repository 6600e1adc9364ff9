"""Votes of the committee, named or secret. A secret ballot keeps who voted and how many chose what, never who chose what."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from clusters_portal.audit.models import AppendOnlyModel

from .outcomes import Outcome
from .sessions import AgendaItem, SessionMember

EQUALS_QUESTION = _("Which projects take the places left?")


def _in_every_language(text) -> set[str]:
    said = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said.add(str(text))
    return said


class Ballot(models.Model):
    """One vote on one agenda item. Its status moves only through ``services.lifecycle``.

    A proposal may put an outcome to the vote (``proposed_outcome``); a choice between equals gives ``seats`` places.
    ``present`` is the number of members who could vote when it closed. ``winner`` is the option adopted, empty for a proposal
    that was not; every option that won has ``elected``. ``places_left`` are those equality left to the casting vote of the one
    who chairs the item (``casting_option``) or to another ballot: at 0 a closed ballot is settled.
    """

    class Subject(models.TextChoices):
        PROPOSAL = "proposal", _("Adopt a proposal")
        TIE = "tie", _("Choose between equals")

    class Method(models.TextChoices):
        NAMED = "named", _("Named vote")
        SECRET = "secret", _("Secret ballot")

    class Status(models.TextChoices):
        OPEN = "open", _("Vote open")
        CLOSED = "closed", _("Vote closed")
        CANCELLED = "cancelled", _("Vote cancelled")

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="ballots", verbose_name=_("agenda item"))
    number = models.PositiveSmallIntegerField(_("number"))
    subject = models.CharField(_("subject"), max_length=8, choices=Subject, default=Subject.PROPOSAL)
    question = models.CharField(_("question put to the vote"), max_length=500)
    proposed_outcome = models.CharField(_("outcome put to the vote"), max_length=30, choices=Outcome, blank=True)
    seats = models.PositiveSmallIntegerField(_("places to give"), default=1)
    method = models.CharField(_("method"), max_length=6, choices=Method, default=Method.NAMED)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.OPEN)
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("opened by"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    present = models.PositiveSmallIntegerField(_("voting members present"), null=True, blank=True)
    places_left = models.PositiveSmallIntegerField(_("places left level"), default=0)
    winner = models.ForeignKey(
        "BallotOption", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("option adopted")
    )
    casting_option = models.ForeignKey(
        "BallotOption", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("casting vote")
    )
    casting_reason = models.TextField(_("reason of the casting vote"), blank=True)
    cancellation_reason = models.TextField(_("reason for cancelling"), blank=True)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering = ("item", "number")
        constraints = [
            models.UniqueConstraint(fields=("item", "number"), name="ballot_number_unique"),
            models.UniqueConstraint(fields=("item",), condition=Q(status="open"), name="ballot_one_open_per_item"),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False, present__isnull=False), name="ballot_closed_has_date_and_count"
            ),
            models.CheckConstraint(condition=Q(casting_option__isnull=True) | ~Q(casting_reason=""), name="ballot_casting_vote_has_reason"),
            models.CheckConstraint(condition=~Q(status="cancelled") | ~Q(cancellation_reason=""), name="ballot_cancelled_has_reason"),
            models.CheckConstraint(condition=Q(subject="proposal") | Q(proposed_outcome=""), name="ballot_outcome_only_for_a_proposal"),
            models.CheckConstraint(condition=Q(subject="tie") | Q(seats=1), name="ballot_seats_only_between_equals"),
            models.CheckConstraint(condition=Q(status="closed") | Q(winner__isnull=True), name="ballot_winner_only_when_closed"),
        ]

    def __str__(self):
        return f"{self.item} · {self.number}"

    @property
    def is_settled(self) -> bool:
        """Closed, and nothing left to a casting vote or to another ballot."""
        return self.status == self.Status.CLOSED and not self.places_left

    @property
    def own_words(self) -> str:
        """The question when somebody typed it; "" when it only names, in some language, the decision or the choice put to the vote."""
        standard = Outcome(self.proposed_outcome).label if self.proposed_outcome else EQUALS_QUESTION
        return "" if self.question in _in_every_language(standard) else self.question


class BallotOption(models.Model):
    """What one may choose: for, against, abstain, or one of the dossiers left equal. ``count`` stays hidden until the ballot closes."""

    class Code(models.TextChoices):
        FOR = "for", _("For")
        AGAINST = "against", _("Against")
        ABSTAIN = "abstain", _("Abstention")
        APPLICATION = "application", _("Application")

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="options", verbose_name=_("ballot"))
    position = models.PositiveSmallIntegerField(_("order"))
    code = models.CharField(_("option"), max_length=11, choices=Code)
    application = models.ForeignKey(
        Application, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("application")
    )
    count = models.PositiveSmallIntegerField(_("votes"), default=0)
    elected = models.BooleanField(_("adopted"), default=False)

    class Meta:
        verbose_name = _("option of a ballot")
        verbose_name_plural = _("options of a ballot")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=("ballot", "position"), name="ballot_option_position_unique"),
            models.CheckConstraint(
                condition=Q(code="application", application__isnull=False) | (~Q(code="application") & Q(application__isnull=True)),
                name="ballot_option_application_only_for_that_code",
            ),
        ]

    def __str__(self):
        return self.application.number if self.application_id else self.get_code_display()


class Vote(AppendOnlyModel):
    """That a member voted, once; and what, when the vote is named. A secret vote has no option here and no time of its own."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="votes", verbose_name=_("ballot"))
    member = models.ForeignKey(SessionMember, on_delete=models.PROTECT, related_name="votes_cast", verbose_name=_("member"))
    option = models.ForeignKey(
        BallotOption, null=True, blank=True, on_delete=models.PROTECT, related_name="named_votes", verbose_name=_("choice")
    )

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ("member",)
        constraints = [models.UniqueConstraint(fields=("ballot", "member"), name="vote_once")]

    def __str__(self):
        return f"{self.ballot} · {self.member}"
