"""The evaluation file of a dossier: what its reader may know and nothing more, in French and Arabic, from stored data alone."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from clusters_portal.accounts.roles import Role
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from evaluation.models import ConflictDeclaration
from evaluation.pdf_pack import content_of, context_of
from evaluation.queries.pack import pack_of
from evaluation.services import evaluations
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meeting

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("english")]


def address(dossier, lang="fr"):
    return reverse("evaluation:pack", args=[dossier.pk, lang])


def test_named_with_the_right_and_numbered_without():
    _call, (dossier,), _ranking = make.call_before_committee(4, people=3)
    people = [str(assignment.evaluator) for assignment in dossier.assignments.all()]
    named = pack_of(make.user(Role.DIVISION_HEAD), dossier, named=True)
    hidden = pack_of(make.user(Role.COMMITTEE_MEMBER), dossier, named=False)
    assert sorted(opinion.name for opinion in named.opinions) == sorted(people)
    assert [opinion.name for opinion in hidden.opinions] == ["Evaluator 1", "Evaluator 2", "Evaluator 3"]
    assert not any(name in canonical_json(content_of(hidden)) for name in people)
    assert hidden.interests == []
    assert len(named.interests) == 3


def test_an_evaluator_has_his_own_evaluation_and_no_peer_decision_or_interest():
    _call, (dossier,) = make.scored_call(4, people=2)
    evaluator = dossier.assignments.first().evaluator
    pack = pack_of(evaluator, dossier, named=False)
    assert [opinion.evaluation.assignment.evaluator for opinion in pack.opinions] == [evaluator]
    assert (pack.consensus, pack.decision, pack.interests) == (None, None, [])


def test_it_says_what_is_stored():
    _call, (dossier, _other), _ranking = make.call_before_committee(4, 3, people=2)
    head = make.user(Role.DIVISION_HEAD)
    meeting.decide(application=dossier, outcome="selected", adopted_rank=1, actor=make.user(Role.COMMITTEE_CHAIR))
    dossier.refresh_from_db()
    pack = pack_of(head, dossier, named=True)
    context = context_of(pack, lang="fr", verify_url="https://x.example/1")
    first = context["criteria"][0]
    assert [(value, why) for _name, value, why in first["marks"]] == [(4, make.LONG), (4, make.LONG)]
    assert (first["agreed"].value, first["agreed"].text, first["range"]) == (4, make.LONG, (4, 4))
    assert context["sha256"] == sha256_hex(canonical_json(content_of(pack)))
    assert content_of(pack)["decision"]["outcome"] == "selected"


def test_an_evaluation_reopened_is_not_in_it():
    _call, (dossier,) = make.scored_call(4, people=2)
    head = make.user(Role.DIVISION_HEAD)
    evaluations.reopen(evaluation=dossier.assignments.first().evaluations.get(), reason="Une note manque.", actor=head)
    assert len(pack_of(head, dossier, named=True).opinions) == 1


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_pdf_opens_and_every_page_bears_its_number(client, lang):
    _call, (dossier,) = make.scored_call(4, people=3)
    make.agreed(dossier, 4, text="Motif arrêté ensemble, assez long pour être suivi.")
    client.force_login(make.user(Role.CASE_OFFICER))
    response = client.get(address(dossier, lang))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == f'attachment; filename="evaluation-{dossier.number}-{lang}.pdf"'
    pages = [page.extract_text() for page in PdfReader(BytesIO(response.content)).pages]
    assert len(pages) > 1
    assert all(f"{number}/{len(pages)}" in text and dossier.number in text for number, text in enumerate(pages, 1))
    assert "Motif arrêté ensemble" in "".join(pages)
    assert client.get(address(dossier, lang)).content == response.content


def test_who_reads_it(client):
    call, (dossier,) = make.scored_call(4, people=1)
    person = make.user(Role.DIVISION_HEAD)
    ConflictDeclaration.objects.create(
        evaluator=person, application=dossier, interest="disqualifying", kind="family", text="x", status="confirmed", declared_at=make.NOON
    )
    for reader, expected in (
        (person, 404), (make.user(Role.COMMITTEE_CHAIR), 404), (make.user(Role.EVALUATOR), 404), (make.user(Role.ADMINISTRATOR), 404),
        (dossier.created_by, 404),
    ):  # fmt: skip
        client.force_login(reader)
        assert client.get(address(dossier)).status_code == expected
    client.force_login(make.user(Role.AUDITOR))
    assert client.get(address(dossier, "en")).status_code == 404
    assert call.deadline_at - timedelta(days=1) > make.NOON


def test_as_many_queries_for_nine_evaluators_as_for_two():
    counts = []
    for people in (2, 9):
        _call, (dossier,) = make.scored_call(4, people=people)
        head = make.user(Role.DIVISION_HEAD)
        with CaptureQueriesContext(connection) as found:
            pack = pack_of(head, dossier, named=True)
            context_of(pack, lang="fr", verify_url="https://x.example/1")
        counts.append(len(found))
    assert counts[0] == counts[1] <= 12
