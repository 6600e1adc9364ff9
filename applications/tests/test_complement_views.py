"""Pages of a complement request: DPTC's, the applicant's, what each refuses, and the lists that show it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application, ComplementRequest, Deposit
from applications.pdf.receipt import receipt_context
from applications.services.complement_answers import answer, save
from applications.services.complements import cancel
from applications.steps import STEPS_BY_SLUG
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock

from .builders import DECLARATION
from .complements import FEES, FORM, LINE, OVERALL, PIECE, ask_for, closed_deposit
from .factories import add_editor, make_user, pdf_file
from .staff_fixtures import STAFF_WHO_READ, officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
STRATEGY = STEPS_BY_SLUG["strategie"]
NEW = {"strategy-overall": "Une stratégie complétée."}


@pytest.fixture
def application(owner):
    return closed_deposit(owner)[0]


@pytest.fixture
def person(client):
    """A case officer; signs in when asked to."""
    return officer()


def address(application, name, *args):
    return reverse(f"applications:{name}", args=[application.pk, *args])


def asking(**changes):
    data = {"pick": [OVERALL, PIECE], f"question-{OVERALL}": "Quelle vision ?", "reason": "À compléter.", "due_day": "01/12/2099"}
    return {**data, "due_time": "15:00", **changes}


# --- DPTC ---------------------------------------------------------------------------------------------------------------
def test_request_is_composed_previewed_and_sent(client, application, person):
    client.force_login(person)
    page = client.get(address(application, "complement_ask"))
    assert page.status_code == 200 and f'value="{OVERALL}"' in page.content.decode()
    assert client.get(address(application, "reading")).content.decode().count(address(application, "complement_ask")) == 1
    preview = client.post(address(application, "complement_ask"), asking(preview="1"))
    assert preview.status_code == 200 and "Quelle vision ?" in preview.content.decode()
    assert "1 December 2099 at 15:00, Morocco time" in preview.content.decode()
    assert not ComplementRequest.objects.exists()
    sent = client.post(address(application, "complement_ask"), asking(send="1"))
    assert (sent.status_code, sent["Location"]) == (302, address(application, "complement_review"))
    asked = ComplementRequest.objects.get()
    assert [(item.key, item.question) for item in asked.items.all()] == [(OVERALL, "Quelle vision ?"), (PIECE, "")]
    assert clock.local(asked.due_at).strftime("%Y-%m-%d %H:%M") == "2099-12-01 15:00"
    assert client.post(address(application, "complement_ask"), asking(send="1")).status_code == 403


def test_refused_request_keeps_what_was_typed(client, application, person):
    client.force_login(person)
    for changes in ({"due_day": "01/01/2020"}, {"due_day": "x"}, {"reason": ""}, {"due_time": ""}):
        for button in ("preview", "send"):
            page = client.post(address(application, "complement_ask"), asking(**changes, **{button: "1"}))
            assert page.status_code == 422 and "Quelle vision ?" in page.content.decode()
            assert f'value="{PIECE}" id="pick-{PIECE}" checked' in page.content.decode()
    nothing = client.post(address(application, "complement_ask"), asking(pick=[], preview="1"))
    assert nothing.status_code == 422 and list(nothing.context["errors"]) == ["items"]
    back = client.post(address(application, "complement_ask"), asking(edit="1"))
    assert back.status_code == 200 and "Quelle vision ?" in back.content.decode()
    assert not ComplementRequest.objects.exists()


@pytest.mark.parametrize("role", STAFF_WHO_READ)
def test_readers_see_the_request_and_cannot_act(client, application, role):
    ask_for(application)
    client.force_login(make_user(roles=[role]))
    page = client.get(address(application, "complement_review"))
    assert page.status_code == 200 and address(application, "complement_cancel") not in page.content.decode()
    assert client.get(address(application, "complement_ask")).status_code == 403
    assert client.post(address(application, "complement_cancel"), {"reason": "Non"}).status_code == 403
    assert ComplementRequest.objects.get().cancelled_at is None


def test_others_get_the_page_of_what_does_not_exist(client, application):
    ask_for(application)
    names = ("complement", "complement_send", "complement_review", "complement_ask", "complement_cancel")
    for user in (make_user(), make_user(roles=[Role.EVALUATOR]), make_user(roles=[Role.ADMINISTRATOR])):
        client.force_login(user)
        assert {client.get(address(application, name)).status_code for name in names} == {404}
        assert client.post(address(application, "complement_step", "strategie"), NEW).status_code == 404
        assert client.post(address(application, "complement_piece", "ADM_RI"), {"file": pdf_file()}).status_code == 404


def test_cancelling_asks_for_a_reason(client, application, person):
    ask_for(application)
    client.force_login(person)
    assert client.post(address(application, "complement_cancel"), {"reason": ""}).status_code == 422
    assert client.post(address(application, "complement_cancel"), {"reason": "Erreur"}).status_code == 302
    text = client.get(address(application, "complement_review")).content.decode()
    assert "Erreur" in text and address(application, "complement_ask") in text
    assert client.get(address(application, "complement_cancel")).status_code == 403


def test_old_and_new_stand_side_by_side(client, application, owner, person):
    asked = ask_for(application, OVERALL, LINE, FEES, PIECE)
    client.force_login(person)
    assert [line["new"] for line in client.get(address(application, "complement_review")).context["lines"]] == [None] * 4
    save(asked=asked, step=STRATEGY, data=NEW, actor=owner)
    answer(asked=asked, declaration=DECLARATION, actor=owner)
    page = client.get(address(application, "complement_review"))
    assert [line["changed"] for line in page.context["lines"]] == [True, False, False, False]
    before, after = page.context["lines"][0]["choice"], page.context["lines"][0]["new"]
    assert after.block.fields[0].cell.text == NEW["strategy-overall"] != before.block.fields[0].cell.text
    reading = client.get(address(application, "reading"))
    moments = [clock.format_moment(made.received_at) for made in application.deposits.order_by("sequence")]
    assert f"Received on {moments[0]}, completed on {moments[1]}" in reading.content.decode()
    assert NEW["strategy-overall"] in reading.content.decode() and address(application, "complement_review") in reading.content.decode()


def test_admissibility_page_says_that_a_complement_is_awaited(client, application, person):
    asked = ask_for(application)
    client.force_login(person)
    page = client.get(address(application, "admissibility"))
    assert page.status_code == 403 and clock.format_moment(asked.due_at, "en") in page.content.decode()


@pytest.mark.parametrize("state", ["open", "answered", "overdue"])
def test_work_list_filters_by_state(client, application, owner, person, state):
    client.force_login(person)

    def found(value):
        return [row.application.number for row in client.get(reverse("applications:worklist"), {"complement": value}).context["rows"]]

    assert found(state) == []
    asked = ask_for(application, OVERALL)
    if state == "answered":
        save(asked=asked, step=STRATEGY, data=NEW, actor=owner)
        answer(asked=asked, declaration=DECLARATION, actor=owner)
    if state == "overdue":
        ComplementRequest.objects.update(asked_at=application.call.deadline_at, due_at=clock.now() - timedelta(seconds=2))
    for value in ("open", "answered", "overdue"):
        assert found(value) == ([application.number] if value == state else [])
    if state != "answered":
        cancel(request_id=asked.pk, reason="Erreur", actor=person)
        assert found(state) == []


# --- The applicant ------------------------------------------------------------------------------------------------------
def test_dossier_says_what_is_asked(client, application):
    for name, args in (("my_applications", ()), ("task_list", (application.pk,))):
        assert "data-complement" not in client.get(reverse(f"applications:{name}", args=args)).content.decode()
    assert client.get(address(application, "complement")).status_code == 404
    asked = ask_for(application)
    for name, args in (("my_applications", ()), ("task_list", (application.pk,))):
        assert 'data-complement="open"' in client.get(reverse(f"applications:{name}", args=args)).content.decode()
    page = client.get(address(application, "complement"))
    assert [line["item"].key for line in page.context["lines"]] == [OVERALL, PIECE]
    assert clock.format_moment(asked.due_at, "en") in page.content.decode()


def test_step_shows_the_open_fields_alone(client, application):
    ask_for(application, OVERALL, LINE, FEES)
    names = {}
    for slug in ("strategie", "budget", "gouvernance"):
        text = client.get(address(application, "complement_step", slug)).content.decode()
        names[slug] = text
    assert 'name="strategy-overall"' in names["strategie"] and "strategy-positioning" not in names["strategie"]
    assert 'name="lines-staff_costs_y1"' in names["budget"] and "lines-rent_y1" not in names["budget"]
    assert 'name="fees-TOTAL"' in names["gouvernance"] and "board-TOTAL" not in names["gouvernance"]
    assert client.get(address(application, "complement_step", "territoire")).status_code == 404
    assert client.get(address(application, "complement_step", "nulle-part")).status_code == 404


def test_forged_fields_are_ignored_and_other_pieces_refused(client, application):
    ask_for(application)
    before = application.strategy.positioning
    data = {**NEW, "strategy-positioning": "Glissé", "version": _version(client, application)}
    answered = client.post(address(application, "complement_step", "strategie"), data)
    assert (answered.status_code, answered["Location"]) == (302, address(application, "complement"))
    application.strategy.refresh_from_db()
    assert (application.strategy.overall, application.strategy.positioning) == (NEW["strategy-overall"], before)
    files = application.documents.count()
    assert client.post(address(application, "complement_piece", "ADM_STATUTS"), {"file": pdf_file()}).status_code == 403
    assert client.post(address(application, "complement_piece", "ADM_RI"), {}).status_code == 422
    assert application.documents.count() == files
    script = {"headers": {"accept": "application/json"}}
    answer = client.post(address(application, "complement_piece", "ADM_RI"), {}, **script)
    assert answer.status_code == 422 and answer.json()["received"] == [] and len(answer.json()["refused"]) == 1
    answer = client.post(address(application, "complement_piece", "ADM_RI"), {"file": pdf_file("essai.pdf")}, **script)
    assert (answer.status_code, answer.json()) == (200, {"received": ["essai.pdf"], "refused": []})
    assert client.post(address(application, "complement_piece", "ADM_RI"), {"file": pdf_file("nouveau.pdf")}).status_code == 302
    assert application.documents.count() == files + 2


def _version(client, application):
    return client.get(address(application, "complement_step", "strategie")).context["version"]


def test_stale_step_shows_both_texts(client, application, owner):
    asked = ask_for(application)
    version = _version(client, application)
    save(asked=asked, step=STRATEGY, data=NEW, actor=add_editor(application))
    page = client.post(address(application, "complement_step", "strategie"), {"strategy-overall": "La mienne", "version": version})
    assert page.status_code == 409
    assert [(d.mine, d.theirs) for d in page.context["conflict"]["differences"]] == [("La mienne", NEW["strategy-overall"])]
    assert "La mienne" in page.content.decode()


def test_ordinary_pages_stay_closed(client, application):
    ask_for(application, OVERALL, "membres.members")
    for name in ("workbook", "members_file"):
        assert client.get(address(application, name)).status_code == 403
    assert client.get(address(application, "step", "strategie")).status_code == 302
    assert client.post(address(application, "step", "strategie"), {**NEW, "version": "1"}).status_code == 409
    assert client.post(address(application, "declare"), FORM).status_code in (302, 409)
    assert Deposit.objects.count() == 1


def test_answer_is_declared_again_and_leads_to_the_receipt(client, application, owner):
    asked = ask_for(application, OVERALL)
    save(asked=asked, step=STRATEGY, data=NEW, actor=owner)
    page = client.get(address(application, "complement_send"))
    assert page.status_code == 200 and page.context["form"]["place"].value() == "Nouaceur"
    assert client.post(address(application, "complement_send"), {**FORM, "accept": ""}).status_code == 422
    assert Deposit.objects.count() == 1
    for _click in range(2):
        sent = client.post(address(application, "complement_send"), FORM)
        assert (sent.status_code, sent["Location"]) == (302, address(application, "receipt"))
    made = Deposit.objects.get(sequence=2)
    receipt = client.get(address(application, "receipt")).content.decode()
    assert made.kind == Deposit.Kind.COMPLEMENT and made.sha256 in receipt
    first = clock.format_moment(application.deposited_at, "en")
    told = f"No. 2 under this number: the answer to a complement request of DPTC. It completes the application received on {first}."
    assert told in receipt and "remains to be done on paper" not in receipt
    printed = receipt_context(made, lang="fr", verify_url="https://portal.example/x")
    assert (printed["completes"], printed["on_paper"]) == (clock.format_moment(application.deposited_at, "fr"), False)
    assert 'data-complement="answered"' in client.get(address(application, "task_list")).content.decode()


def test_editor_is_told_who_sends(client, application, owner):
    ask_for(application, OVERALL)
    client.force_login(add_editor(application))
    assert "Only the authorised representative may send the answer" in client.get(address(application, "complement")).content.decode()
    assert client.post(address(application, "complement_send"), FORM).status_code == 403
    assert Deposit.objects.count() == 1


def test_after_the_due_date_pages_are_read_only(client, application, owner):
    asked = ask_for(application, OVERALL, PIECE)
    ComplementRequest.objects.filter(pk=asked.pk).update(asked_at=application.call.deadline_at, due_at=clock.now() - timedelta(seconds=2))
    text = client.get(address(application, "complement")).content.decode()
    assert address(application, "complement_send") not in text and address(application, "complement_piece", "ADM_RI") not in text
    assert client.get(address(application, "complement_step", "strategie")).status_code == 302
    late = client.post(address(application, "complement_step", "strategie"), {**NEW, "version": "9"})
    assert late.status_code == 409 and NEW["strategy-overall"] in late.content.decode()
    assert client.post(address(application, "complement_piece", "ADM_RI"), {"file": pdf_file()}).status_code == 422
    assert client.get(address(application, "complement_send")).status_code == 403
    assert client.post(address(application, "complement_send"), FORM).status_code == 409
    assert Deposit.objects.count() == 1 and Application.objects.get(pk=application.pk).strategy.overall != NEW["strategy-overall"]


def test_call_without_complements_has_no_page(client, owner, person):
    application, _made = closed_deposit(owner, complement_allowed=False)
    assert client.get(address(application, "complement")).status_code == 404
    client.force_login(person)
    assert client.get(address(application, "complement_review")).status_code == 404
    page = client.get(address(application, "complement_ask"))
    assert page.status_code == 403 and "does not allow complement requests" in page.content.decode()
    assert address(application, "complement_ask") not in client.get(address(application, "reading")).content.decode()
