"""Recevabilité by two persons: drafts with versions, the second person's acts, what a validation freezes and tells, the letter."""

from datetime import date

import pytest
from django.urls import reverse

from applications.models import AdmissibilityCheck, AdmissibilityLine, AdmissibilityReturn, Call
from applications.rules.admissibility import BoardShare, board_share, is_old, recounted
from applications.rules.figures import Ratio
from applications.rules.verdicts import QUALIFYING, Verdict
from applications.services.admissibility import AdmissibilityRefused, Written, proposals
from applications.services.admissibility_acts import AdmissibilityConflict, prepare, propose, send_back, validate
from applications.tests.factories import confirmed, declare_admissible, make_call, make_user, propose_check
from applications.tests.staff_fixtures import STAFF_WHO_READ, officer, received
from applications.tests.test_admissibility import REASONS, data_of, post, state_of, url
from clusters_portal.accounts.roles import Role
from clusters_portal.accounts.tests.confirming import just_confirmed
from clusters_portal.audit.models import AppendOnlyError, AuditEntry
from clusters_portal.lib.canonical import sha256_hex
from clusters_portal.notifications.models import Notice, OutgoingMail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def application():
    return received(make_call(prefix="CL-2026"))


@pytest.fixture
def head():
    return make_user(roles=[Role.DIVISION_HEAD], first_name="Houda", last_name="BENALI")


def address(name, application, *args):
    return reverse(f"applications:{name}", args=[application.pk, *args])


def second_act(client, name, application, **data):
    client.cookies["portal_language"] = "en"
    return just_confirmed(client).post(address(name, application), data)


# --- Rules --------------------------------------------------------------------------------------------------------
def test_the_share_is_judged_again_with_the_number_counted():
    verdict = Verdict(QUALIFYING, "pass", "block", "3.3, 5", Ratio(15, 22, 60))
    assert [recounted(verdict, n).status for n in (22, 14, 13, 0)] == ["pass", "pass", "fail", "fail"]
    assert recounted(verdict, 13).figures == Ratio(13, 22, 60) and recounted(verdict, 13).severity == "block"
    for impossible in (-1, 23):
        with pytest.raises(ValueError, match="companies among 22"):
            recounted(verdict, impossible)


def test_a_legalisation_is_old_the_day_after_its_months():
    received_on = date(2026, 7, 14)
    ages = [is_old(day, received_on, 6) for day in (date(2026, 1, 15), date(2026, 1, 14), date(2026, 1, 13), date(2025, 7, 14))]
    assert ages == [False, False, True, True]


def test_the_share_of_the_board_is_counted_and_no_board_is_no_share():
    assert board_share([{"from_company": True}, {"from_company": False}, {"from_company": True}]) == BoardShare(2, 3)
    assert board_share([]) is None


# --- Preparing ----------------------------------------------------------------------------------------------------
def test_half_a_check_is_saved_and_found_again(client, application):
    client.force_login(officer())
    data = data_of(application, {"piece:ADM_CA": ("non_conforming", "Deux signatures manquent.")}, outcome="", reasons_fact="À suivre")
    del data["propose"]
    assert post(client, application, data).status_code == 302
    check = AdmissibilityCheck.objects.get()
    assert (check.version, check.outcome, check.is_proposed, check.lines.count()) == (1, "", False, 0)
    client.force_login(officer())
    form = client.get(url(application)).context["form"]
    assert (form["piece-ADM_CA"].value(), form["piece-ADM_CA-reason"].value()) == ("non_conforming", "Deux signatures manquent.")
    assert (form["reasons_fact"].value(), form["version"].value()) == ("À suivre", 1)


def test_two_officers_at_once_are_told_and_nothing_is_lost(client, application):
    other = officer(first_name="Karim", last_name="ALAMI")
    prepare(application=application, written=confirmed(application, reasons_fact="Le sien"), version=0, actor=other)
    client.force_login(officer())
    before = state_of(application)
    response = post(client, application, data_of(application, {"piece:ADM_CA": ("not_applicable", "Le mien")}, reasons_fact="À moi"))
    assert response.status_code == 409 and state_of(application) == before
    titles = {title: (typed, kept) for title, typed, kept in response.context["differences"]}
    assert titles["Reasons of fact"] == ("À moi", "Le sien") and len(titles) == 2
    form = response.context["form"]
    assert (form["piece-ADM_CA-reason"].value(), form["version"].value()) == ("Le mien", 1)
    assert "Karim ALAMI" in response.content.decode()
    data = data_of(application, {"piece:ADM_CA": ("not_applicable", "Le mien")}, reasons_fact="À moi", version="1")
    assert post(client, application, data).status_code == 302
    assert AdmissibilityCheck.objects.get().reasons_fact == "À moi"


