"""The line of recevabilité about the paper file (clause 2.2): in time, enough copies, every page signed."""

from django.utils.translation import gettext as _

from clusters_portal.lib import clock

from ..models import AdmissibilityLine
from ..queries import paper_state, reservations
from ..queries.paper import LATE_ACCEPTED, LATE_REFUSED, LATE_WAITING, MISSING, NOT_ASKED, UNCONFIRMED

ITEM = "paper:deposit"
Finding = AdmissibilityLine.Finding


def paper_line(application):
    """(finding, detail, why nobody may depart from it, must the whole check wait) of the paper file; None when none is asked for.

    A late file is the head of division's to decide, and an entry of the register waits for its second agent: the line
    cannot be settled here instead. Missing copies or signatures can be overridden with a reason, as any other line.
    """
    state = paper_state(application)
    if state.code == NOT_ASKED:
        return None
    if state.code == MISSING:
        return Finding.NON_CONFORMING, _("No paper file was received at the counter."), "", False
    number, moment = state.paper.receipt_number, clock.format_moment(state.paper.received_at)
    received = _("Received on %(moment)s, acknowledgement %(number)s.") % {"moment": moment, "number": number}
    fixed = {
        UNCONFIRMED: _("This entry of the paper register waits for a second agent's countersignature."),
        LATE_WAITING: _("The paper file was received late: the head of division decides first."),
        LATE_REFUSED: _("The paper file was received late and the head of division refused it."),
    }.get(state.code, "")
    found = [received, fixed, *reservations(state.paper)]
    if state.code == LATE_ACCEPTED:
        found.append(_("Received late and accepted by the head of division."))
    conforming = state.is_accepted and is_complete(state.paper)
    finding = Finding.CONFORMING if conforming else Finding.NON_CONFORMING
    return finding, " ".join(filter(None, found)), fixed, state.code in (UNCONFIRMED, LATE_WAITING)


def is_complete(paper) -> bool:
    """Enough copies, every page signed and stamped, and pages printed from the deposit itself. The envelope is only noted."""
    return paper.copies >= paper.copies_required and paper.all_pages_signed and paper.fingerprint_matches is not False
