"""Letters after the signature, nothing before; publication after the letters; what applicants and the public may read."""

import json
import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from applications.models import Application, Call
from applications.services import calls
from applications.services.notification import note_notified
from applications.views.own import wording_of
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice, OutgoingMail
from evaluation.models import ConflictDeclaration, Decision, Letter, ResultsPublication
from evaluation.pdf_letters import letter_pdf
from evaluation.services import letters as services
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests.deliberated import OPENED, held, mandatary, notified, signed

pytestmark = pytest.mark.django_db


def recuse(person, dossier):
    ConflictDeclaration.objects.create(
        evaluator=person, application=dossier, interest="disqualifying", kind="family", text="x", status="confirmed", declared_at=OPENED
    )


def text_of(printed):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(bytes(printed))).pages)


def pages_of(client, dossier):
    """Every page an applicant has of a dossier, without what changes with the moment."""
    names = ("task_list", "timeline", "messages", "archive", "receipt", "people")
    found = {name: client.get(reverse(f"applications:{name}", args=[dossier.pk])).content.decode() for name in names}
    found["mine"] = client.get(reverse("applications:my_applications")).content.decode()
    found["verify"] = client.get(reverse("applications:verify", args=[dossier.number])).content.decode()
    moving = r'(data-server-now|data-session|data-seconds|data-csrf|name="csrfmiddlewaretoken" value)="[^"]*"'
    return {name: re.sub(moving, "", text) for name, text in found.items()}


def test_before_its_letter_a_decision_changes_nothing_on_any_page_of_the_applicant(client):
    it = held(5, 3, outcomes=["selected", None])
    rejected = it.dossiers[1]
    client.force_login(mandatary(rejected))
    before = pages_of(client, rejected)
    Application.objects.filter(pk=rejected.pk).update(status="not_selected")
    after = pages_of(client, rejected)
    assert [(a, b) for name in before for a, b in zip(before[name].splitlines(), after[name].splitlines(), strict=True) if a != b] == []
    rejected.refresh_from_db()
    with override("en"):
        assert wording_of(rejected).further == "Under examination"
    for name in ("decision_told", "file_appeal", "own_appeal_piece"):
        assert client.get(reverse(f"evaluation:{name}", args=[rejected.pk])).status_code == 404
    assert client.get(reverse("evaluation:told_letter", args=[rejected.pk, 1, "fr"])).status_code == 404


def test_no_letter_before_the_minutes_are_signed():
    it = held(5, 3)
    with pytest.raises(Refused):
        services.issue_all(session=it.session, actor=it.head)
    assert (Letter.objects.count(), Application.objects.filter(notified_at__isnull=False).count()) == (0, 0)


def test_letters_are_numbered_per_call_and_issued_once_each():
    it = notified(5, 3)
    assert [done.letter.reference for done in it.issued] == [f"{it.call.number_prefix}-L-0001", f"{it.call.number_prefix}-L-0002"]
    again = services.issue_all(session=it.session, actor=it.head)
    assert [done.letter.pk for done in again] == [done.letter.pk for done in it.issued]
    content = json.loads(Letter.objects.get(decision__application=it.dossiers[1]).content)
    assert (content["outcome"], content["reasons_fact"], content["minutes"]) == ("not_selected", make.REASONS["reasons_fact"], "PV-1")
    assert content["scores"]["total"] == "60.00"
    assert {row["score"] for row in content["scores"]["criteria"]} == {"3/1"}
    person = mandatary(it.dossiers[1])
    mail = OutgoingMail.objects.get(recipient=person.email)
    assert make.REASONS["reasons_fact"] not in mail.body + mail.subject
    assert "60" not in mail.body
    assert Notice.objects.filter(recipient=person, kind="decision_notified").count() == 1


def test_scores_are_told_only_if_the_rules_say_so():
    it = notified(5, 3, terms={"score_publication": "none", "appeal_days": 30})
    content = json.loads(it.issued[0].letter.content)
    assert (content["scores"], content["appeal_days"]) == (None, 30)


def test_a_rejection_without_reasons_cannot_be_issued():
    it = signed(5, 3)
    rejected = Decision.objects.select_related("application").get(application=it.dossiers[1])
    assert services.obstacle(rejected) == ""
    rejected.reasons_law = "  "
    assert services.obstacle(rejected)


def test_a_recused_head_issues_only_what_may_be_seen():
    it = signed(5, 3)
    recuse(it.head, it.dossiers[0])
    done = services.issue_all(session=it.session, actor=it.head)
    assert [row.decision.application_id for row in done] == [it.dossiers[1].pk]
    assert Letter.objects.count() == 1


def test_only_a_decision_can_be_notified():
    it = held(5, 3, outcomes=["selected", None])
    with pytest.raises(IntegrityError), transaction.atomic():
        note_notified(application=it.dossiers[1])


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_letter_on_paper_bears_number_hash_reasons_and_means_of_appeal(lang):
    it = notified(5, 3)
    letter = it.issued[1].letter
    printed = letter_pdf(letter, lang=lang, verify_url=f"https://portail.example/courriers/{letter.reference}/")
    text = text_of(printed)
    assert letter.reference in text
    assert letter.sha256 in text.replace("\n", "")
    assert "The partnership is not established." in text
    assert PdfReader(BytesIO(bytes(printed))).trailer["/Root"]["/Lang"] == lang


