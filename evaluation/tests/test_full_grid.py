"""C3: the full grid of a run, opened again: every mark, every reason, names only for who may know them."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from applications.models import LabelledCluster
from clusters_portal.accounts.roles import Role
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from evaluation import exports_grid
from evaluation.models import ConflictDeclaration
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meeting

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("english")]


@pytest.fixture
def run():
    return make.call_before_committee((5, 4.5, 4, 3, 2, 1, 0, 5, 4, 3), 3, people=2)


def address(call, fmt):
    return reverse("evaluation:full_grid", args=[call.slug, fmt])


def test_every_mark_and_reason_is_in_it(run):
    _call, (first, second), ranking = run
    grid = exports_grid.grid_of(ranking, named=True)
    assert len(grid.marks) == 4
    assert [marks for number, _name, marks in grid.marks if number == first.number][0] == dict(
        zip(make.CODES, map(Decimal, ("5", "4.5", "4", "3", "2", "1", "0", "5", "4", "3")), strict=True)
    )
    assert len(grid.reasons) == 40
    assert [(code, mark) for number, name, code, mark, _text in grid.reasons if (number, name) == grid.marks[0][:2]][:2] == [
        ("T1", 5), ("T2", Decimal("4.5")),
    ]  # fmt: skip
    assert {name for _number, name, _marks in grid.marks} == {str(a.evaluator) for a in second.assignments.all()}
    chair = make.user(Role.COMMITTEE_CHAIR)
    meeting.decide(application=second, outcome="selected", adopted_rank=1, deviation_reason="x", actor=chair)
    # The grid is that of the run: what the committee adopted does not move its lines.
    assert [line.application for line in exports_grid.grid_of(ranking, named=True).shortlist.lines] == [first, second]


def test_the_json_carries_its_hash_and_no_name_without_the_right(client, run):
    call, (first, _second), ranking = run
    evaluator = str(first.assignments.first().evaluator)
    client.force_login(make.user(Role.COMMITTEE_MEMBER))
    hidden = json.loads(client.get(address(call, "json")).content)
    assert hidden["sha256"] == sha256_hex(canonical_json(hidden["content"]))
    assert hidden["content"]["ranking"]["sha256"] == ranking.sha256
    assert evaluator not in json.dumps(hidden, ensure_ascii=False)
    client.force_login(make.user(Role.COMMITTEE_CHAIR))
    named, asked = client.get(address(call, "json")).content.decode(), client.get(address(call, "json") + "?anonyme=1").content.decode()
    assert (evaluator in named, evaluator in asked) == (True, False)


def test_the_workbook_opens_with_its_five_sheets(run):
    _call, (first, _second), ranking = run
    book = load_workbook(BytesIO(exports_grid.workbook(exports_grid.grid_of(ranking, named=False))))
    assert book.sheetnames == ["Criteria", "Official marks", "Individual marks", "Reasons", "Fingerprint"]
    row = next(row for row in book["Individual marks"].iter_rows(min_row=2, values_only=True) if row[0] == first.number)
    assert row[1:4] == ("Evaluator 1", 5, 4.5)
    assert book["Official marks"].max_row == 3
    assert book["Reasons"].max_row == 41


@pytest.mark.parametrize("fmt", ["pdf-fr", "pdf-ar"])
def test_the_pdf_opens(client, run, fmt):
    call, (first, second), _ranking = run
    client.force_login(make.user(Role.AUDITOR))
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(client.get(address(call, fmt)).content)).pages)
    assert first.number in text and second.number in text


def test_a_barred_chair_finds_none(client, run):
    call, (first, _second), _ranking = run
    person = make.user(Role.COMMITTEE_CHAIR)
    ConflictDeclaration.objects.create(
        evaluator=person, application=first, interest="disqualifying", kind="family", text="x", status="confirmed", declared_at=make.NOON
    )
    client.force_login(person)
    assert [client.get(address(call, fmt)).status_code for fmt in ("xlsx", "json", "pdf-fr")] == [404, 404, 404]


def test_the_head_enters_a_selected_project_in_the_register(client, run):
    call, (first, second), _ranking = run
    chair, head = make.user(Role.COMMITTEE_CHAIR), make.user(Role.DIVISION_HEAD)
    meeting.decide(application=first, outcome="selected", adopted_rank=1, actor=chair)
    entry = reverse("evaluation:register_decision", args=[call.slug, first.pk])
    client.force_login(chair)
    assert client.get(entry).status_code == 403
    client.force_login(head)
    assert client.get(reverse("evaluation:register_decision", args=[call.slug, second.pk])).status_code == 404
    refused = client.post(entry, {"starts_on": "02/01/2027", "ends_on": "01/01/2027"})
    assert (refused.status_code, LabelledCluster.objects.exists()) == (422, False)
    client.post(entry, {"starts_on": "01/01/2027", "ends_on": "31/12/2031", "contract_reference": "CP 3/2027"})
    period = LabelledCluster.objects.get().periods.get()
    assert (period.starts_on, period.application, period.call) == (date(2027, 1, 1), first, call)
    again = client.post(entry, {"starts_on": "01/01/2033", "ends_on": "31/12/2033"})
    assert again.status_code == 422
