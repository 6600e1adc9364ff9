"""What minutes tell, and what a recused reader gets."""

import json
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from clusters_portal.audit.models import AppendOnlyError
from clusters_portal.lib.canonical import sha256_hex
from evaluation.models import CommitteeSession, Minutes
from evaluation.pdf_minutes import minutes_pdf
from evaluation.queries import minutes as queries
from evaluation.rules import minutes as rules
from evaluation.services import minutes as services
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests.deliberated import held
from evaluation.tests.minutes.helpers import draw, recuse, text_of

pytestmark = pytest.mark.django_db


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
