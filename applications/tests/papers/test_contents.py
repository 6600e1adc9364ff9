"""What the generated papers say, in French and in Arabic."""

import io
import re
import subprocess
from copy import deepcopy
from decimal import Decimal

import pytest
from django.utils.translation import override
from pypdf import PdfReader

from applications.pdf import papers
from applications.pdf.papers import LANGUAGES
from applications.queries import facts_of
from applications.rules import budget
from clusters_portal.lib.amounts import format_amount

from ..builders import dossier_of, sample
from .helpers import ARABIC_LETTER, DIRECTION_MARKS, NAMES, pages_of, paper, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


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
