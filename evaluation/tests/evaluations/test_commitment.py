"""Nothing of a dossier opens to an evaluator who has not signed the commitment of confidentiality, in whatever form it is asked."""

import pytest
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from evaluation.models import Evaluation, EvaluatorProfile
from evaluation.rules.commitment import PARAGRAPHS
from evaluation.services import evaluations, evaluators
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make

pytestmark = pytest.mark.django_db
ABSENT = "00000000-0000-4000-8000-000000000000"


def unsigned(person):
    """As if the commitment had never been signed."""
    EvaluatorProfile.objects.filter(user=person).update(confidentiality_signed_on=None)


def test_nothing_opens_before_the_signature_and_everything_after(client):
    _call, (dossier,) = make.scored_call(3, people=2)
    make.opened(dossier)
    person = dossier.assignments.order_by("pk").first().evaluator
    unsigned(person)
    client.force_login(person)
    sheet = Evaluation.objects.get(assignment__evaluator=person)
    pages = [
        reverse("evaluation:dossier", args=[dossier.pk]),
        reverse("evaluation:evaluate", args=[dossier.pk]),
        reverse("evaluation:consensus", args=[dossier.pk]),
        reverse("evaluation:sheet", args=[sheet.pk]),
        reverse("evaluation:offline"),
        reverse("evaluation:offline_forms"),
        reverse("evaluation:document", args=[dossier.pk, ABSENT]),
        reverse("evaluation:document_page", args=[dossier.pk, ABSENT, 1]),
    ]
    # The same answer for what does not exist: it tells nothing.
    pack = reverse("evaluation:pack", args=[dossier.pk, "fr"])
    for address in (*pages, pack, reverse("evaluation:dossier", args=[ABSENT])):
        answer = client.get(address)
        assert (answer.status_code, answer.templates[0].name) == (403, "evaluation/commitment.html"), address
        assert dossier.number not in answer.content.decode()
    asked = client.post(pages[1], {}, headers={"Accept": "application/json"})
    assert (asked.status_code, asked.json()["reason"]) == (403, "refused")
    assert client.get(reverse("evaluation:my_evaluations")).context["uncommitted"]
    signing = reverse("evaluation:commitment")
    assert client.post(signing, {"back": pages[0]}).status_code == 422
    assert EvaluatorProfile.objects.get(user=person).confidentiality_signed_on is None
    signed = client.post(signing, {"accept": "on", "back": pages[0]})
    assert (signed.status_code, signed["Location"]) == (302, pages[0])
    assert [client.get(address).status_code for address in pages] == [200, 302, 200, 200, 200, 302, 404, 404]
    assert client.get(signing).context["signed_on"] == clock.today()


def test_the_signature_is_evidence_and_given_once(client):
    person = make.user(Role.EVALUATOR, committed=False)
    client.force_login(person)
    for _turn in range(2):
        client.post(reverse("evaluation:commitment"), {"accept": "on", "back": "//evil.example/evaluation/hors-ligne/"})
    entry = AuditEntry.objects.get(action="evaluator.commitment")
    assert (entry.actor, entry.after, len(entry.data["text"])) == (person, str(clock.today()), len(PARAGRAPHS))
    other = make.user(Role.DIVISION_HEAD)
    with pytest.raises(Refused):
        evaluators.sign_commitment(actor=other)
    assert not EvaluatorProfile.objects.filter(user=other).exists()


def test_the_page_led_back_to_is_one_of_ours(client):
    client.force_login(make.user(Role.EVALUATOR, committed=False))
    for back in ("https://evil.example/", "//evil.example", reverse("evaluation:rankings"), ""):
        answer = client.post(reverse("evaluation:commitment"), {"accept": "on", "back": back})
        assert answer["Location"] == reverse("evaluation:my_evaluations")


def test_marks_are_not_written_without_the_signature():
    dossier, person = make.application(make.call()), make.user(Role.EVALUATOR)
    make.adopted_grid(dossier.call)
    assignment = make.accepted(dossier, person)
    unsigned(person)
    with pytest.raises(Refused):
        evaluations.save_draft(assignment=assignment, sheet=make.sheet(3), revision=0, actor=person)
    assert not Evaluation.objects.exists()


def test_who_reads_by_another_role_reads_on(client):
    _call, (dossier,) = make.scored_call(3, people=1)
    client.force_login(make.user(Role.EVALUATOR, Role.CASE_OFFICER, committed=False))
    assert client.get(reverse("evaluation:dossier", args=[dossier.pk])).status_code == 200