def test_the_same_save_twice_is_one(application):
    person, written = officer(), confirmed(application)
    first = prepare(application=application, written=written, version=0, actor=person)
    assert prepare(application=application, written=written, version=0, actor=person).version == first.version == 1
    proposed = propose(application=application, written=written, version=1, actor=person)
    assert propose(application=application, written=written, version=1, actor=person).version == proposed.version
    assert AuditEntry.objects.filter(action__startswith="admissibility.").count() == 2


def test_a_count_of_companies_is_judged_again_before_anyone_proposes(client, application):
    client.force_login(officer())
    data = data_of(application, companies="3", companies_reason="Douze prestataires de services.")
    response = post(client, application, data)
    assert response.status_code == 422
    line = next(line for line in response.context["form"].proposals if line.item == "rule:qualifying")
    assert line.finding == "non_conforming" and "3 companies instead of" in line.note
    assert list(response.context["form"].errors) == ["rule-qualifying-reason"]
    counted = {"companies": 3, "companies_reason": "Douze prestataires."}
    check = propose_check(application, **REASONS, **counted)
    assert check.lines.get(item="rule:qualifying").proposed == "non_conforming"
    assert "rule:qualifying" not in [line.item for line in proposals(application.current_deposit) if line.finding == "non_conforming"]


def test_the_number_declared_is_no_correction(application):
    declared = next(v for v in application.current_deposit.content["verdicts"] if v["rule"] == "qualifying")["figures"][0]
    check = propose_check(application, companies=int(declared), companies_reason="x")
    assert (check.companies, check.companies_reason) == (None, "")


# --- The second person --------------------------------------------------------------------------------------------
def test_who_proposed_cannot_validate(client, application):
    person = make_user(roles=[Role.DIVISION_HEAD, Role.CASE_OFFICER])
    check = propose_check(application, officer=person)
    before = state_of(application)
    with pytest.raises(AdmissibilityRefused):
        validate(application=application, version=check.version, actor=person)
    client.force_login(person)
    client.cookies["portal_language"] = "en"
    page = client.get(url(application)).content.decode()
    assert "/valider/" not in page and "a second person validates it" in page
    assert second_act(client, "admissibility_validate", application, version=check.version).status_code == 422
    assert state_of(application) == before


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.DIVISION_HEAD])
def test_another_person_validates_and_only_then_it_is_decided(client, application, role):
    check, second = propose_check(application), make_user(roles=[role])
    client.force_login(second)
    response = second_act(client, "admissibility_validate", application, version=check.version)
    assert (response.status_code, response.url) == (302, url(application))
    application.refresh_from_db()
    check.refresh_from_db()
    assert (application.status, check.validated_by, check.sha256) == ("admissible", second, sha256_hex(check.record))
    actions = [entry.action for entry in AuditEntry.objects.order_by("-id")[:2]]
    assert actions == ["admissibility.validated", "application.declare_admissible"]
    notice = Notice.objects.filter(kind="admissibility_decided").get()
    assert (notice.recipient, notice.url) == (application.created_by, address("admissibility_told", application))
    count = AuditEntry.objects.count()
    validate(application=application, version=check.version, actor=second)  # a second click
    again = second_act(client, "admissibility_validate", application, version=check.version)
    assert (again.status_code, again.url) == (302, url(application))
    assert AuditEntry.objects.count() == count


def test_validating_asks_again_who_one_is_and_sending_back_does_not(client, application):
    check, second = propose_check(application), make_user(roles=[Role.DIVISION_HEAD])
    client.force_login(second)
    before = state_of(application)
    asked = client.post(address("admissibility_validate", application), {"version": check.version})
    assert asked.url.startswith(reverse("account_reauthenticate")) and state_of(application) == before
    done = client.post(asked.url, {"password": "motdepasse-essai"})
    check.refresh_from_db()
    assert (done.url, check.validated_by) == (url(application), second)


@pytest.mark.parametrize("role", STAFF_WHO_READ)
def test_readers_read_the_proposal_and_do_nothing(client, application, role):
    check = propose_check(application)
    client.force_login(make_user(roles=[role]))
    before = state_of(application)
    page = client.get(url(application))
    assert page.status_code == 200 and "/valider/" not in page.content.decode() and "/renvoyer/" not in page.content.decode()
    file = application.current_deposit.content["documents"][0]["id"]
    assert f'href="{reverse("applications:document_download", args=[file])}"' in page.content.decode()
    for name in ("admissibility_validate", "admissibility_send_back"):
        assert second_act(client, name, application, version=check.version, reason="x").status_code == 403
    assert client.get(reverse("applications:admissibility_queue")).status_code == 404
    assert state_of(application) == before


