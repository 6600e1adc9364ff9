"""Who stands behind a deposited dossier, for comparison with the evaluators. Read from the last deposit, never from the draft."""

from applications.models import Application, Collaborator, Deposit
from clusters_portal.lib.text import search_words
from evaluation.rules.likely_conflicts import Parties, Person


def parties_of(applications) -> list[Parties]:
    """The association, its members and the addresses of its side, for each dossier; two queries and the deposits' texts."""
    keys = [application.pk for application in applications]
    emails: dict = {}
    for key, email in Collaborator.objects.filter(application__in=keys).values_list("application_id", "user__email"):
        emails.setdefault(key, set()).add(email)
    last = {row.application_id: row for row in Deposit.objects.filter(application__in=keys).order_by("sequence")}
    return [_parties(application, last.get(application.pk), emails.get(application.pk, set())) for application in applications]


def _parties(application: Application, deposit: Deposit | None, emails: set) -> Parties:
    if deposit is None:
        return Parties(str(application.pk), {}, frozenset(emails))
    steps = deposit.content.get("steps", {})
    written = [deposit.name_fr, deposit.name_ar, deposit.acronym]
    for step in steps.values():
        for part in step.values():
            emails |= set(_emails(part))
    for member in steps.get("membres", {}).get("members", ()):
        written += [member.get("name_fr"), member.get("name_ar")]
    return Parties(
        str(application.pk), {words: name for name in written if name and (words := tuple(search_words(name)))}, frozenset(emails)
    )


def _emails(part):
    """Addresses the applicant wrote in a part of the dossier: a row, or the rows of a table."""
    for row in part if isinstance(part, list) else [part]:
        if isinstance(row, dict) and row.get("email"):
            yield row["email"]


def as_person(user) -> Person:
    """An evaluator as the comparison reads one."""
    return Person(str(user.pk), user.employer, tuple(search_words(user.employer)), user.email)
