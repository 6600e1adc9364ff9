"""The filter of the work list is kept by every page about one of its applications, there and back."""

import pytest
from django.contrib.admin.sites import site
from django.test import RequestFactory
from django.urls import reverse
from django.utils.html import escape

from applications.models import Association, Note
from applications.services.notes import write_note
from clusters_portal.accounts.roles import Role
from clusters_portal.accounts.tests.confirming import just_confirmed

from .complements import OVERALL, ask_for, closed_deposit
from .factories import make_user, propose_check
from .staff_fixtures import officer
from .test_admissibility import REASONS
from .test_complement_views import asking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
FILTER = "status=deposited&q=Atlas"


@pytest.fixture
def application(owner):
    return closed_deposit(owner)[0]


def kept(application, name):
    return reverse(f"applications:{name}", args=[application.pk]) + f"?{FILTER}"


@pytest.mark.parametrize("name", ["staff_messages", "admissibility", "complement_ask"])
def test_pages_of_an_application_lead_there_and_back_with_the_filter(client, application, name):
    client.force_login(officer())
    assert f'href="{escape(kept(application, name))}"' in client.get(kept(application, "reading")).content.decode()
    html = client.get(kept(application, name) + "&page=2&piece=x").content.decode()
    assert f'href="{escape(kept(application, "reading"))}"' in html
    assert f'href="{escape(reverse("applications:worklist") + "?" + FILTER)}"' in html


def test_a_proposal_and_a_request_keep_it_too(client, application):
    client.force_login(officer())
    sent = client.post(kept(application, "complement_ask"), asking(pick=[OVERALL], send="1"))
    assert sent["Location"] == kept(application, "complement_review")
    review = client.get(sent["Location"]).content.decode()
    assert f'href="{escape(kept(application, "complement_cancel"))}"' in review
    assert client.post(kept(application, "staff_messages"), {"body": "Bonjour"})["Location"] == kept(application, "staff_messages")
    assert client.post(kept(application, "complement_cancel"), {"reason": "Erreur"})["Location"] == kept(application, "complement_review")


def test_validating_keeps_it(client, application):
    check = propose_check(application, officer=officer(), **REASONS)
    client.force_login(make_user(roles=[Role.DIVISION_HEAD]))
    page = client.get(kept(application, "admissibility")).content.decode()
    assert f'action="{escape(kept(application, "admissibility_validate"))}"' in page
    done = just_confirmed(client).post(kept(application, "admissibility_validate"), {"version": check.version})
    assert done["Location"] == kept(application, "admissibility")


def test_administration_finds_a_note_by_the_name_of_the_deposit_only(application):
    head = make_user(roles=[Role.DIVISION_HEAD], is_staff=True)
    write_note(application=application, body="À revoir", actor=head)
    ask_for(application)
    frozen = application.current_deposit.name_fr
    Association.objects.filter(pk=application.association_id).update(name_fr="Nom de demain")
    request = RequestFactory().get("/")
    request.user = head
    listed = site.get_model_admin(Note)
    found = [
        [note.body for note in rows.distinct()] if repeated else [note.body for note in rows]
        for rows, repeated in (
            listed.get_search_results(request, listed.get_queryset(request), words) for words in (frozen, "Nom de demain")
        )
    ]
    assert found == [["À revoir"], []]
