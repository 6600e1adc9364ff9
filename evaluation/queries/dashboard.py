"""Figures of one call for its dashboard (S7), counted by the database: as many queries for ten thousand dossiers as for ten.

Every figure starts from the same dossiers, those of `counted_applications`: what is barred to the reader is in none of them,
so that no sum, no difference and no empty column tells of it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncHour

from applications.models import AdmissibilityCheck, AdmissibilityLine, Application, Call, Deposit
from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import COMMITTEE_ROLES, Role, has_role
from clusters_portal.lib import clock
from evaluation.models import Assignment, Consensus, Evaluation
from evaluation.queries.access import barred_applications, calls_before_committee
from evaluation.queries.rows import with_deposit
from evaluation.queries.states import ACTIVE, BEFORE_COMMITTEE, JUDGED

STAFF = (Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.AUDITOR)
READERS = (*STAFF, *COMMITTEE_ROLES)
OPENED, DEPOSITS, CHECKS = "opened", "deposits", "checks"
LEAST = 20
"""How many dossiers the table of the least advanced names."""


def calls_with_dashboard(user) -> QuerySet:
    """Calls whose figures this person may read: DPTC and auditors those published, the committee those before it."""
    return Call.objects.published() if has_role(user, *STAFF) else calls_before_committee(user)


def calls_to_archive(user) -> QuerySet:
    """Calls whose whole archive this person may take: DPTC's head and auditors, those barred from none of its dossiers, since
    an archive names them all and a gap in it would tell of the one left out."""
    if not has_role(user, Role.DIVISION_HEAD, Role.AUDITOR):
        return Call.objects.none()
    barred = Application.objects.filter(pk__in=barred_applications(user)).values("call_id")
    return Call.objects.published().exclude(pk__in=barred)


def sees_everything(user) -> bool:
    """Does this person see the call from its first draft, and not only what is before the committee?"""
    return has_role(user, *STAFF)


def counted_applications(user, call: Call) -> QuerySet:
    """The dossiers every figure is made of: all of the call for DPTC and auditors, those at deliberation for the committee."""
    rows = call.applications.exclude(pk__in=barred_applications(user)).order_by()
    return rows if sees_everything(user) else rows.filter(status__in=BEFORE_COMMITTEE)


@dataclass(frozen=True)
class Groups:
    """How many dossiers by status, and by region and sector of the last deposit, drafts left out of the last two."""

    statuses: Counter
    regions: Counter
    sectors: Counter

    @property
    def drafts(self) -> int:
        """Dossiers begun and not submitted: counted, never named."""
        return self.statuses[Application.Status.DRAFT]

    @property
    def received(self) -> int:
        """Dossiers submitted, withdrawn ones too."""
        return self.statuses.total() - self.drafts


def groups_of(applications: QuerySet) -> Groups:
    """Counts by status, region and sector, in one query."""
    found = Groups(Counter(), Counter(), Counter())
    rows = with_deposit(applications).values_list("status", "region", "nma_section").annotate(count=Count("pk"))
    for status, region, sector, count in rows:
        found.statuses[status] += count
        if status != Application.Status.DRAFT:
            found.regions[region or ""] += count
            found.sectors[sector or ""] += count
    return found


def days_of(applications: QuerySet) -> dict[str, Counter]:
    """{OPENED, DEPOSITS, CHECKS: {day in Morocco: how many}}: dossiers begun, first deposits, decisions on admissibility. One query.

    Counted by the hour in UTC and put on Moroccan days here: the database's own time zones may be older than the law.
    """
    deposits = Deposit.objects.filter(application__in=applications.values("pk"), sequence=1)
    checks = AdmissibilityCheck.objects.filter(deposit__application__in=applications.values("pk"), validated_at__isnull=False)
    found: dict[str, Counter] = {OPENED: Counter(), DEPOSITS: Counter(), CHECKS: Counter()}
    opened, decided = _by_hour(applications, "created_at", OPENED), _by_hour(checks, "validated_at", CHECKS)
    for kind, hour, count in _by_hour(deposits, "received_at", DEPOSITS).union(opened, decided, all=True):
        found[kind][clock.today(hour)] += count
    return found


def _by_hour(rows, column, kind):
    hours = rows.order_by().annotate(counted=Value(kind), hour=TruncHour(column, tzinfo=UTC))
    return hours.values_list("counted", "hour").annotate(count=Count("pk"))


def failing_items(applications: QuerySet) -> list[tuple[str, int, int]]:
    """[(item of recevabilité, found not conforming, examined)] of the proposed and validated checks, the worst first."""
    lines = AdmissibilityLine.objects.filter(
        check_record__deposit__application__in=applications.values("pk"), check_record__proposed_at__isnull=False
    )
    failing = Count("pk", filter=Q(finding=AdmissibilityLine.Finding.NON_CONFORMING))
    rows = lines.order_by().values_list("item").annotate(failing=failing, examined=Count("pk"))
    return sorted((row for row in rows if row[1]), key=lambda row: (-row[1], row[0]))


@dataclass(frozen=True)
class Progress:
    """How far one evaluator, or all of them on one dossier, is: evaluations asked for, begun and submitted."""

    label: str
    total: int
    done: int
    begun: int = 0
    pk: object = None
    name: str = ""

    @property
    def left(self) -> int:
        """Not begun."""
        return self.total - self.done - self.begun


def _given() -> dict:
    """Whether an assignment's last version is submitted, or a draft is in progress."""
    versions = Evaluation.objects.filter(assignment=OuterRef("pk"))
    draft = Exists(versions.filter(status=Evaluation.Status.DRAFT))
    return {"drafted": draft, "given": Exists(versions.filter(status=Evaluation.Status.SUBMITTED)) & ~draft}


