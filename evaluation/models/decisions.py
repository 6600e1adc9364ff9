"""What the steering committee decided on one dossier, in a session: the last word, never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from clusters_portal.audit.models import AppendOnlyModel

from .ballots import Ballot
from .outcomes import Outcome
from .rankings import Ranking
from .sessions import AgendaItem


class Decision(AppendOnlyModel):
    """Outcome, adopted rank beside the proposed one, reasons in fact and in law (loi 03-01, article 1)."""

    Outcome = Outcome

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision", verbose_name=_("application"))
    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("ranking"))
    outcome = models.CharField(_("Outcome"), max_length=30, choices=Outcome)
    adopted_rank = models.PositiveIntegerField(_("Adopted rank"), null=True, blank=True)
    reasons_fact = models.TextField(_("Reasons of fact"), blank=True)
    reasons_law = models.TextField(_("Reasons of law"), blank=True)
    reservations = models.TextField(_("Reservations"), blank=True)
    deviation_reason = models.TextField(_("Reason for departing from the proposed ranking"), blank=True)
    tie_break_reason = models.TextField(_("Reason for the choice between equals"), blank=True)
    item = models.ForeignKey(
        AgendaItem, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("agenda item")
    )
    ballot = models.ForeignKey(Ballot, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("ballot"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    decided_at = models.DateTimeField(_("decided on"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("decided_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("ranking", "adopted_rank"),
                name="decision_adopted_rank_unique",
                violation_error_message=_("This rank is already given to another application."),
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=("selected", "selected_with_reservations")) | (~Q(reasons_fact="") & ~Q(reasons_law="")),
                name="decision_unfavourable_has_reasons",
                violation_error_message=_("A decision that is not favourable states its reasons of fact and of law."),
            ),
            models.CheckConstraint(
                condition=~Q(outcome="selected_with_reservations") | ~Q(reservations=""),
                name="decision_reservations_are_written",
                violation_error_message=_("A selection with reservations states them."),
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=("selected", "selected_with_reservations", "waiting_list"), adopted_rank__gte=1, adopted_rank__isnull=False
                )
                | Q(outcome__in=("deferred", "not_selected"), adopted_rank__isnull=True),
                name="decision_listed_has_rank",
                violation_error_message=_("A selected or waiting application has an adopted rank, the others have none."),
            ),
        ]

    def __str__(self):
        return f"{self.application.number} · {self.get_outcome_display()}"

    @property
    def ladder_step(self) -> str:
        """ "f", the step after those of the published ladder, when a vote chose between equals; else ""."""
        return "f" if self.ballot_id and self.ballot.subject == Ballot.Subject.TIE else ""
