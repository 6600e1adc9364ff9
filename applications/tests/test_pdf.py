"""The receipt and the declaration: what a person reads, searches and copies in them."""

import io
import re
import subprocess

import pytest
import segno
from pypdf import PdfReader

from applications.declaration import ADMINISTRATIVE, DECLARATION, UnknownWording, wording
from applications.models import Call, DocumentRequirement
from applications.pdf.declaration import declaration_context, declaration_pdf
from applications.pdf.receipt import qr_svg, receipt_context, receipt_pdf
from applications.tests import deposited
from clusters_portal.lib.pdf import render_html

DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ADDRESS = "https://clusters.example/verifier/CL-2026-0007/"
DECLARED = {
    "version": "2026",
    "civility": "mrs",
    "first_name": "Salma",
    "last_name": "Bennis",
    "quality_organisation": "Directrice générale, Atlas Textile",
    "quality_association": "Présidente",
    "association": "Cluster Fil-Atlas",
    "legal_form": "Association (loi n° 75-00)",
    "other_documents": ["Lettre de soutien"],
    "place": "Casablanca",
    "date": "2026-07-20",
    "sent": [DECLARATION, ADMINISTRATIVE],
}
# The annex of the cahier des charges, line by line.
ANNEX = [
    "MODELE DE LA DECLARATION SUR L'HONNEUR",
    "Appel à projets",
    "Clusters opérant dans les secteurs industriels et technologiques",
    "Je soussigné(e)",
    "M. / Mme",
    "Indiquez votre prénom, nom et qualité au sein de votre organisme d'appartenance et au sein de l'association",
    "Agissant au nom et pour le compte de",
    "Indiquez la dénomination de l'association",
    "Ayant la forme juridique",
    "Indiquez la forme juridique",
    "Souhaite participer à l'appel à projets lancé pour la sélection de projets de clusters ;",
    "Atteste avoir lu et accepté le cahier des charges de l'appel à projets ;",
    "Envoie les documents, ci-après (Prière de cocher et, s'il y a lieu, compléter.) :",
    "DECLARATION SUR L'HONNEUR PORTANT SIGNATURE ET CACHET DU PRESIDENT DE L'ASSOCIATION",
    "DOSSIER ADMINISTRATIF",
    "DOSSIER TECHNIQUE SELON LE CAHIER DES CHARGES",
    "AUTRES DOCUMENTS FOURNIS POUR APPUYER LA CANDIDATURE, A ENUMERER :",
    "1.",
    "2.",
    "3.",
    "4.",
    "Et déclare sur l'honneur que les informations contenues dans le dossier de candidature, ci-joint, sont exactes.",
    "Fait à __________________ Le, __________________",
    "Signature et cachet",
    "Les informations et documents fournis par les porteurs de projets de clusters sont traités de manière confidentielle.",
]


@pytest.fixture
def deposit(db):
    return deposited.make_deposited()


