"""My applications, opening one, its task list; and the same 404 for everything that is somebody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.demonstration.samples import rows
from applications.models import Application, Document, Member, StepState
from applications.services.drafts import create_application, save_step
from applications.services.lifecycle import move
from applications.steps import STEPS_BY_SLUG
from applications.views.own import wording_of
from applications.workflow import APPLICATION_WORKFLOW
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from clusters_portal.lib.workflow import InvalidTransition

from .builders import deposited_application, fill, filled_application
from .factories import add_editor, close, make_application, make_call, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
MINE = reverse("applications:my_applications")


# --- A2 -----------------------------------------------------------------------------------------------------------------
def test_wording_of_a_draft_a_ready_draft_and_a_deposit(client, owner):
    call = make_call()
    empty = make_application(call=call, user=owner, name="Vide")
    ready = filled_application(call=call, user=owner, name="b-hydrogene")
    deposited, deposit = deposited_application(call=call, user=owner)
    words = {application.pk: wording.text for application, wording in client.get(MINE).context["lines"]}
    day, time = clock.format_day(deposit.received_at), clock.format_time(deposit.received_at)
    assert words == {
        empty.pk: "Draft — NOT SUBMITTED",
        ready.pk: "Ready to submit — NOT SUBMITTED",
        deposited.pk: f"Submitted on {day} at {time}, no. {deposit.number}",
    }


def test_complete_but_ineligible_draft_is_not_ready(client, owner):
    application = filled_application(user=owner)
    Member.objects.filter(application=application, engagement="engaged").order_by("-position").first().delete()
    Member.objects.filter(application=application, category="company").update(qualifies=False)
    assert [wording.text for _application, wording in client.get(MINE).context["lines"]] == ["Draft — NOT SUBMITTED"]


def test_decision_is_not_shown_before_it_is_notified(owner):
    application, _deposit = deposited_application(user=owner)
    application = move(application, "declare_admissible", actor=owner)
    assert wording_of(application).further == "Admissible"
    for name in ("start_evaluation", "submit_to_committee", "select"):
        application = move(application, name, actor=owner)
        assert wording_of(application).further == "Under examination"
    application.call.results_published_at = clock.now()
    assert wording_of(application).further == "Under examination"
    application.notified_at = clock.now()
    assert wording_of(application).further == "Selected"


def test_list_shows_mine_and_nobody_elses(client, owner):
    mine = make_application(user=owner, name="À moi")
    shared = make_application(call=mine.call, user=make_user(), name="Partagé")
    add_editor(shared, owner)
    make_application(call=mine.call, user=make_user(), name="À eux")
    assert {application.pk for application, _wording in client.get(MINE).context["lines"]} == {mine.pk, shared.pk}


def test_list_takes_at_most_ten_queries_with_complete_drafts(client, owner):
    call, counts = make_call(), []
    for names in (["a-textile"], ["b-hydrogene", "c-agritech"]):
        for name in names:
            filled_application(call=call, user=owner, name=name)
        with CaptureQueriesContext(connection) as queries:
            lines = client.get(MINE).context["lines"]
        assert {wording.text for _application, wording in lines} == {"Ready to submit — NOT SUBMITTED"}
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_list_takes_as_many_queries_with_thirty_dossiers_as_with_one(client, owner):
    call, counts = make_call(), []
    for number in (1, 29):
        for n in range(number):
            made = create_application(call=call, association_name=f"Dossier {number}-{n}", actor=owner)
            save_step(application=made, step=STEPS_BY_SLUG["identite"], data={"identity-acronym": "X"}, actor=owner)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(MINE).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_list_of_complete_drafts_takes_a_constant_number_of_queries(client, owner):
    call, counts = make_call(), []
    for name in ("a-textile", "b-hydrogene", "c-agritech"):
        filled_application(call=call, user=owner, name=name)
        with CaptureQueriesContext(connection) as queries:
            client.get(MINE)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


def test_empty_list_offers_the_open_calls(client, owner):
    call = make_call()
    assert reverse("applications:application_create", args=[call.slug]) in client.get(MINE).content.decode()


# --- Opening ---------------------------------------------------------------------------------------------------------------
def create_url(call):
    return reverse("applications:application_create", args=[call.slug])


def test_opening_a_dossier_leads_to_its_task_list_and_twice_to_the_same(client, owner):
    call = make_call()
    answers = [client.post(create_url(call), {"name": name}) for name in ("Cluster Neuf", "  cluster   neuf ")]
    application = Application.objects.get()
    assert {answer["Location"] for answer in answers} == {reverse("applications:task_list", args=[application.pk])}


def test_opening_without_a_name_keeps_the_form(client, owner):
    page = client.post(create_url(make_call()), {"name": " \u200b "})
    assert page.status_code == 200 and "name" in page.context["form"].errors
    assert not Application.objects.exists()


def test_opening_in_a_closed_call_is_refused_and_keeps_the_name(client, owner):
    call = make_call(deadline_at=clock.now() - timedelta(seconds=2))
    assert client.get(create_url(call)).status_code == 200
    page = client.post(create_url(call), {"name": "Trop tard"})
    assert page.status_code == 409 and not Application.objects.exists()


def test_opening_in_an_unpublished_call_is_404(client, owner):
    assert client.get(create_url(make_call(published_at=None))).status_code == 404


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.EVALUATOR, Role.COMMITTEE_CHAIR])
def test_people_who_work_on_the_call_cannot_apply(client, role):
    client.force_login(make_user(roles=[role]))
    assert client.post(create_url(make_call()), {"name": "Juge et partie"}).status_code == 403
    assert not Application.objects.exists()


# --- A4 -----------------------------------------------------------------------------------------------------------------------
def test_task_list_says_what_is_missing(client, owner):
    application = make_application(user=owner)
    fill(application, actor=owner, pieces=False)
    save_step(application=application, step=STEPS_BY_SLUG["start-up"], data={"startups-preparation": "Oui"}, actor=owner)
    page = client.get(reverse("applications:task_list", args=[application.pk]))
    assert {line.step.slug: line.state for line in page.context["progress"] if line.state != "complete"} == {
        "start-up": "in_progress",
        "pieces": "todo",
        "argumentaire": "todo",
    }
    assert [line.step.slug for line in page.context["unfinished"]] == ["start-up"]
    assert (page.context["missing_pieces"], page.context["done"], page.context["total"]) == (8, 9, 11)


def test_task_list_of_a_submitted_dossier_shows_what_was_frozen(client, owner):
    application, deposit = deposited_application(user=owner)
    application.association.name_fr = "Changé après"
    application.association.save()
    text = client.get(reverse("applications:task_list", args=[application.pk])).content.decode()
    assert "Filature Atlas Technique" in text and deposit.number in text


def test_step_of_a_submitted_dossier_leads_back_and_keeps_what_is_sent(client, owner):
    application, _deposit = deposited_application(user=owner)
    close(application.call)
    step = reverse("applications:step", args=[application.pk, "identite"])
    assert client.get(step)["Location"] == reverse("applications:task_list", args=[application.pk])
    page = client.post(step, {"version": "1", "identity-acronym": "TARDIF"})
    assert page.status_code == 409 and 'value="TARDIF"' in page.content.decode()
    application.refresh_from_db()
    assert application.identity.acronym == "CFATT"


# --- Rights -------------------------------------------------------------------------------------------------------------------
def every_address(application):
    """(address, data of a POST or None) of every page of one dossier."""
    pk, row, document = application.pk, Member.objects.first(), Document.objects.first()
    gets = [("task_list", [pk]), ("check", [pk]), ("declare", [pk]), ("receipt", [pk])]
    for name in ("step", "step_preview"):
        gets += [(name, [pk, slug]) for slug in STEPS_BY_SLUG]
    gets += [("row_add", [pk, "membres", "members"]), ("row", [pk, "membres", "members", row.pk])]
    gets += [("document_download", [document.pk]), ("document_remove", [document.pk])]
    posts = [address for address in gets if address[0] not in ("task_list", "check", "receipt", "document_download")]
    posts += [("upload", [pk, "ADM_RI"]), ("row_act", [pk, "membres"]), ("row_put_back", [pk, "membres", 1])]
    found = [(reverse(f"applications:{name}", args=args), None) for name, args in gets]
    return found + [(reverse(f"applications:{name}", args=args), {"version": "1", "accept": "on"}) for name, args in posts]


def visit(client, address, data):
    return client.get(address) if data is None else client.post(address, data)


def test_somebody_elses_dossier_is_404_on_every_address_and_nothing_changes(client):
    application = filled_application(user=make_user())
    client.force_login(make_user())
    before = (Member.objects.count(), Document.objects.filter(replaced_at=None).count(), sum(s.version for s in StepState.objects.all()))
    assert {visit(client, *each).status_code for each in every_address(application)} == {404}
    after = (Member.objects.count(), Document.objects.filter(replaced_at=None).count(), sum(s.version for s in StepState.objects.all()))
    assert before == after


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.AUDITOR, Role.EVALUATOR, Role.COMMITTEE_MEMBER, Role.ADMINISTRATOR])
def test_draft_is_404_for_staff_and_committee(client, role):
    application = filled_application(user=make_user())
    client.force_login(make_user(roles=[role]))
    assert {visit(client, *each).status_code for each in every_address(application)} == {404}


def test_visitor_is_sent_to_the_login_page(client):
    application = filled_application(user=make_user())
    login = reverse("account_login")
    for address, data in [(MINE, None), *every_address(application)]:
        answer = visit(client, address, data)
        assert answer.status_code == 302 and answer["Location"].startswith(login)


def test_editor_opens_every_page_but_the_declaration(client):
    application = filled_application(user=make_user())
    client.force_login(add_editor(application))
    for address, data in every_address(application):
        if data is None:
            expected = 403 if address.endswith("/declarer/") else 404 if address.endswith("/recepisse/") else 200
            assert client.get(address).status_code == expected, address


# --- Transitions ------------------------------------------------------------------------------------------------------------------
STATUSES = list(Application.Status)
ALLOWED = {(t.name, source) for t in APPLICATION_WORKFLOW.transitions for source in t.sources}


@pytest.mark.parametrize("name", [t.name for t in APPLICATION_WORKFLOW.transitions])
@pytest.mark.parametrize("status", STATUSES)
def test_transition_is_allowed_from_its_sources_only(owner, name, status):
    application = make_application(user=owner)
    submitted = {} if status == "draft" else {"number": "CL-X-0001", "deposited_at": clock.now()}
    submitted |= {"withdrawn_at": clock.now()} if status == "withdrawn" else {}
    Application.objects.filter(pk=application.pk).update(status=status, **submitted)
    further = {"number": "CL-X-0001", "deposited_at": clock.now(), "withdrawn_at": None} if name == "deposit" else None
    further = {"withdrawn_at": clock.now()} if name == "withdraw" else further
    if (name, status) in ALLOWED:
        assert move(application, name, actor=owner, extra_fields=further).status == APPLICATION_WORKFLOW.target(name, status)
    else:
        with pytest.raises(InvalidTransition):
            move(application, name, actor=owner, extra_fields=further)
        application.refresh_from_db()
        assert application.status == status


def test_status_never_moves_without_a_line_in_the_journal(owner):
    application, _deposit = deposited_application(user=owner)
    moved = move(application, "withdraw", actor=owner, note="Erreur de pièce", extra_fields={"withdrawn_at": clock.now()})
    entry = _last_entry(moved)
    assert (entry.action, entry.before, entry.after, entry.note) == ("application.withdraw", "deposited", "withdrawn", "Erreur de pièce")


def _last_entry(application):
    return type(application)._meta.apps.get_model("audit", "AuditEntry").objects.filter(object_id=str(application.pk)).first()


def test_rows_helper_sends_what_a_page_sends():
    assert rows("fees", [{"category": "Un", "amount": ""}]) == {"fees-TOTAL": "1", "fees-0-category": "Un"}
