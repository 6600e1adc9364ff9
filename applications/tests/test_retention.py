"""What the register no longer keeps is forgotten, after its people were told; evidence never is."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import call_command

from applications.models import Application, Association, Collaborator, Document, ImportDraft, Invitation
from applications.services import people
from applications.services.deposit import deposit
from applications.services.documents import attach, remove
from applications.tests.builders import DECLARATION, fill
from applications.tests.factories import add_editor, make_application, make_call, make_user, pdf_file
from clusters_portal.accounts.models import User
from clusters_portal.audit import journal
from clusters_portal.audit.models import AppendOnlyModel, AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.retention import months_later
from clusters_portal.notifications import outbox
from clusters_portal.notifications.models import OutgoingMail
from clusters_portal.privacy import purge
from clusters_portal.privacy.models import PurgeNotice, PurgeRun

pytestmark = pytest.mark.django_db
SECOND, MONTH = timedelta(seconds=1), timedelta(days=30)


def counts(code, *, apply=False):
    found = purge.run(apply=apply)[code]
    return found.gone, found.told, found.kept


@pytest.fixture
def call():
    return make_call()


@pytest.fixture
def draft(call):
    """With two people, two files of which one was removed, an import begun."""
    user = make_user()
    application = make_application(call=call, user=user)
    add_editor(application, make_user())
    piece = call.document_requirements.get(code="OTHER")
    attach(application=application, requirement=piece, upload=pdf_file("a.pdf"), actor=user, label="a")
    remove(document=attach(application=application, requirement=piece, upload=pdf_file("b.pdf"), actor=user, label="b"), actor=user)
    ImportDraft.objects.create(application=application, user=user, kind="members", content=[])
    return application


def test_draft_is_announced_then_forgotten_with_its_files(draft, call):
    names = list(Document.objects.values_list("file", flat=True))
    end = months_later(call.deadline_at, 12)
    with clock.set_to(end - MONTH - SECOND):
        assert counts("drafts", apply=True) == (0, 0, 0)
    with clock.set_to(end - MONTH + SECOND):
        assert counts("drafts") == (0, 1, 0)
        assert (PurgeNotice.objects.count(), OutgoingMail.objects.count()) == (0, 0)
        assert counts("drafts", apply=True) == (0, 1, 0)
        assert {mail.recipient for mail in OutgoingMail.objects.all()} == {each.user.email for each in draft.collaborators.all()}
        assert counts("drafts", apply=True) == (0, 0, 0)
    with clock.set_to(end + timedelta(seconds=2)):
        assert counts("drafts") == (1, 0, 0)
        assert Application.objects.count() == 1
        assert counts("drafts", apply=True) == (1, 0, 0)
    assert [model.objects.count() for model in (Application, Association, Document, Collaborator)] == [0, 0, 0, 0]
    assert (len(names), [default_storage.exists(name) for name in names]) == (2, [False, False])
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True))[-2:] == ["application.purged", "privacy.purged"]
    assert PurgeRun.objects.latest("id").counts["drafts"] == {"gone": 1, "told": 0, "kept": 0}
    assert journal.first_fault() == ""


def test_nobody_told_late_loses_his_thirty_days(draft, call):
    """A portal that was down, or a purge first run years later: the notice counts, not the calendar alone."""
    late = months_later(call.deadline_at, 40)
    for days, expected in ((0, (0, 1, 0)), (29, (0, 0, 0)), (30, (1, 0, 0))):
        with clock.set_to(late + timedelta(days=days)):
            assert counts("drafts", apply=True) == expected


def test_call_extended_after_the_notice_starts_again(draft, call):
    with clock.set_to(months_later(call.deadline_at, 12)):
        assert counts("drafts", apply=True)[1] == 1
        moved = clock.now() + timedelta(days=1)
    type(call).objects.filter(pk=call.pk).update(deadline_at=moved)
    with clock.set_to(months_later(moved, 12) + SECOND):
        assert counts("drafts", apply=True) == (0, 1, 0)
    assert Application.objects.count() == 1


def test_evidence_is_never_due(call):
    user = make_user()
    deposited, withdrawn = make_application(call=call, user=user, name="A"), make_application(call=call, user=user, name="B")
    for application in (deposited, withdrawn):
        fill(application, actor=user)
        deposit(application=application, declaration=DECLARATION, actor=user)
    Application.objects.filter(pk=withdrawn.pk).update(status="withdrawn", withdrawn_at=clock.now())
    evidence = [model for model in apps.get_models() if issubclass(model, AppendOnlyModel) and model is not PurgeRun]
    before = {model: model.objects.count() for model in evidence}
    files = list(Document.objects.values_list("file", flat=True))
    for days in (0, 31, 62):
        with clock.set_to(months_later(call.deadline_at, 600) + timedelta(days=days)):
            purge.run(apply=True)
    after = {model: model.objects.count() for model in evidence if model._meta.label != "audit.AuditEntry"}
    assert {model: before[model] for model in after if model._meta.label != "audit.AuditSeal"} == {
        model: count for model, count in after.items() if model._meta.label != "audit.AuditSeal"
    }
    assert (Application.objects.count(), all(default_storage.exists(name) for name in files)) == (2, True)
    assert journal.first_fault() == ""


def test_invitations_and_imports_end(draft, call):
    user = draft.collaborators.first().user
    invited = people.invite(application=draft, email="x@example.com", actor=user, link=lambda token: token)
    with clock.set_to(months_later(invited.expires_at, 3) - SECOND):
        found = purge.run(apply=True)
        assert (found["invitations"].gone, found["imports"].gone) == (0, 1)
    with clock.set_to(months_later(invited.expires_at, 3) + SECOND):
        assert counts("invitations", apply=True) == (1, 0, 0)
    assert (Invitation.objects.count(), ImportDraft.objects.count(), Application.objects.count()) == (0, 0, 1)


# --- Accounts and mails -------------------------------------------------------------------------------------------
@pytest.fixture
def unused():
    person = make_user()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    User.objects.filter(pk=person.pk).update(last_login=clock.now())
    person.refresh_from_db()
    return person


def test_unused_account_is_told_then_deleted(unused, draft):
    end = months_later(unused.last_login, 24)
    with clock.set_to(end - MONTH + SECOND):
        assert counts("accounts", apply=True) == (0, 1, 0)
        assert OutgoingMail.objects.get(recipient=unused.email).subject
    with clock.set_to(end + timedelta(seconds=2)):
        assert counts("accounts", apply=True) == (1, 0, 0)
    assert (User.objects.filter(pk=unused.pk).exists(), EmailAddress.objects.filter(user_id=unused.pk).exists()) == (False, False)
    assert AuditEntry.objects.filter(action="user.purged").count() == 1
    assert User.objects.count() == 2  # those of the dossier acted: they are named where they did


def test_signing_in_again_keeps_the_account(unused):
    end = months_later(unused.last_login, 24)
    with clock.set_to(end - MONTH + SECOND):
        purge.run(apply=True)
    User.objects.filter(pk=unused.pk).update(last_login=end - timedelta(days=5))
    with clock.set_to(end + MONTH):
        assert counts("accounts", apply=True) == (0, 0, 0)
    with clock.set_to(months_later(end, 24)):
        assert counts("accounts", apply=True) == (0, 1, 0)  # told anew
    assert User.objects.filter(pk=unused.pk).exists()


def test_address_never_confirmed_goes_after_a_month(db):
    person = make_user()
    with clock.set_to(months_later(person.date_joined, 1) - SECOND):
        assert counts("unconfirmed", apply=True) == (0, 0, 0)
    with clock.set_to(months_later(person.date_joined, 1) + SECOND):
        assert counts("unconfirmed", apply=True) == (1, 0, 0)
    assert User.objects.count() == 0


def test_text_of_a_mail_goes_and_the_proof_that_it_left_stays(db):
    mail = outbox.write("x@example.com", kind="draft_unused", context={"association": "A", "call": None, "day": clock.now()})
    OutgoingMail.objects.filter(pk=mail.pk).update(state="sent", sent_at=clock.now())
    with clock.set_to(months_later(clock.now(), 12) + timedelta(minutes=5)):
        assert counts("mails", apply=True) == (1, 0, 0)
        assert counts("mails", apply=True) == (0, 0, 0)
    mail.refresh_from_db()
    assert (mail.body, mail.recipient, bool(mail.subject), mail.sent_at is not None) == ("", "x@example.com", True, True)


def test_command_changes_nothing_unless_told_to(draft, call, capsys):
    with clock.set_to(months_later(call.deadline_at, 12)):
        call_command("purge")
        assert (PurgeNotice.objects.count(), PurgeRun.objects.count()) == (0, 0)
        call_command("purge", "--apply")
    assert (PurgeNotice.objects.count(), PurgeRun.objects.count()) == (1, 1)
    assert "drafts: 0 would go, 1 would be told" in capsys.readouterr().out
