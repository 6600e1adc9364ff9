"""What the counter looks up: a deposited dossier by number, scan or name, and the paper files received on one day."""

from collections import Counter
from datetime import datetime, time, timedelta

from django.db.models import Q

from clusters_portal.lib import clock

from ..models import Application, Call, PaperDeposit
from ..rules.membership import name_key
from ..rules.numbers import matches
from . import paper

MOST = 30  # matches shown: more means that the agent types a longer name


def found_at_counter(deposits, text: str) -> list:
    """The deposits among `deposits` that the text names: by number first, else by every word of the name, accents or not."""
    rows = list(deposits.values_list("pk", "number", "name_fr", "name_ar", "acronym"))
    keys = [pk for pk, number, *_names in rows if matches(text, number)]
    if not keys:
        words = name_key(text).split()
        keys = [pk for pk, _number, *names in rows if words and all(word in name_key(" ".join(names)) for word in words)]
    return list(deposits.filter(pk__in=keys[:MOST]).order_by("-received_at", "number"))


def acknowledgement_named(applications, text: str) -> PaperDeposit | None:
    """The acknowledgement of that number, typed anyhow; None when there is none among these applications."""
    wanted = text.strip()
    if "AR" not in wanted.upper():
        return None
    rows = PaperDeposit.objects.filter(application__in=applications.order_by().values("pk"))
    number = next((n for n in rows.values_list("receipt_number", flat=True) if matches(wanted, n)), None)
    return rows.get(receipt_number=number) if number else None


def papers_of_day(applications, day) -> list:
    """Paper files entered on that day in Morocco, the latest first."""
    start = datetime.combine(day, time(), tzinfo=clock.CASABLANCA)
    found = _papers(applications).filter(entered_at__gte=start, entered_at__lt=start + timedelta(days=1))
    return list(found.order_by("-entered_at"))


def papers_to_countersign(applications) -> list:
    """Entries of the paper register that wait for a second agent, the oldest first."""
    found = _papers(applications).filter(~Q(register_number=""), countersignature__isnull=True)
    return list(found.order_by("entered_at"))


def calls_at_counter(deposits, now) -> list:
    """[(call, {state of the paper: dossiers})] of the calls that take paper and have opened: those still open first."""
    calls = Call.objects.published().exclude(deposit_mode=Call.DepositMode.ONLINE_ONLY).filter(opens_at__lte=now)
    waiting = list(deposits.filter(application__call__in=calls, application__status=Application.Status.DEPOSITED))
    states = paper.paper_states([deposit.application for deposit in waiting])
    counts = {}
    for deposit in waiting:
        counts.setdefault(deposit.application.call_id, Counter())[states[deposit.application_id].code] += 1
    kept = [call for call in calls if call.is_open(now) or call.pk in counts]
    kept.sort(key=lambda call: (not call.is_open(now), call.deadline_at))
    return [(call, counts.get(call.pk, Counter())) for call in kept]


def _papers(applications):
    found = PaperDeposit.objects.filter(application__in=applications.order_by().values("pk"))
    return found.select_related("agent", "application__association", "deposit", "countersignature", "late_decision").defer(
        "deposit__snapshot"
    )
