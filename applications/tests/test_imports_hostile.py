"""Files that must not be believed, and rows that cannot be: refused in words, nothing written, nothing lost."""

import zipfile
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from applications.models import ImportDraft, Member
from clusters_portal.lib.tabular import csv_text

from .factories import make_application
from .imports.helpers import ICE_1, ICE_2

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HEADER = "Raison sociale;Type;Statut;ICE;Cotisation"


@pytest.fixture
def application(owner):
    return make_application(user=owner)


def url(name, application):
    return reverse(f"applications:members_{name}", args=[application.pk])


def workbook(rows, **options):
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": len(rows) > 1000, **options}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def packed(**parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def repacked(data, **parts):
    with zipfile.ZipFile(BytesIO(data)) as archive:
        old = {name: archive.read(name) for name in archive.namelist()}
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**old, **parts}.items():
            archive.writestr(name, content)
    return out.getvalue()


SMALL = [["Nom", "ICE"], ["Filature", ICE_1]]
ODS = '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">{}</office:document-content>'
LOCKED = (
    '<manifest:manifest xmlns:manifest="urn:x"><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
)
HOSTILE = {
    "bomb.xlsx": lambda: repacked(workbook(SMALL), **{"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 40_000_000}),
    "bomb.ods": lambda: packed(mimetype="x", content_xml=ODS.format(" " * 40_000_000)),
    "hundred-thousand.xlsx": lambda: workbook([["Nom", "ICE"], *([f"M{n}", "1"] for n in range(100_000))]),
    "hundred-thousand.csv": lambda: b"Nom;ICE\n" + b"M;1\n" * 100_000,
    "pdf.xlsx": lambda: b"%PDF-1.7 not a workbook",
    "program.xlsx": lambda: b"MZ\x90\x00\x03\x00\x00\x00",
    "empty.csv": lambda: b"",
    "blank.xlsx": lambda: workbook([]),
    "locked.xlsx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "locked.ods": lambda: packed(mimetype="x", content_xml=b"\x8f\x02\x99", **{"META-INF__manifest_xml": LOCKED}),
    "macro.xlsm": lambda: repacked(workbook(SMALL), **{"xl/vbaProject.bin": b"Sub AutoOpen()"}),
    "only-headers.csv": lambda: HEADER.encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_keeps_the_page_says_what_to_do_and_writes_nothing(client, application, name):
    page = client.post(url("file", application), {"file": SimpleUploadedFile(name, HOSTILE[name]())})
    assert page.status_code == 422 and page.context["refusal"]
    text = page.content.decode()
    assert 'type="file"' in text and "Nothing has been imported and your list is unchanged." in text
    assert not ImportDraft.objects.exists() and not Member.objects.exists()


@pytest.mark.parametrize("name", ["locked.xlsx", "locked.ods"])
def test_locked_workbook_is_told_from_a_damaged_one(client, application, name):
    page = client.post(url("file", application), {"file": SimpleUploadedFile(name, HOSTILE[name]())})
    assert "password" in page.context["refusal"]


def test_command_of_a_csv_is_a_text_that_is_refused_and_never_goes_out_as_a_formula(client, application):
    lines = [
        "=cmd|' /C calc'!A0;Entreprise;Engagé;;",
        '"=HYPERLINK(""http://x.example"")";Entreprise;Engagé;;',
        "@SUM(A1);Entreprise;Engagé;;",
    ]
    content = "\n".join([HEADER, *lines]).encode()
    sent = client.post(url("file", application), {"file": SimpleUploadedFile("x.csv", content)})
    assert sent.status_code == 302
    found = client.get(url("preview", application)).context["found"]
    assert [bool(row.errors) for row in found.rows] == [True, True, False]
    sheet = openpyxl.load_workbook(BytesIO(client.get(url("refused", application)).content)).active
    assert [(cell.value, cell.data_type) for cell in sheet["A"][1:]] == [
        ("=cmd|' /C calc'!A0", "s"), ('=HYPERLINK("http://x.example")', "s"),
    ]  # fmt: skip
    assert "\r\n'@SUM(A1)\r\n" in csv_text([["x"], ["@SUM(A1)"]])


# --- Rows to correct ----------------------------------------------------------------------------------------------------
def send(client, application, name, content):
    client.post(url("file", application), {"file": SimpleUploadedFile(name, content)})
    form = client.get(url("columns", application)).context["form"]
    client.post(url("columns", application), {name: form[name].value() or "" for name in form.fields})
    return client.get(url("preview", application)).context


def accept(client, application, mode="append"):
    draft = client.get(url("preview", application)).context["form"]["draft"].value()
    return client.post(url("preview", application), {"mode": mode, "draft": draft})


def names():
    return list(Member.objects.values_list("name_fr", flat=True))


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_refused_rows_are_downloaded_corrected_and_sent_again(client, application, language):
    client.cookies["portal_language"] = language
    lines = [f"Filature;Entreprise;Engagé;{ICE_1};25 000", f"Tissage;banque;Engagé;{ICE_2};10 000", "Maille;Entreprise;Engagé;12;10 000"]
    send(client, application, "x.csv", "\n".join([HEADER, *lines]).encode())
    done = accept(client, application)
    assert done.url == url("preview", application) and names() == ["Filature"]
    left = client.get(url("preview", application))
    assert [row.number for row in left.context["found"].refused] == [3, 4] and left.context["found"].accepted == []
    book = openpyxl.load_workbook(BytesIO(client.get(url("refused", application)).content))
    sheet = book.active
    assert [cell.value for cell in sheet[1]][:5] == HEADER.split(";")
    assert [[cell.value for cell in row][:4] for row in sheet.iter_rows(min_row=2)] == [
        ["Tissage", "banque", "Engagé", ICE_2], ["Maille", "Entreprise", "Engagé", "12"],
    ]  # fmt: skip
    assert all(row[5].value for row in sheet.iter_rows(min_row=2))
    sheet["B2"], sheet["D3"] = "Entreprise", None
    out = BytesIO()
    book.save(out)
    found = send(client, application, "corrige.xlsx", out.getvalue())["found"]
    assert found.refused == [] and [name for name, _label in found.fields] == ["name_fr", "category", "engagement", "ice", "fee"]
    assert accept(client, application).url == reverse("applications:step", args=[application.pk, "membres"])
    assert names() == ["Filature", "Tissage", "Maille"] and not ImportDraft.objects.exists()


def test_row_refused_for_repeating_another_stays_refused_once_the_other_is_written(client, application):
    send(client, application, "x.csv", f"Nom;ICE\nFilature;{ICE_1}\nFilature bis;{ICE_1}".encode())
    accept(client, application)
    left = client.get(url("preview", application)).context["found"]
    assert [row.errors for row in left.rows] == [["Same ICE as row 2."]]
    assert accept(client, application, mode="update").status_code == 409 and names() == ["Filature"]


@pytest.mark.parametrize(("mode", "fee"), [("append", 100), ("update", 250)])
def test_known_members_are_left_or_corrected_as_chosen(client, application, mode, fee):
    for amount, chosen in (("100", "append"), ("250", mode)):
        send(client, application, "x.csv", f"Nom;ICE;Cotisation\nFilature;{ICE_1};{amount}".encode())
        accept(client, application, mode=chosen)
    assert [(member.name_fr, member.fee) for member in Member.objects.all()] == [("Filature", fee)]


def test_no_rows_to_correct_is_404(client, application):
    assert client.get(url("refused", application)).status_code == 404


@pytest.mark.parametrize(
    ("titles", "headers", "row"),
    [
        ([], "الاسم;الصنف;الوضعية;التعريف الموحد", f"Filature;Entreprise;Engagé;{ICE_1}"),
        (["Pôle d'essai;;;", "Mise à jour : juin 2026;;;", ";;;"], "N° ICE;DENOMINATION SOCIALE;Catégorie de membre;Engagement",
         f"{ICE_1};Filature;Entreprise;Engagé"),
        (["Liste des membres;;;"], "Statut d'adhésion;Identifiant Commun de l'Entreprise (ICE);Type;RAISON  SOCIALE",
         f"Engagé;{ICE_1};Entreprise;Filature"),
        ([], "Nom ou raison sociale;Nature;Membre engagé;I.C.E.", f"Filature;Entreprise;oui;{ICE_1}"),
        ([], "Member name;Category;Status;ICE number", f"Filature;Company;Engaged;{ICE_1}"),
    ],
    ids=["arabic", "titles", "long", "loose", "english"],
)  # fmt: skip
def test_headers_of_real_files_are_understood(client, application, titles, headers, row):
    found = send(client, application, "x.csv", "\n".join([*titles, headers, row]).encode())["found"]
    [member] = found.accepted
    wanted = {"name_fr": "Filature", "category": "company", "engagement": "engaged", "ice": ICE_1}
    assert {name: member.inputs.get(name) for name in wanted} == wanted


def test_list_of_another_language_says_its_errors_in_it(client, application):
    with translation.override("en"):
        context = send(client, application, "x.csv", "الاسم;الاشتراك\nغزل;كثير".encode())
    [row] = context["found"].refused
    assert len(row.errors) == 1 and row.cells[1].text == "كثير" and row.cells[1].error
