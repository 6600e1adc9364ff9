"""Signing, correcting, and the pages of both."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from applications.tests.factories import pdf_file
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib.uploads import UploadRefused
from clusters_portal.notifications.models import OutgoingMail
from evaluation.models import Attachment, Minutes, MinutesSignature
from evaluation.pdf_minutes import minutes_pdf
from evaluation.queries import minutes as queries
from evaluation.services import minutes as services
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests.deliberated import OPENED, held, sign, signed
from evaluation.tests.minutes.helpers import draw, recuse, text_of

pytestmark = pytest.mark.django_db


# Signature


def test_the_chair_signs_and_the_session_moves():
    it = held(5, 3)
    minutes = draw(it)
    signature = sign(it, minutes)
    assert (it.session.status, signature.capacity, signature.sha256) == ("signed", "chair", minutes.sha256)
    assert minutes.sha256 in signature.statement
    assert AuditEntry.objects.filter(action="minutes.signed").count() == 1
    assert OutgoingMail.objects.filter(recipient=it.chair.email).count() == 1


@pytest.mark.parametrize("change", ["name", "hash"])
def test_a_wrong_name_or_another_hash_signs_nothing(change):
    it = held(5, 3)
    minutes = draw(it)
    values = {"typed_name": it.chair.get_full_name(), "seen_sha256": minutes.sha256}
    values |= {"typed_name": "Somebody Else"} if change == "name" else {"seen_sha256": "0" * 64}
    with pytest.raises(Refused) as refused:
        services.sign_typed(minutes=minutes, actor=it.chair, **values)
    assert refused.value.code == change
    it.session.refresh_from_db()
    assert (MinutesSignature.objects.count(), it.session.status) == (0, "closed")


def test_a_content_that_is_not_the_one_sealed_cannot_be_signed():
    it = held(5, 3)
    minutes = draw(it)
    made = Minutes(session=it.session, sequence=2, corrects=minutes, correction_reason="x", correction="x", content="{}", sha256="0" * 64)
    made.created_at, made.created_by = OPENED, it.head
    made.save()
    with pytest.raises(Refused) as refused:
        services.sign_typed(minutes=made, typed_name=it.chair.get_full_name(), seen_sha256=made.sha256, actor=it.chair)
    assert refused.value.code == "hash"
    assert not MinutesSignature.objects.exists()


def test_nobody_else_signs_while_the_chair_can():
    it = held(5, 3)
    minutes = draw(it)
    outsider = make.user(Role.COMMITTEE_CHAIR)
    for person in (*it.people, it.head, outsider):
        assert queries.signing_capacity(person, it.session) == ""
        with pytest.raises(Refused):
            sign(it, minutes, person, stand_in_reason="I can.")
    assert not MinutesSignature.objects.exists()


def test_a_recused_chair_does_not_sign_a_stand_in_does_and_says_why():
    it = held(5, 3)
    recuse(it.chair, it.dossiers[0])
    recuse(it.people[0], it.dossiers[1])
    minutes = draw(it)
    assert queries.signing_capacity(it.chair, it.session) == ""
    assert queries.signing_capacity(it.people[0], it.session) == ""
    assert queries.signing_capacity(it.people[1], it.session) == "stand_in"
    told = set(OutgoingMail.objects.filter(subject__contains=minutes.reference).values_list("recipient", flat=True))
    assert told == {person.email for person in it.people if queries.signing_capacity(person, it.session)} and it.chair.email not in told
    with pytest.raises(Refused) as refused:
        sign(it, minutes, it.people[1])
    assert refused.value.code == "stand_in"
    signature = sign(it, minutes, it.people[1], stand_in_reason="The chair declared an interest.")
    assert (signature.capacity, it.session.status) == ("stand_in", "signed")


def test_signing_twice_is_refused():
    it = signed(5, 3)
    with pytest.raises(Refused):
        sign(it, it.minutes)
    assert MinutesSignature.objects.count() == 1


def test_a_scan_is_kept_and_its_pages_compared():
    it = held(5, 3)
    minutes = draw(it)
    signature = services.sign_scan(minutes=minutes, upload=pdf_file("pv-signe.pdf"), actor=it.chair)
    expected = len(PdfReader(BytesIO(minutes_pdf(minutes))).pages)
    assert (signature.method, signature.expected_pages, signature.scan.pages, signature.pages_differ) == (
        "scan",
        expected,
        1,
        expected != 1,
    )
    assert signature.scan.scan == Attachment.Scan.NOT_SCANNED
    it.session.refresh_from_db()
    assert it.session.status == "signed"


def test_a_scan_that_is_no_pdf_is_refused():
    it = held(5, 3)
    minutes = draw(it)
    with pytest.raises(UploadRefused):
        services.sign_scan(minutes=minutes, upload=pdf_file("pv.pdf").__class__("pv.pdf", b"MZ not a pdf"), actor=it.chair)
    it.session.refresh_from_db()
    assert (Attachment.objects.count(), it.session.status) == (0, "closed")


# Correction


def test_a_correction_is_further_minutes_and_the_first_stay():
    it = signed(5, 3)
    before = Minutes.objects.get(sequence=1).sha256
    further = services.correct(session=it.session, reason="A name was misspelt.", correction="Read “Rabat” for “Rbat”.", actor=it.head)
    assert (further.sequence, further.corrects_id, further.reference) == (2, it.minutes.pk, "PV-1-R1")
    assert json.loads(further.content)["correction"]["sha256"] == before
    assert Minutes.objects.get(sequence=1).sha256 == before
    assert "PV-1" in text_of(minutes_pdf(further))
    with pytest.raises(Refused):
        services.correct(session=it.session, reason="Again.", correction="More.", actor=it.head)
    sign(it, further)
    assert MinutesSignature.objects.count() == 2


def test_only_signed_minutes_are_corrected_and_with_both_texts():
    it = held(5, 3)
    draw(it)
    with pytest.raises(Refused):
        services.correct(session=it.session, reason="x", correction="x", actor=it.head)
    it = signed(5, 3)
    with pytest.raises(Refused):
        services.correct(session=it.session, reason=" ", correction="x", actor=it.head)
    assert not Minutes.objects.filter(sequence=2).exists()


def test_the_database_refuses_a_further_one_without_reason():
    it = signed(5, 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Minutes.objects.create(
            session=it.session, sequence=2, content="{}", sha256="0", created_at=OPENED + timedelta(days=1), created_by=it.head
        )


# Pages


def page(name, it, *args):
    return reverse(f"evaluation:{name}", args=[it.call.slug, it.session.number, *args])


def test_the_pages_draw_up_read_and_correct(client):
    it = held(5, 3)
    client.force_login(it.head)
    assert client.post(page("draw_minutes", it)).status_code == 302
    answer = client.get(page("minutes_document", it, 1))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert client.get(page("minutes_original", it, 1)).status_code == 404
    sign(it, Minutes.objects.get())
    assert client.get(page("minutes_original", it, 1)).status_code == 200
    assert client.post(page("correct_minutes", it), {"reason": "", "correction": "x"}).status_code == 422
    assert client.post(page("correct_minutes", it), {"reason": "y", "correction": "x"}).status_code == 302
    assert client.get(page("minutes", it)).status_code == 200
    assert Minutes.objects.count() == 2


def test_signing_by_page_asks_who_one_is_again(client):
    it = held(5, 3)
    minutes = draw(it)
    it.chair.set_password("demonstration-2026")
    it.chair.save()
    client.force_login(it.chair)
    address = page("sign_minutes", it, 1)
    assert client.get(address).status_code == 200
    data = {"typed_name": it.chair.get_full_name(), "seen": minutes.sha256, "by_typing": "1"}
    asked = client.post(address, data)
    assert (asked.status_code, asked["Location"].split("?")[0]) == (302, reverse("account_reauthenticate"))
    assert not MinutesSignature.objects.exists()
    client.post(asked["Location"], {"password": "wrong"})
    assert not MinutesSignature.objects.exists()
    done = client.post(asked["Location"], {"password": "demonstration-2026"})
    assert done.status_code == 302
    assert MinutesSignature.objects.get().signer == it.chair


def test_the_original_is_not_for_members_nor_for_the_recused(client):
    it = signed(5, 3)
    recused_head = make.user(Role.DIVISION_HEAD)
    recuse(recused_head, it.dossiers[0])
    for person, expected in ((it.people[0], 404), (recused_head, 404), (it.chair, 200), (it.head, 200), (make.user(Role.AUDITOR), 200)):
        client.force_login(person)
        assert client.get(page("minutes_original", it, 1)).status_code == expected
    client.force_login(recused_head)
    with override("en"):
        shown = client.get(page("minutes", it)).content.decode()
        assert it.minutes.sha256 not in shown
        assert it.dossiers[0].number not in text_of(client.get(page("minutes_document", it, 1)).content)
    assert client.post(page("draw_minutes", it)).status_code == 404
    assert client.get(page("correct_minutes", it)).status_code == 404