def evaluators_of(applications: QuerySet) -> list[Progress]:
    """How far each evaluator is, in the order of their names, in one query."""
    person = ("evaluator_id", "evaluator__first_name", "evaluator__last_name", "evaluator__email")
    rows = Assignment.objects.filter(application__in=applications.values("pk"), status__in=ACTIVE).annotate(**_given()).order_by()
    counts = {"total": Count("pk"), "done": Count("pk", filter=Q(given=True)), "begun": Count("pk", filter=Q(drafted=True))}
    found = [
        Progress(str(User(first_name=first, last_name=last, email=email)), total, done, begun, pk)
        for pk, first, last, email, total, done, begun in rows.values_list(*person).annotate(**counts)
    ]
    return sorted(found, key=lambda row: (row.label, row.pk))


def _counted(**conditions):
    rows = Assignment.objects.filter(application=OuterRef("pk"), status__in=ACTIVE, **conditions).order_by()
    return rows.annotate(**_given())


def _number(rows):
    return Coalesce(Subquery(rows.values("application").annotate(count=Count("pk")).values("count")), 0)


def judged_of(applications: QuerySet) -> QuerySet:
    """The dossiers in judgement, each with `given`: how many evaluations of it are submitted."""
    return applications.filter(status__in=JUDGED).annotate(given=_number(_counted().filter(given=True)))


def evaluations_by_dossier(judged: QuerySet) -> Counter:
    """{submitted evaluations: how many dossiers have that many}, in one query."""
    return Counter(dict(judged.values_list("given").annotate(count=Count("pk"))))


def least_advanced(judged: QuerySet) -> list[Progress]:
    """The dossiers with the fewest submitted evaluations, at most LEAST, with what each is called. One query."""
    rows = with_deposit(judged.annotate(asked=_number(_counted()), drafted=_number(_counted().filter(drafted=True))))
    return [
        Progress(row.number, row.asked, row.given, row.drafted, row.pk, row.name_fr or "")
        for row in rows.order_by("given", "number")[:LEAST]
    ]


def consensus_counts(applications: QuerySet) -> Counter:
    """{status of the consensus report: how many}, in one query."""
    rows = Consensus.objects.filter(application__in=applications.values("pk")).order_by()
    return Counter(dict(rows.values_list("status").annotate(count=Count("pk"))))


def days_to_decide(checks: Counter, since: date) -> tuple[int, int] | None:
    """(median, longest) number of days from `since` to the decisions counted by day; None without any."""
    if not checks:
        return None
    days = sorted((day - since).days for day, count in checks.items() for _each in range(count))
    return days[(len(days) - 1) // 2], days[-1]
