"""DPTC, evaluators and committee at work in the browser."""

from playwright.sync_api import expect

from tests.walk.people import prove_again

JUSTIFICATION = "Éléments précis et vérifiables dans la section citée du dossier, sans contradiction entre les tableaux et le texte."


def adopt_grid(page, call, day, reference):
    """In the administration: create the default grid of the call, then adopt it."""
    page.goto("/admin/evaluation/grid/add/")
    page.locator('select[name="call"]').select_option(str(call.pk))
    page.locator('input[name="_continue"]').click()
    page.wait_for_url("**/change/")
    page.locator('[name^="adopt_on"]').first.fill(day)
    page.locator('[name="adopt_reference"]').fill(reference)
    page.locator('input[name="_continue"]').click()
    page.wait_for_load_state()
    prove_again(page)
    expect(page.locator("#content")).to_contain_text(reference)


def propose_admissible(page, number):
    """Confirm every line the rules propose, say what the statutes hold, and propose the dossier as recevable."""
    page.goto("/instruction/")
    page.get_by_role("link", name=number).click()
    page.locator('a[href$="/recevabilite/"]').first.click()
    page.locator('[name="statutes-object"][value="conforming"]').check()
    page.locator('[name="statutes-object-reason"]').fill("Article 3.")
    page.locator('[name="outcome"][value="admissible"]').check()
    page.locator('main button[name="propose"]').click()
    page.wait_for_load_state()
    assert page.locator(".error-summary").count() == 0, page.locator(".error-summary").inner_text()


def validate_admissible(page, number):
    """The second person reads the proposal in the list of what waits, and validates it."""
    page.goto("/instruction/a-valider/")
    page.get_by_role("link", name=number).click()
    page.locator('form[action$="/valider/"] button').click()
    page.wait_for_load_state()
    prove_again(page)
    expect(page.locator('[data-check="validated"]')).to_have_count(1)


def assign_everyone(page, call):
    page.goto(f"/evaluation/affectations/{call.slug}/")
    page.locator(f'details:has(form[action$="/{call.slug}/tous/"]) summary').click()
    page.locator(f'form[action$="/{call.slug}/tous/"] button').click()
    page.wait_for_load_state()


def score(page, application, mark):
    """Declare no interest, sign the commitment of confidentiality before the first dossier, give the same mark with its
    justification on every criterion, submit."""
    page.goto("/evaluation/")
    page.locator(f'a[href="/evaluation/dossiers/{application.pk}/interets/"]').first.click()
    page.locator('[name="interest"][value="none"]').check()
    page.locator("main form button.btn-primary").click()
    page.goto(f"/evaluation/dossiers/{application.pk}/notation/")
    if page.locator('[name="accept"]').count():
        page.locator('[name="accept"]').check()
        page.locator('form[action="/evaluation/engagement/"] button').click()
        page.wait_for_url(f"**/{application.pk}/notation/")
    for criterion in application.call.criteria.all():
        block = page.locator(f"#criterion-{criterion.code}")
        block.locator(f'input[type="radio"][value="{mark}"]').check(force=True)
        block.locator("textarea").fill(JUSTIFICATION)
    confidence = page.locator('[name="confidence"]')
    if confidence.first.evaluate("e => e.tagName") == "SELECT":
        confidence.select_option("2")
    else:
        page.locator('[name="confidence"][value="2"]').check()
    page.locator('#sheet button[value="submit"]').click()
    page.wait_for_url("**/evaluation/fiches/**")


def open_every_consensus(page, call):
    page.goto(f"/evaluation/consensus/{call.slug}/")
    page.locator(f'form[action$="/{call.slug}/ouvrir/"] button').click()
    page.wait_for_load_state()


def write_report(page, application, marks):
    """As rapporteur: the agreed mark and its reasons on every criterion, then ask for approval."""
    page.goto(f"/evaluation/dossiers/{application.pk}/consensus/")
    expect(page.locator("#report input[type=radio]:checked")).to_have_count(0)
    for code, mark in marks.items():
        block = page.locator(f"#criterion-{code}")
        block.locator(f'input[type="radio"][value="{mark}"]').check(force=True)
        block.locator(f'textarea[name="text_{code}"]').fill(JUSTIFICATION)
    page.locator('#report button[value="ask"]').last.click()
    page.locator('[data-status="approving"]').wait_for()


def approve(page, application):
    page.goto(f"/evaluation/dossiers/{application.pk}/consensus/")
    page.locator('[name="answer"][value="approve"]').check()
    page.locator('form[action$="/reponse/"] button').click()
    page.wait_for_load_state()


def validate_consensus(page, application):
    page.goto(f"/evaluation/dossiers/{application.pk}/consensus/")
    page.locator('form[action$="/conclure/"] button').click()
    page.locator('[data-status="validated"]').wait_for()


def download(page, call, fmt, folder):
    """Fetch one form of the shortlist by its link; returns the file."""
    page.goto(f"/comite/{call.slug}/")
    with page.expect_download() as waiting:
        page.locator(f'a[href$="/{call.slug}/liste/{fmt}/"]').first.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path
