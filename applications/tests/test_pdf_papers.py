"""The papers to print, sign and send back: what is on every page, what they say, who may take them, what a scan lacks."""

import io
import json
import re
import subprocess
from copy import deepcopy
from decimal import Decimal
from functools import cache

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from applications.models import Document
from applications.pdf import papers
from applications.pdf.papers import KINDS, LANGUAGES
from applications.queries import facts_of
from applications.rules import budget
from applications.services.documents import attach
from applications.snapshots import snapshot_of
from clusters_portal.lib.amounts import format_amount
from clusters_portal.lib.canonical import canonical_json
from clusters_portal.templatetags.print_text import paragraphs, written

from .builders import deposited_application, dossier_of, fill, filled_application, sample
from .factories import add_editor, make_application, make_call, make_user, pdf_file

pytestmark = pytest.mark.django_db

DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NAMES = ("a-textile", "b-hydrogene", "c-agritech")
ARABIC_LETTER = re.compile("[\u0621-\u064a]{4,}")
DRAFT = re.compile(r"(DRAFT|BROUILLON|مسودة) [0-9A-F]{8}")


@pytest.fixture
def mandatary():
    return make_user()


@pytest.fixture(scope="module")
def drafts(django_db_setup, django_db_blocker):
    """{sample: (application, content of its draft)}, filled once and gone at the end with their transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        made, call = {}, make_call("appel-imprime")
        for name in NAMES:
            user = make_user()
            application = make_application(call=call, user=user, name=sample(name)["association"]["name_fr"])
            fill(application, actor=user, name=name, pieces=False)
            made[name] = application, papers.draft_content(dossier_of(application))
        yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def printed(drafts):
    """A paper of a sample in a language, laid out once whoever reads it."""

    @cache
    def made(slug, name, lang="fr"):
        application, content = drafts[name]
        return paper(slug, content, application, lang)

    return made


def content_of(name, user):
    application = filled_application(call=make_call(), user=user, name=name)
    return application, papers.draft_content(dossier_of(application))


def paper(slug, content, application, lang="fr"):
    return papers.generated_pdf(KINDS[slug], content, application.call, lang=lang)


def text_of(pdf, *options):
    done = subprocess.run(["pdftotext", "-layout", *options, "-", "-"], input=bytes(pdf), capture_output=True, check=True)
    return DIRECTION_MARKS.sub("", done.stdout.decode()).replace("\u00a0", " ")


def pages_of(pdf):
    return [" ".join(page.split()) for page in text_of(pdf).split("\f")[:-1]]


def address(application, kind="technique", lang="fr"):
    return reverse("applications:generated_pdf", args=[application.pk, kind, lang])


# --- What every page bears ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_technical_file_bears_number_reference_fingerprint_and_box_on_every_page(name, lang, drafts, printed):
    _application, content = drafts[name]
    made = printed("technique", name, lang)
    sha256 = papers.fingerprint_of(content)
    with override(lang):
        reference = papers.reference_of(content)
        box = str(papers._("Signature and stamp of the President"))
    reference = DIRECTION_MARKS.sub("", reference)
    assert DRAFT.fullmatch(reference)
    pages = pages_of(made)
    assert len(pages) == made.pages > 8
    for number, page in enumerate(pages, 1):
        assert f"{number}/{made.pages}" in page
        assert reference.split()[1] in page
        assert sha256[: papers.SHORT] in page
        assert sorted(set(box.split()) - set(page.split())) == []


def test_page_has_room_to_sign_below_its_text(printed):
    reader = PdfReader(io.BytesIO(printed("technique", "a-textile")))
    for page in reader.pages:
        boxes = re.findall(rb"([\d.]+) ([\d.-]+) ([\d.]+) ([\d.]+) re", page.get_contents().get_data())
        # 72 × 27 mm with its border and padding, in CSS pixels (96 per inch).
        assert any(abs(float(w) - 72 / 25.4 * 96) < 25 and abs(float(h) - 27 / 25.4 * 96) < 15 for _x, _y, w, h in boxes)


@pytest.mark.parametrize("kind", ["technique", "conseil", "cotisations", "declaration"])
def test_papers_are_tagged_with_fonts_inside(kind, printed):
    made = printed(kind, "a-textile", "ar")
    root = PdfReader(io.BytesIO(made)).trailer["/Root"]
    assert 'pdfuaid:part="1"' in root["/Metadata"].get_object().get_data().decode()
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ar"
    fonts = subprocess.run(["pdffonts", "-"], input=bytes(made), capture_output=True, check=True).stdout.decode().splitlines()[2:]
    assert fonts
    assert [line.split()[-5:-2] for line in fonts] == [["yes", "yes", "yes"]] * len(fonts)


def test_papers_are_the_same_bytes_each_time_and_keep_their_pages(drafts, printed):
    application, content = drafts["c-agritech"]
    for kind in KINDS:
        first = printed(kind, "c-agritech", "ar")
        assert first == paper(kind, content, application, "ar")
        assert first.pages == len(PdfReader(io.BytesIO(first)).pages)


def test_empty_draft_still_prints(mandatary):
    application = make_application(call=make_call(), user=mandatary)
    content = papers.draft_content(dossier_of(application))
    assert [paper(kind, content, application).pages >= 1 for kind in KINDS] == [True] * 4


# --- What they say ------------------------------------------------------------------------------------------------
def test_sections_follow_the_call_document(printed):
    reader = PdfReader(io.BytesIO(printed("technique", "a-textile")))
    found = [entry.title.split()[0] for entry in _flat(reader.outline) if re.match(r"\d(\.\d)? ", entry.title)]
    assert found == ["1.1", "1.1", "1.2", "2", "3", "4", "5", "6.1", "6.2", "7"]
    assert "ADM_STATUTS" not in text_of(printed("technique", "a-textile"))


def _flat(outline):
    for entry in outline:
        yield from _flat(entry) if isinstance(entry, list) else [entry]


def test_argument_is_printed_once_there_is_one(drafts, printed):
    application, content = deepcopy(drafts["a-textile"])
    words = "Pourquoi ce critère est rempli."
    assert words not in text_of(printed("technique", "a-textile"))
    content["steps"]["argumentaire"]["arguments"] = {"T1": words}
    assert words in text_of(paper("technique", content, application))


@pytest.mark.parametrize("name", NAMES)
def test_technical_file_says_names_and_every_member(name, printed):
    said = _squeezed(printed("technique", name))
    given = sample(name)
    wanted = [given["association"]["name_fr"], *(member["ice"] for member in given["members"] if member["ice"])]
    wanted += [officer["email"] for officer in given["officers"]]
    assert [text for text in wanted if "".join(text.split()) not in said] == []


def _squeezed(pdf):
    """Text in the order of the content, without spaces: lines wrapped in cells come back whole."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=bytes(pdf), capture_output=True, check=True)
    return "".join(DIRECTION_MARKS.sub("", done.stdout.decode()).split())


