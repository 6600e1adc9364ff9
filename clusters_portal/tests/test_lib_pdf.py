"""The PDF helper: own files only, one language, embedded fonts, text that can be read back, the same bytes twice."""

import io
import pickle
import re
import subprocess

import pytest
from pypdf import PdfReader

from clusters_portal.lib import pdf, pdf_engine
from clusters_portal.lib.pdf_bytes import PdfError, Printed

DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ARABIC = "وصل التسجيل الإلكتروني لملف الترشيح"
FRENCH = "Accusé n° 7 : œuvre à 1 234 DH"


def text_of(content):
    """What a person can search and copy in a PDF, without the direction marks pdftotext adds."""
    done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return DIRECTION_MARKS.sub("", done.stdout.decode())


def written(body, lang="fr"):
    html = f'<html lang="{lang}"><title>x</title><body>{body}</body></html>'
    return pdf_engine.write(html, stylesheet=pdf.STYLESHEET, base=pdf.STATIC, folders=pdf.READABLE_FOLDERS, variant=pdf.ACCESSIBLE)


@pytest.mark.parametrize("variant", pdf.VARIANTS)
@pytest.mark.parametrize(("lang", "foot"), [("fr", FRENCH), ("ar", ARABIC)])
def test_text_can_be_read_back(lang, foot, variant):
    content = pdf.render_pdf("pdf/base.html", {"foot": foot}, lang=lang, variant=variant)
    assert foot in text_of(content).splitlines()


def test_archive_is_tagged_pdf_a_with_its_fonts_inside():
    reader = PdfReader(io.BytesIO(pdf.render_pdf("pdf/base.html", {"foot": ARABIC}, lang="ar", variant=pdf.ARCHIVE)))
    catalog = reader.trailer["/Root"]
    metadata = catalog["/Metadata"].get_object().get_data().decode()
    fonts = reader.pages[0]["/Resources"]["/Font"].get_object()
    descriptors = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts.values()]
    assert 'pdfaid:part="3"' in metadata
    assert 'pdfaid:conformance="A"' in metadata
    assert catalog["/Lang"] == "ar"
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert "/OutputIntents" in catalog
    names = {font.get_object()["/BaseFont"].split("+")[1].removesuffix("-Bold") for font in fonts.values()}
    assert names == {"Portal-Print", "Portal-Print-Naskh"}
    assert all("/FontFile2" in descriptor.get_object() for descriptor in descriptors)


def test_accessible_is_tagged_pdf_ua():
    catalog = PdfReader(io.BytesIO(pdf.render_pdf("pdf/base.html", {}, lang="fr"))).trailer["/Root"]
    assert 'pdfuaid:part="1"' in catalog["/Metadata"].get_object().get_data().decode()
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in catalog


def test_same_content_same_bytes():
    first, again = (pdf.render_pdf("pdf/base.html", {"foot": FRENCH}, lang="fr", variant=pdf.ARCHIVE) for _ in range(2))
    assert first == again


@pytest.mark.parametrize(("lang", "direction"), [("fr", "ltr"), ("ar", "rtl"), ("en", "ltr")])
def test_document_has_one_language_and_its_direction(lang, direction):
    html = pdf.render_html("pdf/base.html", {}, lang=lang)
    assert f'<html lang="{lang}" dir="{direction}">' in html


def test_unknown_language_is_refused():
    with pytest.raises(PdfError):
        pdf.render_pdf("pdf/base.html", {}, lang="de")


def test_unknown_variant_is_refused():
    with pytest.raises(PdfError):
        pdf.render_pdf("pdf/base.html", {}, lang="fr", variant="pdf/x-4")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/logo.png",
        "https://example.org/logo.png",
        "//example.org/logo.png",
        "ftp://example.org/logo.png",
        "file:///etc/hostname",
        "file://example.org/static/img/favicon.svg",
        "css/portal.css",
        "img/../css/portal.css",
        "img/%2e%2e/css/portal.css",
        "img/there-is-none.svg",
        "img/",
        "data:image/svg+xml,%3Csvg/%3E",
    ],
)
def test_anything_but_our_fonts_and_images_stops_the_document(address):
    with pytest.raises(PdfError):
        written(f'<img src="{address}" alt="x">')


def test_style_sheet_from_outside_stops_the_document():
    with pytest.raises(PdfError):
        written('<link rel="stylesheet" href="http://127.0.0.1:9/x.css"><p>x</p>')


def test_link_leading_out_of_the_folder_is_refused(tmp_path):
    folder, secret = tmp_path / "img", tmp_path / "secret.txt"
    folder.mkdir()
    secret.write_text("secret")
    (folder / "link.txt").symlink_to(secret)
    with pytest.raises(PdfError):
        pdf_engine.OwnFilesFetcher([folder]).fetch((folder / "link.txt").as_uri())


def test_own_image_is_read(tmp_path):
    picture = tmp_path / "un dessin.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert pdf_engine.OwnFilesFetcher([tmp_path]).fetch(picture.as_uri()).read() == picture.read_bytes()


def test_font_of_the_sheet_is_missing_stops_the_document(tmp_path):
    sheet = tmp_path / "sheet.css"
    sheet.write_text("@font-face { font-family: X; src: url(none.ttf) }")
    with pytest.raises(PdfError):
        pdf_engine.write("<p>x</p>", stylesheet=sheet, base=tmp_path, folders=[tmp_path], variant=pdf.ACCESSIBLE)


def test_printed_pdf_comes_back_from_the_cache_with_its_pages():
    printed = pickle.loads(pickle.dumps(Printed(b"%PDF-1.7", pages=3)))
    assert (printed, printed.pages) == (b"%PDF-1.7", 3)
