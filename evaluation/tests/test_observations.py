"""The contradictory step: facts to all at once, one answer each by the due second, nothing brought before the committee meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from applications.models import Application
from applications.tests.factories import add_editor
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.notifications.models import OutgoingMail
from evaluation.models import FactualFindings, JudgingTerms, Observation, ObservationStep
from evaluation.services import committee
from evaluation.services import observations as services
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet
from evaluation.tests.deliberated import mandatary

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 9, 4, 15, tzinfo=UTC)


class Ranked:
    """A ranked call whose rules ask for observations of at most fifty words within five worked days."""


@pytest.fixture
def it():
    made = Ranked()
    made.call, made.dossiers, made.ranking = make.ranked_call(5, 3, people=1)
    JudgingTerms.objects.create(call=made.call, observations_enabled=True, observation_max_words=50)
    made.head = make.user(Role.DIVISION_HEAD)
    for dossier in made.dossiers:
        dossier.refresh_from_db()
    return made


def write(it):
    for dossier in it.dossiers:
        services.save_findings(application=dossier, text=f"The lease of {dossier.number} is not joined.", actor=it.head)


def opened(it):
    write(it)
    with clock.set_to(FRIDAY):
        it.step = services.open_step(call=it.call, actor=it.head)
    return FactualFindings.objects.select_related("step", "application").get(application=it.dossiers[0])


def send(it, findings, text="The lease is page 12.", revision=0):
    return services.send(findings=findings, text=text, revision=revision, actor=mandatary(it.dossiers[0]))


def test_the_step_opens_for_all_once_every_fact_is_written(it):
    with pytest.raises(Refused) as refused:
        services.open_step(call=it.call, actor=it.head)
    assert (refused.value.code, ObservationStep.objects.count()) == ("missing", 0)
    opened(it)
    assert clock.local(it.step.due_at).isoformat() == "2026-09-11T23:59:59+01:00"
    assert FactualFindings.objects.filter(step=it.step).count() == 2
    assert {mail.recipient for mail in OutgoingMail.objects.all()} >= {mandatary(dossier).email for dossier in it.dossiers}
    assert not any("lease" in mail.body for mail in OutgoingMail.objects.all())
    for act in (lambda: services.open_step(call=it.call, actor=it.head), lambda: write(it)):
        with pytest.raises(Refused):
            act()


def test_the_ranking_is_not_brought_before_the_committee_meanwhile(it):
    def submit(moment):
        with clock.set_to(moment):
            return committee.submit_to_committee(ranking=it.ranking, actor=it.head)

    with pytest.raises(Refused) as refused:
        submit(FRIDAY)
    assert refused.value.code == "observations"
    opened(it)
    for moment in (FRIDAY, it.step.due_at):
        with pytest.raises(Refused):
            submit(moment)
    assert set(Application.objects.filter(call=it.call).values_list("status", flat=True)) == {"under_evaluation"}
    assert submit(it.step.due_at + timedelta(seconds=1)) == 2


@pytest.mark.parametrize("seconds, sent", [(-1, True), (0, True), (1, False)])
def test_to_the_last_second(it, seconds, sent):
    findings = opened(it)
    with clock.set_to(it.step.due_at + timedelta(seconds=seconds)):
        if sent:
            assert send(it, findings).sent_at is not None
        else:
            with pytest.raises(Refused) as refused:
                send(it, findings)
            assert refused.value.code == "late"
            assert (Observation.objects.count(), AuditEntry.objects.filter(action="observation.refused").count()) == (0, 1)


def test_one_word_too_many_stays_a_draft_and_one_answer_is_all(it):
    findings = opened(it)
    with clock.set_to(FRIDAY):
        with pytest.raises(Refused) as refused:
            send(it, findings, "mot " * 51)
        assert refused.value.code == "long"
        kept = Observation.objects.get()
        assert (kept.sent_at, kept.revision) == (None, 1)
        assert send(it, findings, "mot " * 50, revision=1).sent_at is not None
        with pytest.raises(Refused) as refused:
            send(it, findings, revision=2)
        assert refused.value.code == "sent"


def test_an_older_page_overwrites_nothing(it):
    findings = opened(it)
    with clock.set_to(FRIDAY):
        services.save(findings=findings, text="First.", revision=0, actor=mandatary(it.dossiers[0]))
        with pytest.raises(services.StaleObservation):
            services.save(findings=findings, text="Second.", revision=0, actor=mandatary(it.dossiers[0]))
    assert Observation.objects.get().text == "First."


def test_pages(client, it):
    address = reverse("evaluation:observe", args=[it.dossiers[0].pk])
    staff = reverse("evaluation:observations", args=[it.call.slug])
    client.force_login(mandatary(it.dossiers[0]))
    assert client.get(address).status_code == 404
    assert client.get(staff).status_code == 404
    officer, editor = make.user(Role.CASE_OFFICER), make.user()
    add_editor(it.dossiers[0], editor)
    client.force_login(officer)
    assert client.get(staff).status_code == 200
    assert client.get(reverse("evaluation:findings", args=[it.call.slug, it.dossiers[0].pk])).status_code == 200
    assert client.post(reverse("evaluation:open_observations", args=[it.call.slug])).status_code == 403
    opened(it)
    assert client.get(staff).status_code == 200
    with clock.set_to(FRIDAY):
        client.force_login(editor)
        assert client.post(address, {"text": "Draft.", "version": "0", "action": "save"}).status_code == 302
        assert client.post(address, {"text": "Draft.", "version": "1", "action": "send"}).status_code == 403
        client.force_login(mandatary(it.dossiers[0]))
        answer = client.post(address, {"text": "Draft two.", "version": "1"}, headers={"accept": "application/json"})
        assert (answer.status_code, answer.json()["version"]) == (200, 2)
        assert client.post(address, {"text": "Other.", "version": "1", "action": "send"}).status_code == 409
        long = {"text": "mot " * 51, "version": "2", "action": "send"}
        kept = client.post(address, long, headers={"accept": "application/json"})
        assert (kept.status_code, kept.json()["version"], kept.json()["url"]) == (200, 3, address)
        assert [str(message.level_tag) for message in client.get(address).context["messages"]] == ["error"]
        assert client.post(address, {"text": "Sent.", "version": "3", "action": "send"}).status_code == 302
        assert "data-sent" in client.get(address).content.decode()
    client.force_login(mandatary(it.dossiers[1]))
    assert client.get(address).status_code == 404


def test_the_committee_reads_them_beside_the_item(client, it):
    findings = opened(it)
    with clock.set_to(FRIDAY):
        send(it, findings)
    with clock.set_to(it.step.due_at + timedelta(seconds=1)):
        committee.submit_to_committee(ranking=it.ranking, actor=it.head)
    client.force_login(make.user(Role.COMMITTEE_CHAIR))
    page = client.get(reverse("evaluation:decide", args=[it.call.slug, it.dossiers[0].pk])).content.decode()
    assert "The lease is page 12." in page
    session = meet.in_progress(it.dossiers[0]).session
    client.force_login(meet.members_of(session)[1].person)
    for name, shown in (("session", True), ("session_live", True), ("session_screen", False)):
        page = client.get(reverse(f"evaluation:{name}", args=[it.call.slug, session.number])).content.decode()
        assert ("The lease is page 12." in page) == shown, name
