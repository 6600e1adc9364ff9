"""What every page of the generated papers bears, and how their texts keep their direction."""

import io
import re
import subprocess

import pytest
from django.utils.translation import override
from pypdf import PdfReader

from applications.pdf import papers
from applications.pdf.papers import KINDS, LANGUAGES
from clusters_portal.templatetags.print_text import paragraphs, written

from ..builders import dossier_of
from ..factories import make_application, make_call
from .helpers import DIRECTION_MARKS, DRAFT, NAMES, pages_of, paper

pytestmark = [pytest.mark.django_db, pytest.mark.once]


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
