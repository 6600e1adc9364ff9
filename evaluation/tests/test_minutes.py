"""Minutes: gathered once, sealed, printed, read without what one is recused from, signed, corrected."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from applications.tests.factories import pdf_file
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AppendOnlyError, AuditEntry
from clusters_portal.lib.canonical import sha256_hex
from clusters_portal.lib.uploads import UploadRefused
from clusters_portal.notifications.models import OutgoingMail
from evaluation.models import Attachment, CommitteeSession, ConflictDeclaration, Minutes, MinutesSignature
from evaluation.pdf_minutes import minutes_pdf
from evaluation.queries import minutes as queries
from evaluation.rules import minutes as rules
from evaluation.services import minutes as services
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests.deliberated import OPENED, held, sign, signed

pytestmark = pytest.mark.django_db


def recuse(person, dossier):
    ConflictDeclaration.objects.create(
        evaluator=person, application=dossier, interest="disqualifying", kind="family", text="x", status="confirmed", declared_at=OPENED
    )


def text_of(printed):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(printed)).pages)


def draw(it):
    return services.draw_up(session=it.session, actor=it.head)


def test_minutes_tell_the_whole_session():
    it = held(5, 3)
    content = json.loads(draw(it).content)
    assert content["quorum"] == {"percent": 50, "needed": 3, "appointed": 5, "present": 5}
    assert [row["capacity"] for row in content["members"]] == ["chair", *["member"] * 4]
    first, second = content["items"]
    assert (first["application"]["number"], first["line"]["proposed_rank"], first["decision"]["outcome"]) == (
        it.dossiers[0].number,
        1,
        "selected",
    )
    assert second["decision"]["reasons_fact"] == make.REASONS["reasons_fact"]
    assert first["line"]["spread"] == ["100.0", "100.0"]
    assert [(row["name"], row["choice"]) for row in first["ballots"][0]["votes"]][-1] == (it.people[-1].get_full_name(), "abstain")
    assert content["ranking"]["sha256"] == it.ranking.sha256
    assert [row["adopted_rank"] for row in content["shortlist"]] == [1, None]


def test_a_secret_ballot_names_nobody():
    it = held(5, 3)
    ballot = it.items[0].ballots.get()
    type(ballot).objects.filter(pk=ballot.pk).update(method="secret")
    told = json.loads(draw(it).content)["items"][0]["ballots"][0]
    assert (told["votes"], [option["count"] for option in told["options"]]) == ([], [4, 0, 1])


def test_minutes_are_gathered_once():
    it = held(5, 3)
    first = draw(it)
    assert draw(it).pk == first.pk
    assert Minutes.objects.count() == 1
    assert sha256_hex(first.content) == first.sha256
    with pytest.raises(AppendOnlyError):
        first.save()


def test_no_minutes_before_the_session_is_closed():
    it = held(5, 3)
    CommitteeSession.objects.filter(pk=it.session.pk).update(status="open")
    with pytest.raises(Refused):
        draw(it)
    assert not Minutes.objects.exists()


def test_the_number_of_items_costs_no_further_query():
    counts = []
    for marks in ((5, 3), (5, 4, 3, 2)):
        it = held(*marks)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            services.minutes_content(it.session)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_every_page_bears_the_hash_and_its_number():
    it = held(5, 4, 3, 2)
    minutes = draw(it)
    printed = minutes_pdf(minutes)
    pages = PdfReader(BytesIO(printed)).pages
    assert len(pages) >= 2
    for number, page in enumerate(pages, 1):
        text = page.extract_text().replace("\n", "")
        assert minutes.sha256 in text
        assert f"{number}/{len(pages)}" in text
    assert it.dossiers[0].number in text_of(printed)
    assert bytes(minutes_pdf(minutes)) == bytes(printed)
    catalog = PdfReader(BytesIO(printed)).trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "fr"


# Recusal


def test_a_recused_reader_gets_them_without_the_dossier_renumbered_and_under_another_hash():
    it = held(5, 4, 3, places=2, outcomes=["selected", "selected", "not_selected"])
    recuse(it.people[0], it.dossiers[0])
    minutes = draw(it)
    content, whole = queries.content_for(it.people[0], minutes)
    assert not whole
    assert [(row["position"], row["application"]["number"]) for row in content["items"]] == [
        (1, it.dossiers[1].number),
        (2, it.dossiers[2].number),
    ]
    assert [row["line"]["proposed_rank"] for row in content["items"]] == [1, 2]
    assert [row["adopted_rank"] for row in content["shortlist"]] == [1, None]
    assert it.dossiers[0].number not in json.dumps(content)
    assert it.dossiers[0].association.name_fr not in json.dumps(content)
    text = text_of(minutes_pdf(minutes, content=content))
    assert it.dossiers[0].number not in text
    assert minutes.sha256 not in text.replace("\n", "")
    assert queries.content_for(it.people[1], minutes)[1]


def test_free_texts_that_name_the_dossier_are_withheld():
    it = held(5, 3)
    item = it.items[1]
    type(item).objects.filter(pk=item.pk).update(summary=f"Compared with {it.dossiers[0].number}.")
    content = json.loads(draw(it).content)
    told = rules.without(content, frozenset({str(it.dossiers[0].pk)}))
    assert told["items"][0]["summary"] == rules.WITHHELD
    assert rules.without(content, frozenset({"unknown"})) is content


def test_a_choice_between_equals_that_names_the_dossier_is_not_told():
    row = {
        "position": 1, "application": {"id": "b", "number": "B", "name_fr": "b", "name_ar": ""}, "line": None, "summary": "",
        "ballots": [{"options": [{"application_id": "a"}, {"application_id": "b"}]}],
        "decision": {"adopted_rank": 2, "tie_break_reason": "Level."},
    }  # fmt: skip
    line = {"id": "a", "number": "A", "name_fr": "alpha", "name_ar": "", "proposed_rank": 1, "adopted_rank": 1}
    content = {
        "items": [row],
        "shortlist": [line],
        "tie_steps": [{"step": "x", "group": ["a", "b"]}],
        "ranking": {"sha256": "0", "tie_rank": 1},
    }
    told = rules.without(content, frozenset({"a"}))
    assert (told["items"][0]["ballots"], told["items"][0]["decision"]) == ([], {"adopted_rank": 1, "tie_break_reason": ""})
    assert (told["shortlist"], told["tie_steps"], told["ranking"]) == ([], [], {"sha256": "", "tie_rank": None})
    assert content["items"][0]["ballots"]


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
