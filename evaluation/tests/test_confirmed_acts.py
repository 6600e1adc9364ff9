"""Acts that bind ask again who one is: adopting a grid, deciding, signing, letters, publishing, answering an appeal; nothing is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from evaluation.models import AppealAnswer, Decision, Letter, MinutesSignature, ResultsPublication
from evaluation.services import minutes as minutes_services
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet
from evaluation.tests.deliberated import held, mandatary, notified
from evaluation.tests.test_admin import form_of, staff
from evaluation.tests.test_appeals import file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PASSWORD = "une phrase de passe assez longue"
ASK = reverse("account_reauthenticate")


def signed_in(client, person):
    person.set_password(PASSWORD)
    person.save()
    client.force_login(person)


def asked(client, address, data):
    """The page where one proves who one is, after sending this."""
    answer = client.post(address, data)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, ASK)
    return answer["Location"]


def test_a_decision_comes_back_filled_in_and_is_recorded_from_there(client):
    call, (dossier, _other), _ranking = make.call_before_committee(5, 3, places=1, people=1)
    meet.in_progress(dossier)
    signed_in(client, make.user(Role.DIVISION_HEAD))
    address = reverse("evaluation:decide", args=[call.slug, dossier.pk])
    typed = {"outcome": "not_selected", "reasons_fact": "كتلة غير كافية « six entreprises »", "deviation_reason": "Écart motivé."}
    confirm = asked(client, address, typed)
    assert b"<form" in client.get(confirm).content
    assert client.post(confirm, {"password": "wrong"}).status_code == 200
    assert not Decision.objects.exists()
    refused = client.post(confirm, {"password": PASSWORD})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reasons_law"])
    assert {name: refused.context["form"][name].value() for name in typed} == typed
    assert f'action="{address}"' in refused.content.decode()  # this page has the address of the confirmation
    done = client.post(address, typed | {"reasons_law": "Article 7.2."})
    assert done["Location"] == reverse("evaluation:session", args=[call.slug, 1])
    assert Decision.objects.get().reasons_fact == typed["reasons_fact"]


def test_a_grid_is_adopted_by_who_proves_who_they_are(client):
    head = staff(Role.DIVISION_HEAD)
    grid = make.grids.create_default_grid(call=make.call(), actor=head)
    signed_in(client, head)
    address = reverse("admin:evaluation_grid_change", args=[grid.pk])
    asked(client, reverse("evaluation:adopt_grid", args=[grid.call.slug, 1]), {"adopted_on": clock.today(), "reference": "PV 1"})
    data = form_of(client.get(address)) | {"adopt_on": clock.today().isoformat(), "adopt_reference": "PV 1"}
    confirm = asked(client, address, data)
    grid.refresh_from_db()
    assert grid.adopted_on is None
    assert client.post(confirm, {"password": PASSWORD}).status_code == 302
    grid.refresh_from_db()
    assert (grid.adopted_on, grid.adoption_reference) == (clock.today(), "PV 1")


def test_signing_issuing_and_publishing_are_confirmed(client):
    it = held(5, 3)
    minutes = minutes_services.draw_up(session=it.session, actor=it.head)
    signed_in(client, it.head)
    of_session = [it.call.slug, it.session.number]
    asked(client, reverse("evaluation:letters", args=of_session), {})
    asked(client, reverse("evaluation:publication", args=[it.call.slug]), {})
    signed_in(client, it.chair)
    address = reverse("evaluation:sign_minutes", args=[*of_session, 1])
    assert 'name="scan"' not in client.get(address).content.decode()  # the file is chosen once one is confirmed
    confirm = asked(client, address, {"by_scan": "1", "scan": SimpleUploadedFile("pv.pdf", b"%PDF-1.4")})
    asked(client, address, {"by_typing": "1", "typed_name": it.chair.get_full_name(), "seen": minutes.sha256})
    assert not (Letter.objects.exists() or ResultsPublication.objects.exists() or MinutesSignature.objects.exists())
    without_file = client.post(confirm, {"password": PASSWORD})
    assert (without_file.status_code, list(without_file.context["scanned"].errors)) == (422, ["scan"])
    assert 'name="scan"' in client.get(address).content.decode()


def test_answering_an_appeal_is_confirmed_and_its_draft_is_not(client):
    it = notified(5, 3)
    appeal = file(it)
    signed_in(client, it.head)
    address = reverse("evaluation:appeal", args=[appeal.number])
    reply = {"revision": 0, "outcome": "dismissed", "reasons_fact": "Seize entreprises.", "reasons_law": "Article 3.3."}
    assert client.post(address, reply | {"save": "1"}).url == address
    confirm = asked(client, address, reply | {"revision": 1, "answer": "1"})
    assert not AppealAnswer.objects.exists()
    assert client.post(confirm, {"password": PASSWORD}).url == address
    assert AppealAnswer.objects.get().reasons_fact == reply["reasons_fact"]
    assert mandatary(it.dossiers[1]).notices.filter(kind="appeal_answered").exists()
