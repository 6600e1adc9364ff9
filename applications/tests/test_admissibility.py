"""Recevabilité: rights, the form, every refusal of the service, what a decision does, and each named constraint."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from applications.forms.admissibility import finding_name, reason_name
from applications.models import AdmissibilityCheck, AdmissibilityLine
from applications.services.admissibility import AdmissibilityRefused, decide, proposals
from applications.tests.builders import deposited_application
from applications.tests.factories import close, hand_in, make_application, make_call, make_user
from applications.tests.staff_fixtures import STAFF_WHO_DECIDE, STAFF_WHO_READ, WITHOUT_DOSSIERS, officer
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice, OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def application():
    return received(make_call(prefix="CL-2026"))


@pytest.fixture
def below_threshold():
    """Deposited with a warning: the call asks for more own resources than the dossier has, and only warns."""
    call = make_call(prefix="CL-2026", min_self_financing_percent=60, self_financing_severity="warn")
    return received(call)


def received(call):
    """A deposited dossier of a call that closed since."""
    application, _deposit = deposited_application(call=call, user=make_user())
    hand_in(application)
    close(call)
    return type(application).objects.get(pk=application.pk)


def confirmed(application) -> dict:
    """{item: (finding, reason)} of an officer who confirms every proposal."""
    return {line.item: (line.finding, "") for line in proposals(application.current_deposit)}


def data_of(findings, **inputs) -> dict:
    data = {"outcome": "admissible", "reasons_fact": "", "reasons_law": ""}
    for item, (finding, reason) in findings.items():
        data |= {finding_name(item): finding, reason_name(item): reason}
    return data | inputs


def url(application):
    return f"/instruction/{application.pk}/recevabilite/"


def post(client, application, data):
    client.cookies["portal_language"] = "en"
    return client.post(url(application), data)


def state_of(application):
    """Everything a decision writes."""
    application.refresh_from_db()
    counts = [model.objects.count() for model in (AdmissibilityCheck, AdmissibilityLine, AuditEntry, Notice, OutgoingMail)]
    return application.status, *counts


# --- Proposals ----------------------------------------------------------------------------------------------------
def test_one_line_per_piece_and_per_verdict(application):
    lines = proposals(application.current_deposit)
    pieces = [f"piece:{piece.code}" for piece in application.call.document_requirements.all()]
    rules = [f"rule:{verdict['rule']}" for verdict in application.current_deposit.content["verdicts"]]
    assert [line.item for line in lines] == [*pieces, *rules, "paper:deposit"]
    assert [line.finding for line in lines] == ["conforming"] * 8 + ["not_applicable"] + ["conforming"] * (len(rules) + 1)


def test_missing_piece_and_failed_threshold_are_proposed_as_not_conforming(below_threshold):
    below_threshold.call.document_requirements.filter(code="OTHER").update(required=True)
    found = {line.item: line.finding for line in proposals(below_threshold.current_deposit)}
    assert [item for item, finding in found.items() if finding == "non_conforming"] == ["piece:OTHER", "rule:self_financing"]


# --- Rights -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [None, *WITHOUT_DOSSIERS])
def test_others_get_the_page_of_what_does_not_exist(client, application, role):
    client.force_login(make_user(roles=[role] if role else ()))
    before = state_of(application)
    assert client.get(url(application)).status_code == 404
    assert client.post(url(application), data_of(confirmed(application))).status_code == 404
    assert state_of(application) == before


def test_applicant_gets_the_page_of_what_does_not_exist(client, application):
    client.force_login(application.created_by)
    assert client.get(url(application)).status_code == 404


def test_visitor_is_asked_to_sign_in(client, application):
    assert client.get(url(application)).status_code == 302


def test_draft_is_not_there(client):
    client.force_login(officer())
    assert client.get(url(make_application())).status_code == 404


@pytest.mark.parametrize("role", STAFF_WHO_READ)
def test_readers_cannot_decide_and_are_told_why(client, application, role):
    client.force_login(make_user(roles=[role]))
    before = state_of(application)
    response = post(client, application, data_of(confirmed(application)))
    assert response.status_code == 403
    assert "Only DPTC case officers check admissibility." in response.content.decode()
    assert client.get(url(application)).status_code == 403
    assert state_of(application) == before


@pytest.mark.parametrize("role", STAFF_WHO_READ)
def test_readers_read_what_was_decided(client, application, role):
    decide(application=application, outcome="admissible", findings=confirmed(application), actor=officer())
    client.force_login(make_user(roles=[role]))
    response = client.get(url(application))
    assert response.status_code == 200
    assert response.templates[0].name == "applications/staff/admissibility_result.html"


# --- The page -----------------------------------------------------------------------------------------------------
def test_form_shows_each_line_with_its_proposal_and_no_outcome(client, application):
    client.force_login(officer())
    form = client.get(url(application)).context["form"]
    assert [(line.item, finding.value()) for line, _label, finding, _reason in form.lines()] == [
        (item, finding) for item, (finding, _reason) in confirmed(application).items()
    ]
    assert form["outcome"].value() is None


def test_form_does_not_read_row_by_row(client, application, django_assert_max_num_queries):
    client.force_login(officer())
    with django_assert_max_num_queries(12):
        client.get(url(application))


@pytest.mark.parametrize("role", STAFF_WHO_DECIDE)
def test_officers_declare_admissible(client, application, role, django_capture_on_commit_callbacks, mailoutbox):
    person = make_user(roles=[role])
    client.force_login(person)
    with django_capture_on_commit_callbacks(execute=True):
        response = post(client, application, data_of(confirmed(application)))
    assert (response.status_code, response.url) == (302, url(application))
    application.refresh_from_db()
    assert application.status == "admissible"
    check = AdmissibilityCheck.objects.get()
    assert (check.deposit, check.outcome, check.checked_by) == (application.current_deposit, "admissible", person)
    assert {line.item: (line.finding, line.reason) for line in check.lines.all()} == confirmed(application)
    assert [entry.action for entry in AuditEntry.objects.order_by("-id")[:2]] == ["admissibility.decided", "application.declare_admissible"]
    assert [mail.to for mail in mailoutbox][-1] == [application.created_by.email]


def test_inadmissible_is_declared_with_its_reasons(client, below_threshold):
    client.force_login(officer())
    reasons = {"outcome": "inadmissible", "reasons_fact": "Autofinancement de 42,71 %.", "reasons_law": "Clause 3.3"}
    post(client, below_threshold, data_of(confirmed(below_threshold), **reasons))
    below_threshold.refresh_from_db()
    assert below_threshold.status == "inadmissible"
    mail = OutgoingMail.objects.order_by("-id").first()
    assert "Autofinancement de 42,71 %." in mail.body
    assert "Clause 3.3" in mail.body
    html = client.get(url(below_threshold)).content.decode()
    assert "Autofinancement de 42,71 %." in html
    assert "<form" not in html.split("<main")[1].split("</main")[0]


def test_override_with_a_reason_is_kept(client, below_threshold):
    client.force_login(officer())
    findings = confirmed(below_threshold) | {"rule:self_financing": ("conforming", "Convention reçue le 3 août.")}
    post(client, below_threshold, data_of(findings))
    line = AdmissibilityLine.objects.get(item="rule:self_financing")
    assert (line.proposed, line.finding, line.reason) == ("non_conforming", "conforming", "Convention reçue le 3 août.")
    below_threshold.refresh_from_db()
    assert below_threshold.status == "admissible"


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(client, below_threshold):
    client.force_login(officer())
    before = state_of(below_threshold)
    findings = confirmed(below_threshold) | {"rule:self_financing": ("conforming", ""), "piece:ADM_CA": ("", "Tableau illisible")}
    response = post(client, below_threshold, data_of(findings, outcome="", reasons_fact="Un constat", reasons_law="Clause 5"))
    form = response.context["form"]
    assert dict(form.errors) == {
        "rule-self_financing-reason": ["You depart from what the rules propose: give the reason."],
        "piece-ADM_CA": ["Say what you found on this line."],
        "outcome": ["Choose an outcome."],
    }
    assert form["piece-ADM_CA-reason"].value() == "Tableau illisible"
    assert (form["reasons_fact"].value(), form["reasons_law"].value()) == ("Un constat", "Clause 5")
    html = response.content.decode()
    assert 'href="#div_id_piece-ADM_CA"' in html
    assert 'id="div_id_piece-ADM_CA"' in html
    assert 'href="#id_rule-self_financing-reason"' in html
    title = next(line.title for line in form.proposals if line.item == "rule:self_financing")
    assert f"{title}: You depart from what the rules propose: give the reason." in unescape(html)
    assert state_of(below_threshold) == before


def test_forged_choice_is_refused(client, application):
    client.force_login(officer())
    before = state_of(application)
    response = post(client, application, data_of(confirmed(application) | {"piece:ADM_CA": ("perfect", "")}, outcome="maybe"))
    assert sorted(response.context["form"].errors) == ["outcome", "piece-ADM_CA"]
    assert state_of(application) == before


def test_too_long_a_reason_is_refused_and_kept(client, application):
    client.force_login(officer())
    before = state_of(application)
    response = post(client, application, data_of(confirmed(application), reasons_fact="x" * 4001))
    assert list(response.context["form"].errors) == ["reasons_fact"]
    assert response.context["form"]["reasons_fact"].value() == "x" * 4001
    assert state_of(application) == before


def test_second_decision_is_refused_with_its_reason(client, application):
    decide(application=application, outcome="admissible", findings=confirmed(application), actor=officer())
    client.force_login(officer())
    before = state_of(application)
    response = post(client, application, data_of(confirmed(application)))
    assert response.status_code == 403
    assert "Admissibility has already been decided for this application." in response.content.decode()
    assert state_of(application) == before


# --- The service --------------------------------------------------------------------------------------------------
REFUSALS = {
    "no outcome": ({"outcome": ""}, {}, "outcome"),
    "unknown outcome": ({"outcome": "maybe"}, {}, "outcome"),
    "line without finding": ({}, {"piece:ADM_CA": ("", "")}, "piece:ADM_CA"),
    "unknown finding": ({}, {"piece:ADM_CA": ("perfect", "x")}, "piece:ADM_CA"),
    "override without reason": ({}, {"piece:ADM_CA": ("not_applicable", "   ")}, "piece:ADM_CA"),
    "admissible with a line not conforming": ({}, {"piece:ADM_CA": ("non_conforming", "Non signé")}, "outcome"),
    "inadmissible without fact": ({"outcome": "inadmissible", "reasons_law": "Clause 5", "reasons_fact": " "}, {}, "reasons_fact"),
    "inadmissible without law": ({"outcome": "inadmissible", "reasons_fact": "Manque", "reasons_law": ""}, {}, "reasons_law"),
}


@pytest.mark.parametrize(("arguments", "changed", "field"), REFUSALS.values(), ids=REFUSALS)
def test_refusal_changes_nothing(application, arguments, changed, field):
    before = state_of(application)
    findings = confirmed(application) | changed
    with pytest.raises(AdmissibilityRefused) as refusal:
        decide(**{"application": application, "outcome": "admissible", "findings": findings, "actor": officer(), **arguments})
    assert list(refusal.value.errors) == [field]
    assert state_of(application) == before


def test_missing_line_is_refused(application):
    before = state_of(application)
    findings = confirmed(application)
    del findings["rule:members"]
    with pytest.raises(AdmissibilityRefused) as refusal:
        decide(application=application, outcome="admissible", findings=findings, actor=officer())
    assert list(refusal.value.errors) == ["rule:members"]
    assert state_of(application) == before


@pytest.mark.parametrize("role", [*STAFF_WHO_READ, *WITHOUT_DOSSIERS])
def test_service_refuses_those_without_the_right(application, role):
    person, before = make_user(roles=[role]), state_of(application)
    with pytest.raises(AdmissibilityRefused):
        decide(application=application, outcome="admissible", findings=confirmed(application), actor=person)
    assert state_of(application) == before


@pytest.mark.parametrize("status", ["withdrawn", "admissible", "inadmissible", "under_evaluation", "in_committee", "selected"])
def test_only_a_submitted_application_can_be_decided(application, status):
    withdrawn_at = clock.now() if status == "withdrawn" else None
    type(application).objects.filter(pk=application.pk).update(status=status, withdrawn_at=withdrawn_at)
    application.refresh_from_db()
    findings, before = confirmed(application), state_of(application)
    with pytest.raises(AdmissibilityRefused):
        decide(application=application, outcome="admissible", findings=findings, actor=officer())
    assert state_of(application) == before


def test_nothing_is_decided_until_the_deadline_has_passed(client, application):
    """The second of the deadline still belongs to the applicants, who may change or withdraw."""
    last, person = application.call.deadline_at, officer()
    findings, before = confirmed(application), state_of(application)
    with clock.set_to(last), pytest.raises(AdmissibilityRefused) as refused:
        decide(application=application, outcome="admissible", findings=findings, actor=person)
    assert clock.format_moment(last, "en") in refused.value.errors[""] and state_of(application) == before
    with clock.set_to(last + timedelta(seconds=1)):
        decide(application=application, outcome="admissible", findings=findings, actor=person)
    application.refresh_from_db()
    assert application.status == "admissible"


# --- Constraints --------------------------------------------------------------------------------------------------
def new_check(application, **columns):
    return AdmissibilityCheck(deposit=application.current_deposit, checked_by=officer(), **columns)


def refused_by(name, save):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        save()
    assert name in str(error.value)


def decided(**columns):
    return {"outcome": "inadmissible", "decided_at": timezone.now(), "reasons_fact": "Manque", "reasons_law": "Clause 5", **columns}


@pytest.mark.parametrize("empty", ["reasons_fact", "reasons_law"])
def test_constraint_inadmissible_has_reasons(application, empty):
    refused_by("inadmissible_has_reasons", new_check(application, **decided(**{empty: ""})).save)


@pytest.mark.parametrize("columns", [{"outcome": "", "decided_at": timezone.now()}, {"outcome": "admissible", "decided_at": None}])
def test_constraint_admissibility_outcome_has_date(application, columns):
    refused_by("admissibility_outcome_has_date", new_check(application, **columns).save)


def test_one_check_per_deposit(application):
    new_check(application, **decided()).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        new_check(application, **decided()).save()


def test_constraint_admissibility_item_once(application):
    check = new_check(application)
    check.save()
    line = {"check_record": check, "item": "rule:members", "proposed": "conforming"}
    AdmissibilityLine.objects.create(**line)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        AdmissibilityLine.objects.create(**line)
    assert "check_record_id" in str(error.value) or "admissibility_item_once" in str(error.value)


def test_constraint_admissibility_override_has_reason(application):
    check = new_check(application)
    check.save()
    line = {"check_record": check, "item": "rule:members", "proposed": "conforming"}
    refused_by("admissibility_override_has_reason", AdmissibilityLine(**line, finding="non_conforming").save)
    AdmissibilityLine.objects.create(**line, finding="non_conforming", reason="Deux membres sans bulletin.")