@pytest.mark.parametrize("name", NAMES)
def test_budget_totals_are_those_of_the_rules(name, drafts, printed):
    application, _content = drafts[name]
    lines = [" ".join(line.split()) for line in text_of(printed("technique", name)).splitlines()]
    years = budget.all_totals(facts_of(dossier_of(application)))
    for figure in ("expenses", "income", "result"):
        row = " ".join(format_amount(getattr(year, figure), unit="").replace("\u00a0", " ") for year in years)
        assert any(line.endswith(row) for line in lines), row


def test_budget_stars_are_explained_and_indicators_have_no_total(printed):
    text = text_of(printed("technique", "a-textile"))
    with override("fr"):
        star = str(papers._("* Not paid by the State's grant (clause 6.2)."))
    assert star in " ".join(text.split())
    assert len(re.findall(r"\*\s+\d", text)) + len(re.findall(r"\*$", text, re.MULTILINE)) >= 3
    indicators = sample("a-textile")["indicators"]["active_members"]
    assert str(sum(indicators)) not in text[text.rindex(str(indicators[0])) :]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_long_arabic_text_can_be_searched_word_by_word(lang, drafts, printed):
    _application, content = drafts["c-agritech"]
    strategy = content["steps"]["strategie"]["strategy"]
    text = max((value for value in strategy.values() if isinstance(value, str)), key=len)
    assert len(text) > 7000
    said = text_of(printed("technique", "c-agritech", lang))
    words = set(ARABIC_LETTER.findall(text))
    assert len(words) > 15
    assert sorted(word for word in words if word not in said) == []


def test_mixed_directions_keep_their_words(printed):
    said = text_of(printed("technique", "b-hydrogene"))
    assert [words for words in ("Produire ici", "مع كفاءات محلية", "pour exporter mieux") if words not in " ".join(said.split())] == []


