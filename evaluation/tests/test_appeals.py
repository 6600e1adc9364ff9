"""Appeals: one per decision, to the last second, numbered, answered with reasons, the decision's row unchanged."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.models import Holiday
from applications.tests.factories import add_editor, pdf_file
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.notifications.models import OutgoingMail
from evaluation.models import Appeal, AppealAnswer, ConflictDeclaration, Decision, Letter
from evaluation.rules import delays
from evaluation.services import appeals as services
from evaluation.services.letters import appeal_deadline
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests.deliberated import OPENED, mandatary, notified

pytestmark = pytest.mark.django_db
NOTIFIED = datetime(2026, 9, 4, 15, tzinfo=UTC)
ANSWER = {"reasons_fact": "The page was read.", "reasons_law": "Clause 7.2."}


@pytest.fixture
def it():
    with clock.set_to(NOTIFIED):
        return notified(5, 3, terms={"appeal_days": 10})


def file(it, **more):
    dossier = it.dossiers[1]
    values = {"kind": "factual", "text": "Page 12 says otherwise.", "actor": mandatary(dossier)} | more
    return services.file(application=dossier, **values)


# The delay


def test_days_start_after_the_notification_and_the_last_one_is_whole():
    due = appeal_deadline(datetime(2026, 9, 1, 9, tzinfo=UTC), 7)
    assert clock.local(due).isoformat() == "2026-09-08T23:59:59+01:00"


def test_a_last_day_not_worked_leads_to_the_next_worked_one():
    Holiday.objects.get_or_create(day=date(2026, 9, 14), defaults={"label_fr": "Fête"})
    due = appeal_deadline(datetime(2026, 9, 2, 9, tzinfo=UTC), 10)  # a Saturday, then Sunday, then the holiday
    assert clock.local(due).date() == date(2026, 9, 15)


@pytest.mark.parametrize(
    "start, days, expected",
    [("2026-09-03", 1, "2026-09-04"), ("2026-09-04", 1, "2026-09-07"), ("2026-09-05", 1, "2026-09-07"), ("2026-09-01", 5, "2026-09-08")],
)
def test_worked_days(start, days, expected):
    assert delays.after_worked_days(date.fromisoformat(start), days, frozenset()) == date.fromisoformat(expected)
    assert delays.after_worked_days(date(2026, 7, 29), 1, {date(2026, 7, 30)}) == date(2026, 7, 31)


@pytest.mark.parametrize("text, count", [("", 0), ("un deux", 2), (" — ! ", 0), ("l'État  n'a\npas", 3), ("اثنان كلمتان", 2), ("12 %", 1)])
def test_words(text, count):
    assert delays.words(text) == count


@pytest.mark.parametrize("seconds, filed", [(-1, True), (0, True), (0.9, True), (1, False)])
def test_to_the_last_second(it, seconds, filed):
    due = services.due_of(it.dossiers[1])
    with clock.set_to(due + timedelta(seconds=seconds)):
        if filed:
            assert file(it).due_at == due
        else:
            with pytest.raises(Refused) as refused:
                file(it)
            assert refused.value.code == "late"
            assert (Appeal.objects.count(), AuditEntry.objects.filter(action="appeal.refused").count()) == (0, 1)


# Filing


def test_an_appeal_is_numbered_told_and_filed_once(it):
    with clock.set_to(NOTIFIED + timedelta(days=1)):
        appeal = file(it, upload=pdf_file("preuve.pdf"))
        with pytest.raises(Refused) as refused:
            file(it)
    assert refused.value.code == "twice"
    assert (appeal.number, appeal.piece.pages) == (f"{it.call.number_prefix}-R-0001", 1)
    assert OutgoingMail.objects.filter(recipient=it.head.email).count() == 1
    mail = OutgoingMail.objects.filter(recipient=mandatary(it.dossiers[1]).email).latest("pk")
    assert appeal.number in mail.subject
    assert appeal.text not in mail.body


def test_nothing_to_appeal_against_before_the_notification(it):
    other = make.application(it.call)
    with pytest.raises(Refused):
        services.file(application=other, kind="factual", text="x", actor=mandatary(other))
    assert not Appeal.objects.exists()


def test_pages_of_the_applicant(client, it):
    dossier = it.dossiers[1]
    address = reverse("evaluation:file_appeal", args=[dossier.pk])
    editor = make.user()
    add_editor(dossier, editor)
    with clock.set_to(NOTIFIED + timedelta(days=1)):
        client.force_login(editor)
        assert client.get(address).status_code == 403
        client.force_login(mandatary(dossier))
        assert client.get(address).status_code == 200
        wrong = client.post(address, {"kind": "factual", "text": "Kept words", "piece": pdf_file("x.pdf").__class__("x.pdf", b"MZ")})
        assert (wrong.status_code, "Kept words" in wrong.content.decode()) == (422, True)
        assert client.post(address, {"kind": "factual", "text": "Page 12."}).status_code == 302
        assert client.get(address).status_code == 200
        assert client.get(reverse("evaluation:appeal_receipt", args=[dossier.pk, "ar"]))["Content-Type"] == "application/pdf"
    client.force_login(mandatary(it.dossiers[0]))
    assert client.get(address).status_code == 404


def test_a_late_page_keeps_what_was_typed(client, it):
    dossier = it.dossiers[1]
    client.force_login(mandatary(dossier))
    with clock.set_to(services.due_of(dossier) + timedelta(seconds=1)):
        answer = client.post(reverse("evaluation:file_appeal", args=[dossier.pk]), {"kind": "factual", "text": "Typed in time."})
    assert (answer.status_code, "Typed in time." in answer.content.decode(), Appeal.objects.count()) == (409, True, 0)


# Answering


@pytest.mark.parametrize(
    "values, code",
    [
        ({"outcome": "dismissed", "reasons_law": "x"}, "reasons_fact"),
        ({"outcome": "dismissed", "reasons_fact": "x"}, "reasons_law"),
        ({"outcome": "upheld", **ANSWER}, "follows"),
        ({"outcome": "partly", **ANSWER}, "follows"),
        ({"outcome": "", **ANSWER}, "outcome"),
    ],
)
def test_an_answer_has_its_reasons_and_says_what_follows(it, values, code):
    with clock.set_to(NOTIFIED + timedelta(days=1)):
        appeal = file(it)
    with pytest.raises(Refused) as refused:
        services.answer(appeal=appeal, actor=it.head, **values)
    assert (refused.value.code, AppealAnswer.objects.count(), Letter.objects.filter(kind="appeal").count()) == (code, 0, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        AppealAnswer.objects.create(appeal=appeal, outcome="upheld", **ANSWER, answered_at=OPENED, answered_by=it.head)


def test_an_appeal_upheld_changes_no_decision(client, it):
    with clock.set_to(NOTIFIED + timedelta(days=1)):
        appeal = file(it)
    before = Decision.objects.filter(application=it.dossiers[1]).values().get()
    officer = make.user(Role.CASE_OFFICER)
    client.force_login(officer)
    address = reverse("evaluation:appeal", args=[appeal.number])
    assert client.get(address).status_code == 200
    draft = {"revision": 0, "outcome": "upheld", "follows": "A further session.", **ANSWER}
    assert client.post(address, draft | {"save": "1"}).status_code == 302
    assert client.post(address, draft | {"save": "1"}).status_code == 422
    assert client.post(address, draft | {"answer": "1"}).status_code == 403
    assert not AppealAnswer.objects.exists()
    client.force_login(it.head)
    assert client.post(address, draft | {"answer": "1"}).status_code == 302
    answer = AppealAnswer.objects.get()
    assert (answer.outcome, answer.letter.number) == ("upheld", 3)
    assert Decision.objects.filter(application=it.dossiers[1]).values().get() == before
    client.force_login(mandatary(it.dossiers[1]))
    page = client.get(reverse("evaluation:file_appeal", args=[it.dossiers[1].pk])).content.decode()
    assert 'data-answer="upheld"' in page
    assert client.get(reverse("evaluation:told_letter", args=[it.dossiers[1].pk, 3, "fr"])).status_code == 200


def test_a_recused_officer_knows_of_no_appeal(client, it):
    with clock.set_to(NOTIFIED + timedelta(days=1)):
        appeal = file(it)
    officer = make.user(Role.CASE_OFFICER)
    ConflictDeclaration.objects.create(
        evaluator=officer,
        application=it.dossiers[1],
        interest="disqualifying",
        kind="family",
        text="x",
        status="confirmed",
        declared_at=OPENED,
    )
    client.force_login(officer)
    assert appeal.number not in client.get(reverse("evaluation:appeals")).content.decode()
    assert client.get(reverse("evaluation:appeal", args=[appeal.number])).status_code == 404
    client.force_login(it.people[0])
    assert client.get(reverse("evaluation:appeals")).status_code == 404