def test_sent_back_with_its_reason_and_proposed_again(client, application, head):
    author = officer()
    check = propose_check(application, officer=author, **REASONS)
    client.force_login(head)
    assert second_act(client, "admissibility_send_back", application, version=check.version, reason=" ").status_code == 422
    assert second_act(client, "admissibility_send_back", application, version=check.version, reason="Citer la clause 5.").status_code == 302
    check.refresh_from_db()
    assert (check.is_proposed, check.proposed_by, check.lines.count(), check.reasons_law) == (False, None, 0, "Clause 3.3")
    back = AdmissibilityReturn.objects.get()
    assert (back.outcome, back.proposed_by, back.returned_by, back.reason) == ("inadmissible", author, head, "Citer la clause 5.")
    assert OutgoingMail.objects.order_by("-id").first().recipient == author.email
    client.force_login(author)
    assert "Citer la clause 5." in client.get(url(application)).content.decode()
    declare_admissible(application, officer=author, head=head)
    assert "Citer la clause 5." in client.get(url(application)).content.decode()
    with pytest.raises(AppendOnlyError):
        back.save()


def test_what_was_not_read_is_not_validated(client, application, head):
    check = propose_check(application)
    client.force_login(head)
    for stale in ("", "abc", str(check.version - 1)):
        assert second_act(client, "admissibility_validate", application, version=stale).status_code == 409
    application.refresh_from_db()
    assert application.status == "deposited"
    send_back(application=application, reason="x", version=check.version, actor=head)
    assert second_act(client, "admissibility_validate", application, version=check.version).status_code == 302
    application.refresh_from_db()
    assert application.status == "deposited"


def test_a_proposal_the_rules_no_longer_make_is_not_validated(application, head):
    check = propose_check(application)
    Call.objects.get(pk=application.call_id).document_requirements.filter(code="OTHER").update(required=True)
    with pytest.raises(AdmissibilityRefused):
        validate(application=application, version=check.version, actor=head)
    application.refresh_from_db()
    assert application.status == "deposited" and not AdmissibilityCheck.objects.get().is_validated


def test_nothing_is_written_in_a_proposal(application):
    person = officer()
    check = propose_check(application, officer=person)
    with pytest.raises(AdmissibilityConflict):
        prepare(application=application, written=Written(outcome="inadmissible"), version=check.version, actor=person)
    assert AdmissibilityCheck.objects.get().outcome == "admissible"


def test_a_validated_check_is_never_changed(application):
    check = declare_admissible(application)
    line = check.lines.first()
    attempts = [
        check.save, check.delete, line.save, line.delete, check.lines.all().delete,
        lambda: AdmissibilityCheck.objects.update(outcome="inadmissible"),
        lambda: check.lines.update(reason="x"),
        lambda: AdmissibilityLine.objects.bulk_create([AdmissibilityLine(check_record=check, item="rule:x", proposed="conforming")]),
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(AppendOnlyError):
            attempt()


# --- What waits for me --------------------------------------------------------------------------------------------
def test_the_list_holds_what_others_proposed(client, application, head, django_assert_max_num_queries):
    author = officer()
    propose_check(application, officer=author)
    for person, counts in ((head, (1, 0)), (author, (0, 1))):
        client.force_login(person)
        with django_assert_max_num_queries(14):
            context = client.get(reverse("applications:admissibility_queue")).context
        assert (context["page"].paginator.count, len(context["mine"])) == counts
    declare = AdmissibilityCheck.objects.get()
    validate(application=application, version=declare.version, actor=head)
    client.force_login(head)
    assert client.get(reverse("applications:admissibility_queue")).context["page"].paginator.count == 0


def test_work_list_says_who_proposed_and_filters_what_waits(client, application, head):
    author = officer(first_name="Karim", last_name="ALAMI")

    def found(person, value):
        client.force_login(person)
        return [row.deposit.proposer for row in client.get(reverse("applications:worklist"), {"admissibility": value}).context["rows"]]

    prepare(application=application, written=Written(), version=0, actor=author)
    assert [found(head, value) for value in ("prepared", "proposed", "mine")] == [[""], [], []]
    propose_check(application, officer=author)
    named = ["Karim ALAMI"]
    assert [found(head, value) for value in ("prepared", "proposed", "mine")] == [[], named, named]
    assert [found(author, value) for value in ("proposed", "mine")] == [named, []]


def test_reading_page_says_who_proposed(client, application):
    author = officer(first_name="Karim", last_name="ALAMI")
    propose_check(application, officer=author)
    client.force_login(officer())
    html = client.get(address("reading", application)).content.decode()
    assert 'data-check="proposed"' in html and "Karim ALAMI" in html
