"""X15 and X16: equals across the last place, and a member of the committee with an interest in a dossier."""

import json
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from evaluation.models import ConflictDeclaration, Decision
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet

from .dossiers import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WHY, WHY_NOT = "Région sans aucun cluster labellisé.", "Région déjà couverte."


def address(name, *args):
    return reverse(f"evaluation:{name}", args=args)


@pytest.fixture
def chair(client):
    user = make.user(Role.COMMITTEE_CHAIR)
    client.force_login(user)
    return user


@pytest.fixture
def tied(chair):
    """Three places; the third and the fourth have the same marks. (call, four dossiers)"""
    call, dossiers, _ranking = make.call_before_committee(5, 4, 3, 3, places=3, people=1)
    return call, dossiers


def decide(client, call, dossier, outcome, rank="", **texts):
    return client.post(address("decide", call.slug, dossier.pk), {"outcome": outcome, "adopted_rank": rank, **texts})


def test_x15_equals_across_the_last_place_are_shown_and_announced(client, tied):
    call, dossiers = tied
    page = client.get(address("ranking", call.slug))
    assert [(line.rank, line.ex_aequo) for line in page.context["lines"]] == [(1, False), (2, False), (3, True), (3, True)]
    said = read(page)
    assert "Ex æquo" in said and "A tie must be broken" in said
    assert {dossier.number for dossier in dossiers} <= set(said.split())
    assert "A tie must be broken" in read(client.get(address("committee", call.slug)))


def test_x15_the_committee_breaks_the_tie_with_a_reason_that_the_exports_carry(client, tied):
    call, (first, second, third, fourth) = tied
    for rank, dossier in enumerate((first, second), 1):
        meet.in_progress(dossier)
        assert decide(client, call, dossier, "selected", str(rank)).status_code == 302
    meet.elect(third)
    refused = decide(client, call, third, "selected", "3")
    assert refused.status_code == 422 and list(refused.context["form"].errors) == ["tie_break_reason"]
    assert Decision.objects.count() == 2 and "A tie must be broken" in read(client.get(address("committee", call.slug)))
    assert decide(client, call, third, "selected", "3", tie_break_reason=WHY).status_code == 302
    meet.in_progress(fourth)
    assert decide(client, call, fourth, "waiting_list", "4", tie_break_reason=WHY_NOT, **make.REASONS).status_code == 302
    board = client.get(address("committee", call.slug))
    assert board.context["counts"] == {"decided": 4, "favourable": 3, "left": 0, "tied": 0, "all": 4}
    assert "A tie must be broken" not in read(board)
    book = load_workbook(BytesIO(client.get(address("shortlist", call.slug, "xlsx")).getvalue()))
    said = {cell for row in book["Decisions"].iter_rows(values_only=True) for cell in row}
    assert {WHY, WHY_NOT} <= said
    projects = json.loads(client.get(address("shortlist", call.slug, "json")).getvalue())["content"]["projects"]
    reasons = {project["number"]: project["decision"]["tie_break_reason"] for project in projects}
    assert reasons == {first.number: "", second.number: "", third.number: WHY, fourth.number: WHY_NOT}


def with_interest(user, dossier):
    return ConflictDeclaration.objects.create(
        evaluator=user, application=dossier, interest="disqualifying", kind="family", text="x", status="confirmed", declared_at=make.NOON
    )


def test_x16_a_member_with_an_interest_neither_sees_nor_decides(client, tied, chair):
    call, (first, second, *_others) = tied
    with_interest(chair, first)
    before = AuditEntry.objects.count()
    assert decide(client, call, first, "selected", "1").status_code == 404
    assert [client.get(address(name, *args)).status_code for name, args in (
        ("dossier", (first.pk,)), ("decide", (call.slug, first.pk)), ("shortlist", (call.slug, "xlsx")), ("shortlist", (call.slug, "json")),
    )] == [404] * 4  # fmt: skip
    for name in ("committee", "ranking"):
        page = client.get(address(name, call.slug))
        assert first.number not in read(page) and second.number in read(page)
    assert (Decision.objects.count(), AuditEntry.objects.count()) == (0, before)
    first.refresh_from_db()
    assert first.status == "in_committee"
    client.force_login(make.user(Role.COMMITTEE_CHAIR))
    meet.in_progress(first)
    assert decide(client, call, first, "selected", "1").status_code == 302
    assert Decision.objects.get().application == first


def test_x16_a_member_who_does_not_chair_decides_nothing(client, tied):
    call, (first, *_others) = tied
    client.force_login(make.user(Role.COMMITTEE_MEMBER))
    assert decide(client, call, first, "selected", "1").status_code == 403
    assert not Decision.objects.exists()
