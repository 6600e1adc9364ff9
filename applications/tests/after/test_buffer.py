"""The draft behind a deposit: nobody else sees it, and its state is said in words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application
from applications.services.documents import attach
from applications.services.drafts import save_step
from applications.steps import STEPS_BY_SLUG
from clusters_portal.accounts.roles import Role

from ..builders import deposited_application, filled_application
from ..factories import close, make_call, make_user, pdf_file
from .helpers import address, again, change, dated, save_again, wordings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# --- What nobody else sees -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.COUNTER_AGENT, Role.AUDITOR])
def test_dptc_reads_the_deposit_and_nothing_of_the_draft_behind_it(client, deposited, owner, role):
    marks = ("Secret-Nom", "Secret-Texte", "secret.pdf")
    save_step(application=deposited, step=STEPS_BY_SLUG["identite"], data={"association-name_fr": marks[0]}, actor=owner)
    change(deposited, owner, marks[1])
    other = deposited.call.document_requirements.get(code="OTHER")
    added = attach(application=deposited, requirement=other, upload=pdf_file(marks[2]), actor=owner, label="Secret-Titre")
    client.force_login(make_user(roles=[role]))
    for page in (reverse("applications:worklist"), address(deposited, "reading"), address(deposited, "to_sign")):
        text = client.get(page).content.decode()
        assert deposited.current_deposit.name_fr in text or "Fil-Atlas" in text
        assert "Secret" not in text and marks[2] not in text and "NOT SUBMITTED" not in text, page
    assert client.get(reverse("applications:document_download", args=[added.pk])).status_code == 404
    for name in ("modify", "changes", "give_up", "withdraw", "check", "declare"):
        assert client.get(address(deposited, name)).status_code == 404
    assert client.get(address(deposited, "receipt_of_snapshot", 1)).status_code == 404


def test_no_label_of_a_deposited_dossier_bears_the_name_behind_it(client, deposited, owner):
    save_step(application=deposited, step=STEPS_BY_SLUG["identite"], data={"association-name_fr": "Secret-Nom"}, actor=owner)
    client.force_login(make_user(roles=[Role.DIVISION_HEAD], is_staff=True))
    changed = Application.objects.select_related("association").get(pk=deposited.pk)
    assert (changed.association.name_fr, str(changed)) == ("Secret-Nom", changed.number)
    listed = reverse("admin:applications_application_changelist")
    for page in (listed, reverse("admin:applications_application_change", args=[deposited.pk])):
        text = client.get(page).content.decode()
        assert deposited.current_deposit.name_fr in text and "Secret" not in text
    assert client.get(listed, {"q": "Secret-Nom"}).context["cl"].result_count == 0
    assert client.get(listed, {"q": deposited.current_deposit.name_fr}).context["cl"].result_count == 1


# --- State in words ----------------------------------------------------------------------------------------------------------------
def test_state_in_words_follows_the_draft_behind_the_deposit(client, deposited, owner):
    values = {**dated(deposited.deposited_at), "number": deposited.number}
    submitted = "Submitted on {day} at {time}, no. {number}".format(**values)
    changed = "Changes NOT SUBMITTED — deposit of {day} at {time}, no. {number}".format(**values)
    assert wordings(client) == [submitted]
    save_again(deposited, owner)
    assert wordings(client) == [submitted]  # saved, and says the same
    # A page that did not compare says no more than that something was saved.
    assert client.get(address(deposited, "people")).context["wording"].text == f"{submitted} — later saves NOT SUBMITTED"
    change(deposited, owner)
    assert wordings(client) == [changed]
    for name in ("task_list", "modify", "check", "changes"):
        assert client.get(address(deposited, name)).context["wording"].text == changed
    again(deposited, owner)
    assert wordings(client)[0].startswith("Submitted on")
    change(deposited, owner, "Trop tard")
    close(deposited.call)
    assert wordings(client)[0].startswith("Submitted on")


def test_a_draft_after_the_deadline_is_closed_and_not_submitted(client, owner):
    application = filled_application(user=owner)
    close(application.call)
    assert wordings(client) == ["Closed — NOT SUBMITTED"]


def test_a_page_that_did_not_look_does_not_call_a_ready_draft_a_draft(client, owner):
    application = filled_application(user=owner)
    assert client.get(address(application, "step", "territoire")).context["wording"].text == "NOT SUBMITTED"
    assert client.get(address(application, "step_preview", "territoire")).context["wording"].text == "Ready to submit — NOT SUBMITTED"


def test_list_compares_as_many_dossiers_in_as_many_queries(client, owner):
    call, counts = make_call(), []
    for name in ("a-textile", "b-hydrogene", "c-agritech"):
        application, _made = deposited_application(call=call, user=owner, name=name)
        change(application, owner)
        with CaptureQueriesContext(connection) as queries:
            assert all("NOT SUBMITTED" in text for text in wordings(client))
        counts.append(len(queries))
    assert counts[1] == counts[2]
