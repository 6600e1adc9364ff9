"""What the tests of DPTC's pages share: people of each role, and more deposited dossiers than one wants to fill."""

from applications.models import Application, Association, Deposit, ListEntry
from applications.tests.builders import deposited_application
from applications.tests.factories import close, hand_in, make_user
from clusters_portal.accounts.roles import Role
from clusters_portal.lib.text import search_words

STAFF_WHO_DECIDE = (Role.CASE_OFFICER, Role.DIVISION_HEAD)
STAFF_WHO_READ = (Role.COUNTER_AGENT, Role.AUDITOR)
WITHOUT_DOSSIERS = (Role.EVALUATOR, Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.ADMINISTRATOR)


def officer(**fields):
    return make_user(roles=[Role.CASE_OFFICER], **fields)


def copies(application, numbers, **columns) -> list[Application]:
    """Further submitted applications with the content of this one. `columns` are frozen columns of their deposits."""
    model, found = application.deposits.get(), []
    for number in numbers:
        association = Association.objects.create(name_fr=f"Association {number}")
        twin = Application.objects.create(
            call=application.call,
            association=association,
            created_by=application.created_by,
            status=application.status,
            number=number,
            deposited_at=model.received_at,
        )
        frozen = {"region": model.region, "nma_section": model.nma_section, "acronym": "", "name_ar": "", **columns}
        made = Deposit.objects.create(
            application=twin,
            sequence=1,
            number=number,
            received_at=model.received_at,
            deadline_at=model.deadline_at,
            deposited_by=model.deposited_by,
            snapshot=model.snapshot,
            sha256=model.sha256,
            **{"name_fr": association.name_fr, **frozen},
        )
        names = " ".join((number, made.name_fr, made.name_ar, made.acronym))
        ListEntry.objects.create(application=twin, deposit=made, words=" ".join(search_words(names)))
        found.append(twin)
    return found


def received(call):
    """A deposited dossier of a call that closed since."""
    application, _deposit = deposited_application(call=call, user=make_user())
    hand_in(application)
    close(call)
    return type(application).objects.get(pk=application.pk)
