"""The main job by its pages, as people without scripts do it."""

import re
from io import BytesIO

from pypdf import PdfReader

from applications.demonstration.samples import FOLDER, form_data
from applications.tests.factories import pdf_bytes

from .portal import PASSWORD

CALL = "demonstration"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JUSTIFICATION = "Éléments précis et vérifiables dans la section citée du dossier, sans contradiction entre les tableaux et le texte."


def create_account(stack, email, first_name="Nadia", last_name="Zerouali"):
    """From the sign-up page to the link of the mail; returns the person, signed in."""
    person = stack.person(email)
    typed = {"email": email, "password1": PASSWORD, "password2": PASSWORD, "first_name": first_name, "last_name": last_name}
    person.send(person.see("/compte/signup/"), typed, field="password1")
    link = re.search(r"https://[^/\s]+(/compte/confirm-email/\S+)", stack.mail_to(email).get_content())[1]
    person.send(person.see(link), action="/compte/confirm-email/")
    return person if person.see("/dossiers/").path == "/dossiers/" else signed_in(person)


def signed_in(person):
    person.sign_in(PASSWORD)
    return person


def staff(stack, name):
    """Somebody with a role signs in and adds the second factor that production asks for."""
    person = stack.person(f"{name}@mic.example")
    person.sign_in(PASSWORD)
    person.add_second_factor()
    return person


def open_dossier(person, sample):
    """From the call to the task list; returns its address."""
    page = person.see(f"/dossiers/nouveau/{CALL}/")
    return person.send(page, {"name": sample["association"]["name_fr"]}, field="name").path


def fill_steps(person, dossier, sample):
    for slug, data in form_data(sample).items():
        if slug == "membres":
            import_members(person, dossier)
            continue
        page = person.see(f"{dossier}etape/{slug}/")
        saved = person.send(page, data, field="version")
        assert "error-summary" not in saved.text, f"{slug}: {saved.words()[:800]}"


def import_members(person, dossier):
    """The association's own table: sent, its columns recognised, looked over, taken."""
    sent = {"file": ("membres.xlsx", (FOLDER / "a-textile-membres.xlsx").read_bytes(), XLSX)}
    page = person.send(person.see(f"{dossier}membres/importer/"), {}, action="/importer/", files=sent)
    page = person.send(page, {}, action="/colonnes/")
    page = person.send(page, {"mode": "replace"}, field="mode")
    assert page.path.startswith(f"{dossier}etape/membres/"), page.words()[:800]


def required_pieces(stack):
    return [code for (code,) in stack.rows(
        "SELECT d.code FROM applications_documentrequirement d JOIN applications_call c ON c.id = d.call_id "
        "WHERE c.slug = %s AND d.required ORDER BY d.position", CALL)]  # fmt: skip


def upload(person, dossier, code, content=None, *, expect=200):
    page = person.see(f"{dossier}etape/pieces/")
    files = {"file": (f"{code.lower()}.pdf", content or pdf_bytes(), "application/pdf")}
    return person.send(page, {}, action=f"/pieces/{code}/", files=files, expect=expect)


def deposit(person, dossier, **options):
    """From the declaration to the receipt; returns the page one arrives at."""
    page = person.see(f"{dossier}declarer/")
    typed = {
        "civility": "mr", "first_name": "Youssef", "last_name": "Tahiri", "quality_organisation": "Dirigeant",
        "quality_association": "Président", "place": "Nouaceur", "accept": "on",
    }  # fmt: skip
    return person.send(page, typed, field="accept", **options)


def text_of(page) -> str:
    """The text of a PDF that was downloaded."""
    assert page.headers["content-type"] == "application/pdf", page.headers
    return "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(page.content)).pages)


def declare_admissible(officer, head, pk):
    """Recevabilité through both persons, by what the rules propose."""
    page = officer.see(f"/instruction/{pk}/recevabilite/")
    typed = {"statutes-object": "conforming", "statutes-object-reason": "Article 3.", "outcome": "admissible", "propose": "1"}
    page = officer.send(page, typed, field="outcome")
    assert "error-summary" not in page.text, page.words()[:1000]
    head.send(head.see(f"/instruction/{pk}/recevabilite/"), {}, action="/valider/")


def sign_commitment(evaluator):
    evaluator.send(evaluator.see("/evaluation/engagement/"), {"accept": "on"}, field="accept")


def score(evaluator, pk, codes, mark):
    """Declare no interest, mark every criterion, submit."""
    evaluator.send(evaluator.see(f"/evaluation/dossiers/{pk}/interets/"), {"interest": "none"}, field="interest")
    page = evaluator.see(f"/evaluation/dossiers/{pk}/notation/")
    typed = {f"mark_{code}": mark for code in codes} | {f"why_{code}": JUSTIFICATION for code in codes}
    page = evaluator.send(page, {**typed, "confidence": "2", "action": "submit"}, field="confidence")
    assert page.path.startswith("/evaluation/fiches/"), page.words()[:1000]