def test_the_applicant_reads_the_decision_and_nobody_elses(client):
    it = notified(5, 3)
    rejected, selected = it.dossiers[1], it.dossiers[0]
    client.force_login(mandatary(rejected))
    page = client.get(reverse("evaluation:decision_told", args=[rejected.pk]))
    assert page.status_code == 200
    assert 'data-outcome="not_selected"' in page.content.decode()
    number = it.issued[1].letter.number
    assert client.get(reverse("evaluation:told_letter", args=[rejected.pk, number, "ar"])).status_code == 200
    assert client.get(reverse("evaluation:told_letter", args=[rejected.pk, it.issued[0].letter.number, "fr"])).status_code == 404
    assert client.get(reverse("evaluation:decision_told", args=[selected.pk])).status_code == 404
    for name in ("task_list", "timeline"):
        assert client.get(reverse(f"applications:{name}", args=[rejected.pk])).status_code == 200
    assert not any(person.get_full_name() in page.content.decode() for person in (*it.people, it.chair))


def test_everything_of_mine_holds_the_letters(client):
    it = notified(5, 3)
    client.force_login(mandatary(it.dossiers[1]))
    answer = client.post(reverse("applications:archive", args=[it.dossiers[1].pk]))
    names = ZipFile(BytesIO(b"".join(answer.streaming_content))).namelist()
    reference = it.issued[1].letter.reference
    assert [name for name in names if name.startswith("courriers/")] == [f"courriers/{reference}-fr.pdf", f"courriers/{reference}-ar.pdf"]


def test_verifying_a_letter_shows_its_date_and_hash_and_nothing_else(client):
    it = notified(5, 3)
    letter = it.issued[1].letter
    page = client.get(reverse("evaluation:verify_letter", args=[letter.reference]))
    text = page.content.decode()
    assert (page.status_code, letter.sha256 in text) == (200, True)
    assert it.dossiers[1].association.name_fr not in text
    assert it.dossiers[1].number not in text
    assert client.get(reverse("evaluation:verify_letter", args=["CL-0-L-9999"])).status_code == 404


# Publication


def test_results_are_published_after_the_letters_and_name_only_the_listed(client):
    it = signed(5, 4, 3, places=1, outcomes=["selected", "waiting_list", "not_selected"])
    with pytest.raises(Refused):
        services.publish(call=it.call, actor=it.head)
    it.call.refresh_from_db()
    assert (ResultsPublication.objects.count(), it.call.results_published_at) == (0, None)
    services.issue_all(session=it.session, actor=it.head)
    made = services.publish(call=it.call, actor=it.head)
    content = json.loads(made.content)
    assert [(row["rank"], row["score"]) for row in content["retained"] + content["waiting"]] == [(1, None), (2, None)]
    it.call.refresh_from_db()
    assert it.call.results_published_at == made.published_at
    page = client.get(reverse("applications:call_detail", args=[it.call.slug])).content.decode()
    names = [dossier.association.name_fr in page for dossier in it.dossiers]
    assert (names, made.sha256 in page, "Person" in page) == ([True, True, False], True, False)
    assert it.dossiers[0].association.name_fr in client.get(reverse("applications:home")).content.decode()
    with pytest.raises(Refused):
        services.publish(call=it.call, actor=it.head)


def test_scores_are_public_only_if_the_rules_list_them():
    it = notified(5, 3, terms={"score_publication": "listed"})
    content = json.loads(services.publish(call=it.call, actor=it.head).content)
    assert [row["score"] for row in content["retained"]] == ["100.00"]


def test_the_administration_cannot_publish_before_the_letters_either():
    it = signed(5, 3)
    call = Call.objects.get(pk=it.call.pk)
    call.results_published_at = clock.now()
    with pytest.raises(calls.TermsLocked) as refused:
        calls.save_call(call=call, actor=it.head, now=clock.now())
    assert list(refused.value.reasons) == ["results_published_at"]


def test_pages_issue_and_publish(client):
    it = signed(5, 3)
    letters = reverse("evaluation:letters", args=[it.call.slug, 1])
    publication = reverse("evaluation:publication", args=[it.call.slug])
    client.force_login(it.people[0])
    assert (client.get(letters).status_code, client.post(letters).status_code) == (200, 403)
    assert (client.get(publication).status_code, client.post(publication).status_code) == (200, 403)
    client.force_login(it.head)
    assert client.post(letters).status_code == 302
    assert Letter.objects.count() == 2
    assert client.get(reverse("evaluation:letter", args=[it.call.slug, 1, "fr"])).status_code == 200
    form = f'action="{publication}"'
    assert form in client.get(publication).content.decode()
    assert client.post(publication).status_code == 302
    page = client.get(publication)
    assert form not in page.content.decode() and it.head.get_full_name() in page.content.decode()
    assert client.post(publication).status_code == 302
    assert ResultsPublication.objects.count() == 1
    other = make.user(Role.DIVISION_HEAD)
    recuse(other, it.dossiers[0])
    client.force_login(other)
    assert client.get(publication).status_code == 404
    shown = client.get(letters).content.decode()
    assert it.dossiers[0].number not in shown
    assert client.get(reverse("evaluation:letter", args=[it.call.slug, 1, "fr"])).status_code == 404
