"""The whole job once, in the browser, as its users do it (issue « Main job », point 10)."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from playwright.sync_api import expect
from pypdf import PdfReader

from applications import demonstration
from applications.demonstration.samples import FOLDER, form_data, read_sample
from applications.models import Application, Call
from applications.services import deposit, drafts
from applications.tests.factories import close, hand_in, pdf_file
from clusters_portal.accounts.roles import Role
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from evaluation.models import Consensus
from tests.walk import judging, session
from tests.walk.dossier import open_step, type_dossier, upload_pieces
from tests.walk.people import make_person, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PRESIDENT = {"first_name": "Youssef", "last_name": "Tahiri", "quality_organisation": "Dirigeant", "quality_association": "Président"}
CODES = ("T1", "T2", "T3", "T4", "T5", "Q1", "Q2", "Q3", "Q4", "Q5")
# Each evaluator's mark on all ten criteria, then the marks agreed: weights of 10, so (9 × 4 + 4.5) × 10 / 5 = 81 points out of
# 100 for the first dossier, (9 × 3 + 3.5) × 10 / 5 = 61 for the second. All lie inside the evaluators' marks.
MARKS = {"Cluster Fil-Atlas Textiles Techniques": ("4", "3.5", "4.5"), "Pôle Hydrogène Vent-du-Cap": ("3", "3", "3.5")}
AGREED = {
    "Cluster Fil-Atlas Textiles Techniques": dict.fromkeys(CODES, "4") | {"T1": "4.5"},
    "Pôle Hydrogène Vent-du-Cap": dict.fromkeys(CODES, "3") | {"Q5": "3.5"},
}


@pytest.fixture
def call(db):
    call_command("load_editions", verbosity=0)
    return Call.objects.get(slug="demonstration")


def apply_for(page, call, sample, folder):
    """From the home page to the receipt; returns the number printed on it."""
    page.goto("/")
    page.locator(f'a[href="/dossiers/nouveau/{call.slug}/"]').first.click()
    page.locator("main form input[type=text]").first.fill(sample["association"]["name_fr"])
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/dossiers/*/")
    task_list = page.url
    type_dossier(page, form_data(sample), FOLDER / "a-textile-membres.xlsx")
    open_step(page, "pieces")
    upload_pieces(page, call.document_requirements.filter(required=True), folder, pdf_file().read())
    page.goto(task_list)
    page.locator('main a[href$="/verifier/"]').first.click()
    page.locator('main a[href$="/declarer/"]').first.click()
    page.locator('[name="civility"]').last.check()
    for name, text in {**PRESIDENT, "place": "Nouaceur"}.items():
        page.locator(f'[name="{name}"]').fill(text)
    page.locator('[name="accept"]').check()
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/recepisse/")
    return page.locator("#receipt-number").inner_text()


def judge(browser_page, call, numbers):
    """DPTC, three evaluators; returns the head of division's page, the ranking run."""
    head = make_person("responsable@mic.example", role=Role.DIVISION_HEAD, is_staff=True)
    evaluators = [make_person(f"evaluateur{n}@mic.example", role=Role.EVALUATOR, last_name=f"Évaluateur-{n}") for n in (1, 2, 3)]
    officer_page, head_page = browser_page(), browser_page()
    sign_in(officer_page, make_person("instructeur@mic.example", role=Role.CASE_OFFICER))
    sign_in(head_page, head)
    for number in numbers:
        judging.propose_admissible(officer_page, number)
        judging.validate_admissible(head_page, number)
    judging.adopt_grid(head_page, call, clock.today().isoformat(), "PV n° 3")
    judging.assign_everyone(head_page, call)
    pages = {}
    for index, evaluator in enumerate(evaluators):
        pages[evaluator] = page = browser_page()
        sign_in(page, evaluator)
        for application in Application.objects.order_by("number"):
            judging.score(page, application, MARKS[application.association.name_fr][index])
    agree(call, officer_page, head_page, pages)
    head_page.goto(f"/classement/{call.slug}/")
    head_page.locator('form[action$="/calculer/"] button').click()
    head_page.wait_for_load_state()
    head_page.locator('form[action$="/comite/"] button').click()
    head_page.wait_for_load_state()
    return head_page


