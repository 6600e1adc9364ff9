"""Reading appeals: DPTC and auditors all but those of dossiers they declared an interest in; applicants their own."""

from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role, has_role
from evaluation.models import Appeal, ConflictDeclaration
from evaluation.queries.access import barred_applications
from evaluation.queries.rows import with_deposit
from evaluation.queries.states import BARRING

READERS = (Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.AUDITOR)


def appeals_visible_to(user):
    """Appeals this person may read, the last filed first, with the names of the deposit."""
    if not has_role(user, *READERS):
        return Appeal.objects.none()
    rows = Appeal.objects.exclude(application__in=barred_applications(user))
    rows = rows.select_related(
        "application__call", "decision__letter", "piece", "filed_by", "answer__answered_by", "answer__letter", "reply"
    )
    return with_deposit(rows, "application_id").order_by("-filed_at")


def appeal_of(application) -> Appeal | None:
    """The appeal filed on a dossier."""
    return Appeal.objects.filter(application=application).select_related("piece", "answer__letter", "filed_by", "decision__letter").first()


def heads_for(application) -> list[User]:
    """DPTC's heads who may know of this dossier."""
    barred = ConflictDeclaration.objects.filter(application=application, status__in=BARRING).values("evaluator")
    return list(User.objects.filter(groups__name=str(Role.DIVISION_HEAD), is_active=True).exclude(pk__in=barred).distinct())
