"""Reminders and « non déposé »: the right people, once, in their language, with numbers and no content."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from applications.models import Application, Collaborator, DeadlineExtension, Deposit, Identity, Reminder, StepState
from applications.rules.reminders import moments
from applications.services import lifecycle, reminders
from applications.services.deposit import deposit
from applications.services.drafts import save_step
from applications.services.reminders import BATCH, send_reminders
from applications.steps import STEPS_BY_SLUG
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice, OutgoingMail

from .builders import DECLARATION, deposited_application, fill, filled_application, inputs_of
from .factories import add_editor, make_application, make_call, make_user
from .test_people_concurrency import together

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
KINDS = ("d14", "d7", "d2", "h24", "h3")


@pytest.fixture
def call():
    return make_call()


@pytest.fixture
def boss():
    return make_user("mandataire@cluster.example", language="en")


@pytest.fixture
def application(call, boss):
    return make_application(call=call, user=boss, name="Cluster Fil-Atlas")


def moment_of(call, kind):
    return dict(moments(call.deadline_at))[kind]


def run(call, kind, late=timedelta(0)):
    """Let the scheduler pass at the moment of that reminder, or later. Returns how many were told."""
    with clock.set_to(moment_of(call, kind) + late):
        return send_reminders()


def run_after(call, late=SECOND):
    with clock.set_to(call.deadline_at + late):
        return send_reminders()


def sent():
    """[(address, kind)] of the reminders, in the order they were sent."""
    return list(Reminder.objects.order_by("pk").values_list("user__email", "kind"))


def told_nobody():
    return (Reminder.objects.count(), Notice.objects.count(), OutgoingMail.objects.count()) == (0, 0, 0)


# --- Before the deadline --------------------------------------------------------------------------------------------
def test_the_five_reminders_of_a_draft_each_once(application, call, boss):
    for kind in KINDS:
        assert run(call, kind, -SECOND) == 0
        assert [run(call, kind), run(call, kind), run(call, kind, timedelta(minutes=5))] == [1, 0, 0]
    assert sent() == [(boss.email, kind) for kind in KINDS]
    assert Notice.objects.filter(recipient=boss, kind="reminder").count() == OutgoingMail.objects.count() == 5


def test_every_person_of_the_dossier_is_told_what_is_missing_and_where(application, call, boss):
    editor = add_editor(application, make_user(language="en"))
    assert run(call, "d7", timedelta(minutes=4)) == 2
    assert {mail.recipient for mail in OutgoingMail.objects.all()} == {boss.email, editor.email}
    notice, mail = Notice.objects.get(recipient=boss), OutgoingMail.objects.get(recipient=boss.email)
    assert notice.text == mail.subject == "Application NOT SUBMITTED: less than 7 days left – Cluster Fil-Atlas"
    assert notice.url == reverse("applications:task_list", args=[application.pk])
    required = call.document_requirements.filter(required=True).count()
    assert f"- {required} documents to send" in mail.body
    assert "- 10 steps to complete" in mail.body
    assert clock.format_moment(call.deadline_at, "en") in mail.body
    assert f"http://127.0.0.1:8000{notice.url}" in mail.body
    assert notice.body in mail.body


def test_a_complete_draft_is_told_that_only_the_deposit_is_left(call, boss):
    filled_application(call=call, user=boss)
    run(call, "h24")
    body = OutgoingMail.objects.get().body
    assert "Nothing is missing. The authorised representative still has to declare and submit." in body
    assert "What is still missing" not in body


def test_a_threshold_that_is_not_met_is_counted_and_not_named(application, call, boss):
    fill(application, actor=boss, name="a-textile")
    application.members.exclude(pk__in=application.members.values("pk")[:3]).delete()
    run(call, "h24")
    body = OutgoingMail.objects.get().body
    assert "that prevent" in body and "Nothing is missing" not in body


def test_mail_names_no_content_of_the_dossier(call, boss):
    application = filled_application(call=call, user=boss)
    run(call, "d14")
    body = OutgoingMail.objects.get().body
    identity = Identity.objects.get(application=application)
    for secret in (identity.acronym, application.officers.first().email, application.members.first().name_fr):
        assert secret and secret not in body


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_each_is_told_in_the_language_of_his_own(call, language):
    application = make_application(call=call, user=make_user(language=language))
    run(call, "h3")
    mail = OutgoingMail.objects.get()
    with translation.override(language):
        sentence = gettext("Application NOT SUBMITTED: less than %(left)s left – %(association)s")
        left = translation.ngettext("%(count)s hour", "%(count)s hours", 3) % {"count": 3}
        assert mail.subject == sentence % {"left": left, "association": str(application.association)}
    assert clock.format_moment(call.deadline_at, language) in mail.body


def test_after_an_interruption_one_reminder_and_not_five(application, call):
    assert run(call, "h3", timedelta(minutes=30)) == 1
    assert [kind for _address, kind in sent()] == ["h3"]


def test_a_dossier_opened_after_a_moment_is_not_reminded_of_it(application, call):
    moment = moment_of(call, "d7")
    Collaborator.objects.update(created_at=moment + SECOND)
    assert run(call, "d7", timedelta(days=1)) == 0 and told_nobody()
    assert run(call, "d2") == 1


def test_whoever_joins_later_gets_only_what_follows(application, call, boss):
    editor = add_editor(application)
    Collaborator.objects.filter(user=editor).update(created_at=moment_of(call, "d7") + SECOND)
    assert run(call, "d7", timedelta(hours=1)) == 1
    assert run(call, "d2") == 2
    assert sent()[0] == (boss.email, "d7")


def test_an_extension_starts_the_series_again(application, call, boss):
    run(call, "h24")
    before, call.deadline_at = call.deadline_at, call.deadline_at + timedelta(days=10)
    call.save()
    DeadlineExtension.objects.create(
        call=call, old_deadline_at=before, new_deadline_at=call.deadline_at, reason_fr="Motif.",
        decided_by=make_user(roles=[Role.DIVISION_HEAD]), published_at=before - timedelta(hours=20),
    )  # fmt: skip
    with clock.set_to(before - timedelta(hours=19)):
        assert send_reminders() == 0  # told of the new deadline a moment ago: fourteen days before is not caught up
    for kind in ("d7", "d2", "h24", "h3"):
        assert run(call, kind) == 1
    assert [kind for _address, kind in sent()] == ["h24", "d7", "d2", "h24", "h3"]
    assert Reminder.objects.filter(kind="h24").values("deadline_at").distinct().count() == 2


# --- Which dossiers -------------------------------------------------------------------------------------------------
def test_a_deposited_dossier_is_left_alone(call, boss):
    deposited_application(call=call, user=boss)
    Notice.objects.all().delete()
    OutgoingMail.objects.all().delete()
    for kind in KINDS:
        assert run(call, kind) == 0
    assert run_after(call) == 0 and told_nobody()


def test_changes_after_the_deposit_are_said_not_to_be_deposited(call, boss):
    application, _made = deposited_application(call=call, user=boss)
    data = inputs_of()["territoire"]
    save_step(application=application, step=STEPS_BY_SLUG["territoire"], data=data, actor=boss)
    assert run(call, "d7") == 0  # saved again, and nothing differs
    key = next(name for name, value in data.items() if isinstance(value, str) and len(value) > 60)
    save_step(application=application, step=STEPS_BY_SLUG["territoire"], data={**data, key: "Autre texte."}, actor=boss)
    assert run(call, "d2") == 1
    mail = OutgoingMail.objects.latest("pk")
    assert mail.subject.startswith("Changes NOT SUBMITTED: less than 48 hours left")
    assert "what counts is what was submitted" in mail.body
    assert run_after(call) == 0


def test_a_withdrawn_dossier_is_reminded_and_not_told_after_the_closing(call, boss):
    application, _made = deposited_application(call=call, user=boss)
    lifecycle.move(application, "withdraw", actor=boss, extra_fields={"withdrawn_at": clock.now(), "withdrawal_reason": "Essai."})
    assert run(call, "d2") == 1
    assert "was withdrawn: it is not submitted" in OutgoingMail.objects.latest("pk").body
    assert run_after(call) == 0


def test_calls_that_are_not_public_or_far_away_remind_nobody(application, call):
    call.published_at = None
    call.save()
    assert run(call, "d2") == 0 and run_after(call) == 0
    assert told_nobody()


def test_a_deposit_between_the_reading_and_the_claim_is_seen(call, boss):
    application = filled_application(call=call, user=boss)
    with clock.set_to(moment_of(call, "h3")):
        (batch,) = reminders._batches(clock.now())
        deposit(application=application, declaration=DECLARATION, actor=boss)
        assert reminders._remind(batch, clock.now()) == 0
    assert sent() == []


# --- Which people ---------------------------------------------------------------------------------------------------
def test_a_closed_account_is_told_nothing(application, call, boss):
    boss.is_active = False
    boss.save()
    assert run(call, "d7") == 0 and told_nobody()


def test_an_address_that_was_never_confirmed_gets_no_mail_but_the_notice_stands(application, call, boss):
    EmailAddress.objects.create(user=boss, email=boss.email, verified=False, primary=True)
    assert run(call, "d7") == 1
    assert (Notice.objects.count(), OutgoingMail.objects.count()) == (1, 0)


# --- After the closing ----------------------------------------------------------------------------------------------
def test_a_draft_never_deposited_is_told_once_with_its_pdf(application, call, boss, client):
    assert run_after(call, timedelta(0)) == 1  # the last reminder, never sent before
    assert [run_after(call), run_after(call), run_after(call, timedelta(hours=3))] == [1, 0, 0]
    assert [kind for _address, kind in sent()] == ["h3", "not_deposited"]
    mail = OutgoingMail.objects.latest("pk")
    paper = reverse("applications:generated_pdf", args=[application.pk, "technique", "fr"])
    assert f"http://127.0.0.1:8000{paper}" in mail.body
    assert "12 months after the closing" in mail.body
    client.force_login(boss)
    with clock.set_to(call.deadline_at + timedelta(days=1)):
        answer = client.get(paper)
        assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
        assert client.get(reverse("applications:task_list", args=[application.pk])).status_code == 200


def test_old_closings_are_not_told(application, call):
    assert run_after(call, timedelta(days=15)) == 0 and told_nobody()


# --- Many, and at once ----------------------------------------------------------------------------------------------
def test_one_batch_that_cannot_be_read_does_not_silence_the_others(call, caplog):
    """The frozen text of a deposit of the first batch is damaged; the people of the second are told."""
    user = make_user()
    made = sorted((make_application(call=call, user=user, name=f"Cluster {n}") for n in range(BATCH + 1)), key=lambda a: a.pk)
    damaged, day = made[0], call.opens_at
    Deposit.objects.create(
        application=damaged, number="X-1", received_at=day, deadline_at=call.deadline_at, deposited_by=user, snapshot="{", sha256="0"
    )
    Application.objects.filter(pk=damaged.pk).update(status="deposited", number="X-1", deposited_at=day)
    StepState.objects.create(application=damaged, slug="territoire", saved_at=clock.now(), saved_by=user)
    assert run(call, "d7") == 1
    assert "could not be sent" in caplog.text
    assert list(Reminder.objects.values_list("application", flat=True)) == [made[-1].pk]


def test_queries_do_not_grow_with_the_drafts_but_for_what_is_written(call):
    counts, idle = [], []
    for number in (1, 9):
        for extra in range(number):
            make_application(call=call, user=make_user(), name=f"Cluster {number} {extra}")
        kind = "d7" if number == 1 else "d2"
        with CaptureQueriesContext(connection) as queries:
            told = run(call, kind)
        tables = len(queries)
        counts.append(tables - 2 * told)  # a notice and a mail each
        with CaptureQueriesContext(connection) as queries:
            assert run(call, kind) == 0
        idle.append(len(queries))
    assert counts[0] == counts[1]
    assert idle[0] == idle[1] <= 5


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_reminder_once(call):
    user = make_user()
    for number in range(4):
        add_editor(make_application(call=call, user=user, name=f"Cluster {number}"))

    def work():
        return run(call, "d7")

    assert sum(together(work, work)) == 8
    assert Reminder.objects.count() == Notice.objects.count() == OutgoingMail.objects.count() == 8