def agree(call, officer_page, head_page, pages):
    """DPTC opens the consensus of both dossiers; each has its rapporteur, every evaluator approves, the head validates."""
    judging.open_every_consensus(officer_page, call)
    rapporteurs = []
    for consensus in Consensus.objects.select_related("rapporteur", "application__association").order_by("application__number"):
        application = consensus.application
        judging.write_report(pages[consensus.rapporteur], application, AGREED[application.association.name_fr])
        for page in pages.values():
            judging.approve(page, application)
        judging.validate_consensus(head_page, application)
        rapporteurs.append(consensus.rapporteur.last_name)
    assert rapporteurs == ["Évaluateur-1", "Évaluateur-2"]
    for page in pages.values():
        page.context.close()


def decide_and_download(browser_page, call, folder):
    chair = make_person("president@mic.example", role=Role.COMMITTEE_CHAIR)
    member = make_person("membre@mic.example", role=Role.COMMITTEE_MEMBER, last_name="Membre")
    page = browser_page()
    sign_in(page, chair)
    session.prepare(page, call, (clock.today() + timedelta(days=1)).strftime("%d/%m/%Y"), {chair: "chair", member: "member"})
    session.open_with_everyone(page, call)
    first, second = Application.objects.order_by("number")
    session.go_to(page, call, first)
    session.decide(page, call, first, "selected", adopted_rank="1")
    session.go_to(page, call, second)
    session.decide(
        page, call, second, "not_selected", adopted_rank="", reasons_fact="Masse critique insuffisante.",
        reasons_law="Cahier des charges, article 7.2.",
        deviation_reason="Le comité retient un seul projet.",
    )  # fmt: skip
    session.close(page, call)
    return {fmt: judging.download(page, call, fmt, folder) for fmt in ("xlsx", "pdf-fr", "json")}


def deposit_by_services(call, sample):
    """A second dossier beside the one typed by hand, so that there is something to rank."""
    actor = make_person("hydrogene@cluster.example")
    application = drafts.create_application(call=call, association_name=sample["association"]["name_fr"], actor=actor)
    demonstration.fill(application, sample, actor=actor)
    return deposit.deposit(application=application, declaration=demonstration.declaration_of(sample, call), actor=actor).number


def cells_of(path):
    """Every value of every sheet of a workbook, as text."""
    return [str(value) for sheet in load_workbook(path) for row in sheet.iter_rows(values_only=True) for value in row if value is not None]


def test_main_job_from_first_page_to_shortlist(browser_page, call, tmp_path):
    textile, hydrogene = read_sample("a-textile"), read_sample("b-hydrogene")
    page = browser_page()
    sign_in(page, make_person("textile@cluster.example", first_name="Nadia", last_name="Zerouali"))
    assert apply_for(page, call, textile, tmp_path) == "DEMO-0001"
    assert deposit_by_services(call, hydrogene) == "DEMO-0002"
    for application in Application.objects.filter(call=call):
        hand_in(application)
    close(call)

    ranking_page = judge(browser_page, call, ["DEMO-0001", "DEMO-0002"])
    expect(ranking_page.locator("main")).to_contain_text("81,0")
    expect(ranking_page.locator("main")).to_contain_text("61,0")

    files = decide_and_download(browser_page, call, tmp_path)
    first = Application.objects.get(number="DEMO-0001")
    assert [a.status for a in Application.objects.order_by("number")] == [Application.Status.SELECTED, Application.Status.NOT_SELECTED]

    cells = cells_of(files["xlsx"])
    for expected in (
        "DEMO-0001",
        textile["association"]["name_fr"],
        textile["association"]["name_ar"],
        "DEMO-0002",
        hydrogene["association"]["name_ar"],
    ):
        assert expected in cells
    assert not any(cell.startswith("=") for cell in cells)

    text = "\n".join(sheet.extract_text() for sheet in PdfReader(files["pdf-fr"]).pages)
    assert text.index("DEMO-0001") < text.index("DEMO-0002")
    assert "81,0" in text
    assert "61,0" in text

    projects = json.loads(files["json"].read_text(encoding="utf-8"))["content"]["projects"]
    assert [(p["number"], p["proposed_rank"], p["decision"]["adopted_rank"], p["score"]["exact"]) for p in projects] == [
        ("DEMO-0001", 1, 1, "81/1"),
        ("DEMO-0002", 2, None, "61/1"),
    ]
    page.goto(f"/dossiers/{first.pk}/")
    journal.seal()
    assert journal.first_fault() == ""