def test_markup_typed_by_people_is_text(drafts):
    application, content = deepcopy(drafts["a-textile"])
    content["association"]["name_fr"] = '<img src="https://outside.example/x.png"> & Cie'
    content["steps"]["territoire"]["territory"]["history"] = '<link rel="stylesheet" href="file:///etc/passwd">'
    said = _squeezed(paper("technique", content, application))
    assert '<imgsrc="https://outside.example/x.png">&Cie' in said
    assert 'href="file:///etc/passwd">' in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_board_has_a_box_for_each_member_and_one_for_the_president(lang, drafts, printed):
    _application, content = drafts["b-hydrogene"]
    made = printed("conseil", "b-hydrogene", lang)
    said = _squeezed(made)
    board = content["steps"]["gouvernance"]["board"]
    assert [row["last_name"] for row in board if "".join(row["last_name"].split()) not in said] == []
    drawn = b"".join(page.get_contents().get_data() for page in PdfReader(io.BytesIO(made)).pages)
    boxes = {m for m in re.findall(rb"[\d.]+ [\d.-]+ ([\d.]+) ([\d.]+) re", drawn) if float(m[0]) > 200 and float(m[1]) > 50}
    assert boxes
    with override(lang):
        box = str(papers._("Signature and stamp of the President"))
    assert " ".join(text_of(made).split()).count(box) == 1


def test_a_box_is_never_alone_on_its_page(drafts):
    application, content = deepcopy(drafts["b-hydrogene"])
    rows = content["steps"]["membres"]["members"]
    for more in range(6):
        content["steps"]["membres"]["members"] = rows + rows[:more]
        pages = pages_of(paper("cotisations", content, application))
        assert "50 000" in pages[-1]


def test_fees_are_those_of_engaged_members_with_their_sum(drafts, printed):
    _application, content = drafts["a-textile"]
    said = text_of(printed("cotisations", "a-textile"))
    members = content["steps"]["membres"]["members"]
    engaged = [row for row in members if row["engagement"] == "engaged"]
    total = sum(Decimal(row["fee"]) for row in engaged)
    assert len(engaged) == 22
    assert format_amount(total, unit="DH").replace("\u00a0", " ") in said
    squeezed = "".join(said.split())
    assert [row["name_fr"] for row in engaged if "".join(row["name_fr"].split()[:2]) not in squeezed] == []
    assert [row["name_fr"] for row in members if row["engagement"] != "engaged" and "".join(row["name_fr"].split()) in squeezed] == []


def test_declaration_of_a_draft_names_the_president_and_leaves_the_rest_to_write(drafts, printed):
    _application, content = drafts["a-textile"]
    said = " ".join(text_of(printed("declaration", "a-textile")).split())
    president = next(o for o in sample("a-textile")["officers"] if o["role"] == "president")
    assert f"{president['first_name']} {president['last_name']}" in said
    assert "Fait à __________________ Le, __________________" in said
    assert content["declaration"]["sent"] == ["declaration", "administrative", "technical"]


# --- Draft and deposit --------------------------------------------------------------------------------------------
def test_fingerprint_changes_with_an_answer_and_not_with_a_file(mandatary):
    application, content = content_of("a-textile", mandatary)
    before = papers.fingerprint_of(content)
    requirement = application.call.document_requirements.get(code="OTHER")
    attach(application=application, requirement=requirement, upload=pdf_file(), actor=mandatary)
    assert papers.fingerprint_of(papers.draft_content(dossier_of(application))) == before
    content["steps"]["strategie"]["strategy"]["overall"] += "."
    assert papers.fingerprint_of(content) != before


def test_deposit_bears_the_fingerprint_of_the_draft_that_was_signed(mandatary):
    application, deposit = deposited_application(call=make_call(), user=mandatary)
    draft = json.loads(canonical_json(snapshot_of(dossier_of(application))))
    assert papers.fingerprint_of(deposit.content) == papers.fingerprint_of(draft)


def test_after_the_deposit_papers_are_made_from_what_was_frozen(mandatary, client):
    application, deposit = deposited_application(call=make_call(), user=mandatary)
    application.association.name_fr = "Another name"
    application.association.save()
    client.force_login(mandatary)
    response = client.get(address(application))
    pages = pages_of(response.content)
    assert [deposit.number in page for page in pages] == [True] * len(pages)
    assert "Another name" not in text_of(response.content)
    assert not DRAFT.search(" ".join(pages))
    assert client.get(address(application, "declaration")).status_code == 200