def text_of(content):
    """Searchable text of a PDF on one line."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(DIRECTION_MARKS.sub("", done.stdout.decode()).split())


def receipt(deposit, lang="en"):
    return receipt_pdf(deposit, lang=lang, verify_url=ADDRESS)


# --- Receipt ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_receipt_holds_the_evidence_in_every_language(deposit, lang):
    text = text_of(receipt(deposit, lang))
    expected = ["CL-2026-0007", "2026-07-28", "14:59:58+01:00", "GMT+1", deposited.NAME_FR, deposited.NAME_AR, deposited.DEPOSITOR]
    expected += [
        deposit.sha256,
        *deposited.HASHES,
        "statuts_legalises.pdf",
        "24",
        "Lettre de soutien",
        "lettre & <b>soutien</b>.png",
        ADDRESS,
    ]
    assert [word for word in expected if word not in text] == []


def test_receipt_says_the_moment_in_words(deposit):
    assert "28 juillet 2026 à 14h59, heure du Maroc (GMT+1)" in text_of(receipt(deposit, "fr"))
    arabic = text_of(receipt(deposit, "ar"))
    # Run by run: pdftotext orders Arabic and numbers of one line by the language it believes the page is in.
    assert [run for run in ("يوليوز", "على الساعة", "14:59", "بتوقيت المغرب") if run not in arabic] == []


def test_receipt_after_the_change_of_legal_time_has_no_offset(db):
    deposit = deposited.make_deposited(opens_at=deposited.DEADLINE.replace(month=6), deadline_at=deposited.DEADLINE.replace(month=11))
    deposit.received_at = deposited.DEADLINE.replace(month=10)
    assert "2026-10-28 14:00:00+00:00" in text_of(receipt(deposit))


def test_arabic_receipt_names_call_and_pieces_in_arabic(deposit):
    text = text_of(receipt(deposit, "ar"))
    expected = ["أقطاب التنافسية والابتكار – طلب اقتراح مشاريع", "نسخة القانون الأساسي", "تصريح بالشرف", "الحي الإداري شالة"]
    assert [words for words in expected if words not in text] == []


def test_receipt_is_made_from_the_deposit_and_not_from_what_changed_since(deposit):
    association = deposit.application.association
    association.name_fr = "Another name"
    association.save()
    Call.objects.update(title_fr="Another title", title_en="Another title")
    text = text_of(receipt(deposit, "fr"))
    assert deposited.NAME_FR in text
    assert "Clusters marocains – appel à projets 2026" in text
    assert "Another" not in text


def test_receipt_survives_a_piece_no_longer_listed_by_the_call(deposit):
    DocumentRequirement.objects.filter(code="ADM_STATUTS").delete()
    assert "ADM_STATUTS" in text_of(receipt(deposit))


def test_receipt_is_the_same_bytes_each_time(deposit):
    assert receipt(deposit) == receipt(type(deposit).objects.get(pk=deposit.pk))


def test_receipt_is_tagged_pdf_a_without_the_application_inside(deposit):
    reader = PdfReader(io.BytesIO(receipt(deposit, "fr")))
    metadata = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert 'pdfaid:part="3"' in metadata
    assert 'pdfaid:conformance="A"' in metadata
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert reader.metadata.creation_date == deposited.RECEIVED
    assert list(reader.attachments) == []


def test_receipt_qr_code_is_the_public_address(deposit):
    html = render_html("pdf/receipt.html", receipt_context(deposit, lang="en", verify_url=ADDRESS), lang="en")
    drawn = re.search(r'<svg[^>]*>.*?<path[^>]* d="([^"]+)"', html, re.DOTALL).group(1)
    expected = re.search(r' d="([^"]+)"', segno.make(ADDRESS, error="m", micro=False).svg_inline(scale=4, border=2)).group(1)
    assert drawn == expected


def test_title_of_a_qr_code_is_escaped():
    assert "<title>&lt;b&gt; &amp;</title>" in qr_svg("x", title="<b> &")


@pytest.mark.parametrize(("mode", "told"), [("online_plus_paper", True), ("online_only", False), ("paper_only", False)])
def test_receipt_tells_what_remains_on_paper_only_when_the_call_wants_paper(db, mode, told):
    deposit = deposited.make_deposited(deposit_mode=mode, required_copies=4)
    text = text_of(receipt(deposit))
    assert ("Hand in 4 signed and stamped copies" in text) is told
    assert ("at the latest on 28 July 2026 at 15:00, Morocco time (GMT+1)." in text) is told
    assert ("Quartier Administratif Chellah, Rabat" in text) is told


def test_receipt_claims_no_signature_and_no_decision(deposit):
    text = text_of(receipt(deposit))
    assert "It bears no electronic signature and replaces none of the signatures and stamps asked for by the call." in text
    assert "It is not a decision" in text
    assert "qualified" not in text


def test_second_deposit_says_that_it_replaces_the_first(deposit):
    second = deposited.make_deposit(deposit.application, deposit.deposited_by, sequence=2)
    assert "It replaces the earlier ones." in text_of(receipt(second))
    assert "It replaces the earlier ones." not in text_of(receipt(deposit))


def test_receipt_reads_the_database_once_for_the_titles(deposit, django_assert_num_queries):
    with django_assert_num_queries(1):
        receipt_context(deposit, lang="fr", verify_url=ADDRESS)


# --- Declaration --------------------------------------------------------------------------------------------------
def test_blank_model_is_the_annex_word_for_word():
    text = text_of(declaration_pdf(Call(), {}, lang="fr"))
    places = [text.find(line) for line in ANNEX]
    assert -1 not in places, ANNEX[places.index(-1)]
    unsaid = text
    for line in sorted(ANNEX, key=len, reverse=True):
        unsaid = unsaid.replace(line, "", 1)
    assert unsaid.split() == ["Page", "1/1"]


def test_filled_declaration_says_who_for_whom_and_what_is_sent():
    text = text_of(declaration_pdf(Call(), DECLARED, lang="fr"))
    expected = [
        "Mme Salma Bennis",
        *(DECLARED[key] for key in ("quality_organisation", "quality_association", "association", "legal_form")),
    ]
    expected += ["1. Lettre de soutien", "Fait à Casablanca Le, 20 juillet 2026", wording().exact, wording().accepts]
    assert [line for line in expected if line not in text] == []
    assert "Indiquez" not in text
    assert "MODELE" not in text


def test_only_the_pieces_sent_are_ticked():
    html = render_html("pdf/declaration.html", declaration_context(Call(), DECLARED, lang="fr"), lang="fr")
    boxes = re.findall(r'<span class="tick">(.*?)</span><span>(.*?)</span>', html, re.DOTALL)
    assert [("<svg" in box) for box, _ in boxes] == [True, True, False, False]


@pytest.mark.parametrize(("lang", "sentence"), [("ar", wording(language="ar").exact), ("en", wording(language="en").exact)])
def test_translation_says_that_the_french_text_is_the_reference(lang, sentence):
    text = text_of(declaration_pdf(Call(), DECLARED, lang=lang))
    assert sentence in text
    assert wording(language=lang).note in text


def test_more_than_four_other_documents_are_all_printed():
    others = [f"Pièce jointe {letter}" for letter in "ABCDEF"]
    text = text_of(declaration_pdf(Call(), DECLARED | {"other_documents": others}, lang="fr"))
    assert [f"{n}. {other}" in text for n, other in enumerate(others, 1)] == [True] * 6


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
@pytest.mark.parametrize("declaration", [{}, DECLARED], ids=["blank", "filled"])
def test_declaration_fits_one_page_to_sign(lang, declaration):
    assert len(PdfReader(io.BytesIO(declaration_pdf(Call(), declaration, lang=lang))).pages) == 1


def test_unknown_version_is_refused():
    with pytest.raises(UnknownWording):
        declaration_pdf(Call(declaration_version="1999"), {}, lang="fr")


def test_every_language_says_the_whole_declaration():
    for lang in ("ar", "en"):
        said = wording(language=lang).as_data()
        assert all(said.values())
        assert {key: len(value) for key, value in said.items() if isinstance(value, list)} == {
            key: len(value) for key, value in wording().as_data().items() if isinstance(value, list)
        }
