"""Recevabilité: rights, the form, every refusal of the service, what a decision does, and each named constraint."""

from html import unescape

import pytest

from applications.forms.admissibility import finding_name, reason_name
from applications.models import AdmissibilityCheck, AdmissibilityLine
from applications.services.admissibility import proposals
from applications.tests.factories import (
    confirmed,
    declare_admissible,
    make_application,
    make_call,
    make_user,
    propose_check,
)
from applications.tests.staff_fixtures import STAFF_WHO_DECIDE, STAFF_WHO_READ, WITHOUT_DOSSIERS, officer, received
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.notifications.models import Notice, OutgoingMail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
REASONS = {"outcome": "inadmissible", "reasons_fact": "Autofinancement de 42,71 %.", "reasons_law": "Clause 3.3"}


@pytest.fixture
def application():
    return received(make_call(prefix="CL-2026"))


@pytest.fixture
def below_threshold():
    """Deposited with a warning: the call asks for more own resources than the dossier has, and only warns."""
    call = make_call(prefix="CL-2026", min_self_financing_percent=60, self_financing_severity="warn")
    return received(call)


def data_of(application, changed=None, **inputs) -> dict:
    """What an officer posts who confirms every line but the `changed` ones and proposes the outcome."""
    data = {"outcome": "admissible", "reasons_fact": "", "reasons_law": "", "version": "0", "propose": "1"}
    findings = confirmed(application).findings | (changed or {})
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
    assert [line.item for line in lines] == [*pieces, *rules, "statutes:object", "paper:deposit"]
    assert [line.finding for line in lines] == ["conforming"] * 8 + ["not_applicable"] + ["conforming"] * len(rules) + ["", "conforming"]


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
    assert client.post(url(application), data_of(application)).status_code == 404
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
    response = post(client, application, data_of(application))
    assert response.status_code == 403
    assert "Only DPTC case officers check admissibility." in response.content.decode()
    assert client.get(url(application)).status_code == 403
    assert state_of(application) == before


@pytest.mark.parametrize("role", STAFF_WHO_READ)
def test_readers_read_what_was_decided(client, application, role):
    declare_admissible(application)
    client.force_login(make_user(roles=[role]))
    response = client.get(url(application))
    assert response.status_code == 200
    assert response.templates[0].name == "applications/staff/admissibility_result.html"


# --- The page -----------------------------------------------------------------------------------------------------
def test_form_shows_each_line_with_its_proposal_and_no_outcome(client, application):
    client.force_login(officer())
    form = client.get(url(application)).context["form"]
    assert [(line.item, finding.value()) for line, _label, finding, _reason in form.lines()] == [
        (line.item, line.finding) for line in proposals(application.current_deposit)
    ]
    assert form["outcome"].value() == ""


def test_form_does_not_read_row_by_row(client, application, django_assert_max_num_queries):
    client.force_login(officer())
    with django_assert_max_num_queries(12):
        client.get(url(application))


@pytest.mark.parametrize("role", STAFF_WHO_DECIDE)
def test_proposal_moves_nothing_and_tells_no_applicant(client, application, role):
    person = make_user(roles=[role])
    client.force_login(person)
    told = Notice.objects.filter(recipient=application.created_by).count()
    response = post(client, application, data_of(application))
    assert (response.status_code, response.url) == (302, url(application))
    application.refresh_from_db()
    assert application.status == "deposited"
    check = AdmissibilityCheck.objects.get()
    assert (check.deposit, check.outcome, check.proposed_by) == (application.current_deposit, "admissible", person)
    assert check.is_proposed and not check.record
    assert {line.item: (line.finding, line.reason) for line in check.lines.all()} == confirmed(application).findings
    assert AuditEntry.objects.order_by("-id")[0].action == "admissibility.proposed"
    assert Notice.objects.filter(recipient=application.created_by).count() == told


def test_heads_who_may_read_the_dossier_are_told_of_the_proposal(application):
    head, proposer = make_user(roles=[Role.DIVISION_HEAD]), make_user(roles=[Role.DIVISION_HEAD, Role.CASE_OFFICER])
    propose_check(application, officer=proposer)
    assert list(Notice.objects.filter(kind="admissibility_proposed").values_list("recipient", "url")) == [(head.pk, url(application))]


def test_inadmissible_is_proposed_with_its_reasons(client, below_threshold):
    client.force_login(officer())
    post(client, below_threshold, data_of(below_threshold, **REASONS))
    html = client.get(url(below_threshold)).content.decode()
    assert "Autofinancement de 42,71 %." in html and "Clause 3.3" in html


def test_override_with_a_reason_is_kept(client, below_threshold):
    client.force_login(officer())
    post(client, below_threshold, data_of(below_threshold, {"rule:self_financing": ("conforming", "Convention reçue le 3 août.")}))
    line = AdmissibilityLine.objects.get(item="rule:self_financing")
    assert (line.proposed, line.finding, line.reason) == ("non_conforming", "conforming", "Convention reçue le 3 août.")


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(client, below_threshold):
    client.force_login(officer())
    before = state_of(below_threshold)
    changed = {
        "rule:self_financing": ("conforming", ""), "piece:ADM_CA": ("", "Tableau illisible"), "statutes:object": ("conforming", ""),
    }  # fmt: skip
    typed = {"outcome": "", "reasons_fact": "Un constat", "reasons_law": "Clause 5"}
    response = post(client, below_threshold, data_of(below_threshold, changed, **typed))
    assert response.status_code == 422
    form = response.context["form"]
    assert dict(form.errors) == {
        "rule-self_financing-reason": ["You depart from what the rules propose: give the reason."],
        "piece-ADM_CA": ["Say what you found on this line."],
        "statutes-object-reason": ["Give the article of the statutes and what it says."],
        "outcome": ["Choose an outcome."],
    }
    assert form["piece-ADM_CA-reason"].value() == "Tableau illisible"
    assert (form["reasons_fact"].value(), form["reasons_law"].value()) == ("Un constat", "Clause 5")
    html = response.content.decode()
    assert 'href="#div_id_piece-ADM_CA"' in html and 'id="div_id_piece-ADM_CA"' in html
    assert 'href="#id_rule-self_financing-reason"' in html
    title = next(line.title for line in form.proposals if line.item == "rule:self_financing")
    assert f"{title}: You depart from what the rules propose: give the reason." in unescape(html)
    assert state_of(below_threshold) == before


def test_forged_choice_is_refused(client, application):
    client.force_login(officer())
    before = state_of(application)
    response = post(client, application, data_of(application, {"piece:ADM_CA": ("perfect", "")}, outcome="maybe"))
    assert sorted(response.context["form"].errors) == ["outcome", "piece-ADM_CA"]
    assert state_of(application) == before


def test_too_long_a_reason_is_refused_and_kept(client, application):
    client.force_login(officer())
    before = state_of(application)
    response = post(client, application, data_of(application, reasons_fact="x" * 4001))
    assert list(response.context["form"].errors) == ["reasons_fact"]
    assert response.context["form"]["reasons_fact"].value() == "x" * 4001
    assert state_of(application) == before


def test_nothing_is_proposed_once_it_is_decided(client, application):
    declare_admissible(application)
    client.force_login(officer())
    before = state_of(application)
    response = post(client, application, data_of(application))
    assert response.status_code == 403
    assert "Admissibility has already been decided for this application." in response.content.decode()
    assert state_of(application) == before