# --- Who, and how it is sent --------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["technique", "conseil", "cotisations", "declaration"])
def test_paper_is_a_private_attachment(kind, mandatary, client):
    application = filled_application(call=make_call(), user=mandatary)
    client.force_login(add_editor(application))
    response = client.get(address(application, kind, "ar"))
    assert response.content[:5] == b"%PDF-"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{kind}-brouillon-ar.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_strangers_and_unknown_papers_are_not_found(mandatary, client):
    application = filled_application(call=make_call(), user=mandatary)
    for person in (make_user(), make_user(roles=["case_officer"]), make_user(roles=["administrator"])):
        client.force_login(person)
        assert client.get(address(application)).status_code == 404
        assert client.get(reverse("applications:to_sign", args=[application.pk])).status_code == 404
    client.force_login(mandatary)
    assert client.get(address(application, "autre")).status_code == 404
    assert client.get(address(application, "technique", "en")).status_code == 404
    assert client.post(address(application)).status_code == 405
    client.logout()
    assert client.get(address(application)).status_code == 302


def test_dptc_reads_the_papers_of_a_deposit(mandatary, client):
    application, deposit = deposited_application(call=make_call(), user=mandatary)
    client.force_login(make_user(roles=["case_officer"]))
    assert deposit.number in text_of(client.get(address(application, "cotisations")).content)
    page = client.get(reverse("applications:to_sign", args=[application.pk]))
    assert [len(line.files) for line in page.context["lines"]] == [1, 1, 1, 1]


# --- Signed copies ------------------------------------------------------------------------------------------------
def upload(client, application, code, pages):
    url = reverse("applications:upload", args=[application.pk, code])
    return client.post(url, {"file": pdf_file("copie.pdf", pages)})


def test_copy_with_missing_pages_is_kept_and_said(mandatary, client):
    application, content = content_of("a-textile", mandatary)
    expected = paper("conseil", content, application).pages
    client.force_login(mandatary)
    with override("en"):
        assert upload(client, application, "ADM_CA", expected + 5).status_code == 302
    document = Document.objects.get(application=application, requirement__code="ADM_CA", replaced_at=None)
    assert (document.pages, document.expected_pages, document.pages_differ) == (expected + 5, expected, True)
    step = client.get(reverse("applications:step", args=[application.pk, "pieces"]))
    assert step.content.decode().count('class="notice notice--warn"') == 1
    assert address(application, "conseil", "ar") in step.content.decode()
    line = next(x for x in client.get(reverse("applications:to_sign", args=[application.pk])).context["lines"] if x.piece.code == "ADM_CA")
    assert [file.pages_differ for file in line.files] == [True]


def test_copy_in_either_language_agrees(mandatary, client):
    application, content = content_of("a-textile", mandatary)
    client.force_login(mandatary)
    for lang in LANGUAGES:
        expected = paper("technique", content, application, lang).pages
        upload(client, application, "TEC_SIGNED", expected)
        document = Document.objects.get(application=application, requirement__code="TEC_SIGNED", replaced_at=None)
        assert (document.expected_pages, document.pages_differ) == (expected, False)


def test_other_pieces_expect_no_number_of_pages(mandatary, client):
    application = filled_application(call=make_call(), user=mandatary)
    client.force_login(mandatary)
    upload(client, application, "ADM_RI", 7)
    document = Document.objects.get(application=application, requirement__code="ADM_RI", replaced_at=None)
    assert (document.expected_pages, document.pages_differ) == (None, False)


def test_answers_saved_after_the_copy_are_said(mandatary, client):
    application = filled_application(call=make_call(), user=mandatary)
    client.force_login(mandatary)
    url = reverse("applications:to_sign", args=[application.pk])
    assert [line.outdated for line in client.get(url).context["lines"]] == [False] * 4
    state = application.step_states.get(slug="gouvernance")
    state.saved_at = Document.objects.latest("uploaded_at").uploaded_at.replace(year=2099)
    state.save()
    outdated = {line.kind.slug: line.outdated for line in client.get(url).context["lines"]}
    assert outdated == {"technique": True, "conseil": True, "cotisations": True, "declaration": False}


def test_list_costs_the_same_with_files_or_without(mandatary, client, django_assert_max_num_queries):
    application = filled_application(call=make_call(), user=mandatary)
    client.force_login(mandatary)
    with django_assert_max_num_queries(10):
        client.get(reverse("applications:to_sign", args=[application.pk]))


# --- Directions ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("Cluster قطب", 'dir="ltr" lang="fr"'),
        ("« قطب » Cluster", 'dir="rtl" lang="ar"'),
        ("2 %", 'dir="ltr"'),
        ("", 'dir="ltr"'),
    ],
)
def test_direction_is_that_of_the_first_letter(text, attributes):
    assert written(text) == attributes


def test_paragraphs_leave_out_empty_lines():
    assert paragraphs("a\r\n\n  b ") == ["a", "b"]
