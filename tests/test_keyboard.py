"""Keyboard alone, in French, from the sign-in page to the receipt: the last step, the last piece, the declaration."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.demonstration.samples import rows
from applications.models import Application, Deposit, Partnership
from applications.services.documents import attach
from applications.services.drafts import save_step
from applications.steps import STEPS_BY_SLUG
from applications.tests.builders import inputs_of, sample
from applications.tests.factories import make_application, pdf_bytes, pdf_file
from tests.walk.keyboard import Keyboard
from tests.walk.people import PASSWORD, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAST_PIECE = "ADM_RI"
FIRST, SECOND = ("Centre technique", "Centre technique textile"), ("Université", "École d'ingénieurs")


def nearly_done(owner):
    """A dossier whose partnerships and one piece are still to come."""
    application = make_application(user=owner, name=sample()["association"]["name_fr"])
    for slug, data in inputs_of().items():
        if slug == "projets":
            data = {name: value for name, value in data.items() if not name.startswith("partnerships")} | rows("partnerships", [])
        save_step(application=application, step=STEPS_BY_SLUG[slug], data=data, actor=owner)
    for requirement in application.call.document_requirements.filter(required=True).exclude(code=LAST_PIECE):
        attach(application=application, requirement=requirement, upload=pdf_file(), actor=owner)
    return application


def address(application, name, *args):
    return reverse(f"applications:{name}", args=[application.pk, *args])


def sign_in(keys, owner):
    keys.page.goto(reverse("account_login"))
    if not keys.stands_on("[name=login]"):
        keys.tab_to("[name=login]")
    keys.type(owner.email)
    keys.write("[name=password]", PASSWORD)
    keys.press("Enter")
    keys.page.wait_for_url("**/dossiers/")


def add_partnerships(keys, application):
    """Two rows: the one shown, and one added; a select by its arrows, texts, then the button that saves."""
    keys.into_content()
    for index, (kind, entity) in enumerate((FIRST, SECOND)):
        if index:
            keys.tab_to("#partnerships-new")
            keys.press("Enter")
            keys.page.locator(f"[name=partnerships-{index}-kind]").wait_for()
            assert keys.stands_on(f"[name^=partnerships-{index}-]"), "the focus does not follow the new row"
        if not keys.stands_on(f"[name=partnerships-{index}-scope]"):
            keys.tab_to(f"[name=partnerships-{index}-scope]")
        keys.press("ArrowDown")
        keys.write(f"[name=partnerships-{index}-kind]", kind)
        keys.tab_to(f"[name=partnerships-{index}-state]")
        keys.press("ArrowDown")
        keys.write(f"[name=partnerships-{index}-entity]", entity)
    keys.tab_to("#step-form .actions .btn-primary")
    with keys.page.expect_navigation():
        keys.press("Enter")
    found = Partnership.objects.filter(application=application)
    assert [(row.kind, row.entity) for row in found] == [FIRST, SECOND] and all(row.scope and row.state for row in found)


def send_piece(keys, folder):
    path = folder / "reglement.pdf"
    path.write_bytes(pdf_bytes())
    keys.into_content()
    keys.tab_to(f"#id_{LAST_PIECE}_file")
    # The dialog belongs to the operating system.
    keys.page.locator(f"#id_{LAST_PIECE}_file").set_input_files(path)
    keys.tab_to(f"#piece-{LAST_PIECE} form button")
    keys.press("Enter")
    keys.page.locator(f"#piece-{LAST_PIECE} .file-card__file", has_text=path.name).wait_for(timeout=60_000)


def declare(keys):
    """First with two answers missing: the summary takes the focus, its links lead to the fields, nothing typed is lost."""
    page = keys.page
    keys.into_content()
    keys.tab_to("[name=civility]")
    keys.press("ArrowDown")
    keys.tab_to("[name=accept]")
    keys.press("Space")
    keys.tab_to("main form .btn-primary")
    with page.expect_navigation():
        keys.press("Enter")
    page.wait_for_function("() => document.activeElement.matches('[data-error-summary]')")
    assert not Deposit.objects.exists()
    keys.tab_to("[data-error-summary] a")
    keys.press("Enter")
    assert keys.stands_on("[name=quality_organisation]")
    keys.type("Dirigeant")
    keys.tab_to("[name=civility]", back=True)
    expect(page.locator("[name=civility]:checked")).to_have_count(1)
    keys.tab_to("[name=accept]")
    expect(page.locator("[name=accept]")).to_be_checked()
    keys.write("[name=place]", "Nouaceur")
    keys.follow("main form .btn-primary", "**/recepisse/**")


def test_from_sign_in_to_receipt_without_a_mouse(browser_page, tmp_path):
    owner = make_person("clavier@cluster.example", first_name="Youssef", last_name="Tahiri")
    application = nearly_done(owner)
    keys = Keyboard(browser_page())
    sign_in(keys, owner)
    keys.into_content()
    keys.follow(f'main a[href="{address(application, "task_list")}"]', f"**{address(application, 'task_list')}")
    keys.into_content()
    keys.follow('.task-list a[href$="/etape/projets/"]', "**/etape/projets/")
    add_partnerships(keys, application)
    keys.into_content()
    keys.follow(f'nav.actions a[href="{address(application, "task_list")}"]', f"**{address(application, 'task_list')}")
    keys.into_content()
    keys.follow('.task-list a[href$="/etape/pieces/"]', "**/etape/pieces/")
    send_piece(keys, tmp_path)
    keys.follow(f'nav.actions a[href="{address(application, "task_list")}"]', f"**{address(application, 'task_list')}")
    keys.into_content()
    keys.follow('main a[href$="/verifier/"]', "**/verifier/")
    keys.into_content()
    keys.follow('main a[href$="/declarer/"]', "**/declarer/")
    declare(keys)
    expect(keys.page.locator("#receipt-number")).to_have_text(Deposit.objects.get().number)
    assert Application.objects.get().status == "deposited"
    keys.tab_to('main a[href$="/recepisse/fr.pdf"]')
