"""The paper file of a dossier (clause 2.2): which acknowledgement counts, what it says, and where it stands.

One paper file answers one online deposit: a newer online deposit asks for a new one. The answer to a complement request
and the scans of a file brought without an online application are further deposits that ask for no paper.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters_portal.lib import clock

from ..models import Call, Deposit, PaperDeposit

NOT_ASKED, MISSING, UNCONFIRMED, RECEIVED = "not_asked", "missing", "unconfirmed", "received"
LATE_WAITING, LATE_ACCEPTED, LATE_REFUSED = "late_waiting", "late_accepted", "late_refused"
# What a list can be filtered by.
CHOICES = (
    (MISSING, gettext_lazy("Paper not received")),
    (UNCONFIRMED, gettext_lazy("Paper: to be countersigned")),
    (RECEIVED, gettext_lazy("Paper received")),
    (LATE_WAITING, gettext_lazy("Late: decision awaited")),
    (LATE_ACCEPTED, gettext_lazy("Late: accepted")),
    (LATE_REFUSED, gettext_lazy("Late: refused")),
)
TONES = {
    MISSING: "warn", UNCONFIRMED: "warn", RECEIVED: "ok", LATE_WAITING: "danger", LATE_ACCEPTED: "ok", LATE_REFUSED: "danger",
}  # fmt: skip
EFFECTIVE = Q(register_number="") | Q(countersignature__isnull=False)


@dataclass(frozen=True)
class PaperState:
    """`code` is one of the above; `paper` the acknowledgement it comes from, None when there is none."""

    code: str
    paper: PaperDeposit | None = None

    @property
    def tone(self) -> str:
        return TONES.get(self.code, "neutral")

    @property
    def is_accepted(self) -> bool:
        """A paper file that counts: received in time, or late and accepted."""
        return self.code in (RECEIVED, LATE_ACCEPTED)

    @property
    def is_open_question(self) -> bool:
        """Something is still to be done, or was refused: shown as a tag where many dossiers are listed."""
        return not self.is_accepted

    @property
    def label(self) -> str:
        if self.code != RECEIVED:
            return str(dict(CHOICES).get(self.code, ""))
        return _("Paper received on %(day)s") % {"day": clock.format_day(self.paper.received_at)}


def current_papers():
    """Acknowledgements that answer the deposit which counts: none of an online deposit replaced by a later one."""
    later = Deposit.objects.filter(
        application=OuterRef("application"), kind=Deposit.Kind.ONLINE, sequence__gt=OuterRef("deposit__sequence")
    )
    return PaperDeposit.objects.filter(~Exists(later))


def deposit_on_paper(application) -> Deposit | None:
    """The deposit a paper file brought now repeats: the last online one, else the first of a file without an online application."""
    made = application.deposits.filter(kind=Deposit.Kind.ONLINE).order_by("-sequence").first()
    return made or application.deposits.filter(kind=Deposit.Kind.PAPER).order_by("sequence").first()


def paper_states(applications) -> dict:
    """{application's pk: PaperState}, in one query whatever their number. Calls must have been read with them."""
    papers = defaultdict(list)
    found = current_papers().filter(application__in=[application.pk for application in applications])
    for paper in found.select_related("countersignature", "late_decision"):
        papers[paper.application_id].append(paper)
    return {application.pk: _state(application.call, papers[application.pk]) for application in applications}


def paper_state(application) -> PaperState:
    return paper_states([application])[application.pk]


def _state(call, papers) -> PaperState:
    if call.deposit_mode == Call.DepositMode.ONLINE_ONLY and not papers:
        return PaperState(NOT_ASKED)
    counts = next((paper for paper in papers if paper.is_effective), None)
    if counts is None:
        return PaperState(UNCONFIRMED, papers[0]) if papers else PaperState(MISSING)
    if not counts.is_late:
        return PaperState(RECEIVED, counts)
    decision = getattr(counts, "late_decision", None)
    if decision is None:
        return PaperState(LATE_WAITING, counts)
    return PaperState(LATE_ACCEPTED if decision.accepted else LATE_REFUSED, counts)


def deposits_in_state(deposits, code):
    """The deposits among `deposits` whose dossier's paper file stands at `code`; all of them for an unknown code."""
    any_paper = current_papers().filter(application=OuterRef("application"))
    counting = any_paper.filter(EFFECTIVE)
    late = counting.filter(is_late=True)
    conditions = {
        MISSING: ~Exists(any_paper) & ~Q(application__call__deposit_mode=Call.DepositMode.ONLINE_ONLY),
        UNCONFIRMED: Exists(any_paper) & ~Exists(counting),
        RECEIVED: Exists(counting.filter(is_late=False)),
        LATE_WAITING: Exists(late.filter(late_decision__isnull=True)),
        LATE_ACCEPTED: Exists(late.filter(late_decision__accepted=True)),
        LATE_REFUSED: Exists(late.filter(late_decision__accepted=False)),
    }
    return deposits.filter(conditions[code]) if code in conditions else deposits


def reservations(paper) -> list[str]:
    """What the agent found otherwise than asked for, in sentences: said on the acknowledgement, never silently fine."""
    found = []
    if paper.copies < paper.copies_required:
        sentence = _("%(copies)d copies received, %(required)d asked for.")
        found.append(sentence % {"copies": paper.copies, "required": paper.copies_required})
    if not paper.all_pages_signed:
        found.append(_("Not all pages are signed and stamped."))
    if paper.fingerprint_matches is False:
        found.append(_("The fingerprint printed on the pages is not that of the deposit."))
    if not paper.is_sealed:
        found.append(_("The envelope is not sealed."))
    return found
