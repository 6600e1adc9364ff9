"""Typing a whole dossier into its pages, from the texts `applications.demonstration.samples.form_data` gives."""

import re

from applications.steps import STEPS_BY_SLUG


def type_into(scope, name, value):
    """Give one control the value a person would: text, choice, ticked boxes. `value` is text or a list of codes."""
    controls = scope.locator(f'[name="{name}"]:not([type="hidden"])')
    first = controls.first
    kind = first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
    if kind == "select":
        first.select_option(value)
    elif kind in ("checkbox", "radio"):
        for code in value if isinstance(value, list) else [value]:
            scope.locator(f'[name="{name}"][value="{code}"]').check() if code != "on" else first.check()
    else:
        first.fill(value)


def open_step(page, slug):
    """From the task list, click the step's own link."""
    page.locator(f'.task-list a[href$="/etape/{slug}/"]').first.click()
    page.wait_for_url(f"**/etape/{slug}/")


def type_step(page, slug, data):
    """Add the rows that are needed, fill everything, save, and see that it is saved."""
    form = page.locator("#step-form")
    for name, value in data.items():
        if name.endswith("-TOTAL"):
            add_rows(form, name.removesuffix("-TOTAL"), int(value))
    for name, value in data.items():
        if not name.endswith("-TOTAL") and value not in ("", []):
            type_into(form, name, value)
    with page.expect_navigation():
        form.locator("button.btn-primary").click()
    assert page.locator(".error-summary").count() == 0, page.locator(".error-summary").inner_text()
    assert re.search(r"\d\d[:h]\d\d", page.locator(".save-state").inner_text())


def add_rows(form, key, wanted):
    rows = form.locator(f'[data-rows="{key}"] .rows__body > *')
    while rows.count() < wanted:
        form.locator(f'button[name="add"][value="{key}"]').click()


def type_member(page, data):
    """The first member, on its own page."""
    page.locator('a[href$="/members/ajouter/"]').first.click()
    for name, value in data.items():
        if name.startswith("members-0-") and value:
            type_into(page.locator("main form"), f"members-{name.removeprefix('members-0-')}", value)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/etape/membres/**")
    assert page.locator(".error-summary").count() == 0, page.locator(".error-summary").inner_text()


def import_members(page, path):
    """The whole list from the association's own table, in place of what is there."""
    page.locator('a[href$="/membres/importer/"]').first.click()
    page.set_input_files("main input[type=file]", path)
    for part in ("colonnes", "apercu"):
        page.locator("form.sheet .btn-primary").click()
        page.wait_for_url(f"**/membres/importer/{part}/")
    page.locator('[name="mode"][value="replace"]').check()
    page.locator("form.sheet .btn-primary").click()
    page.wait_for_url("**/etape/membres/**")


def upload_pieces(page, requirements, folder, content):
    """Choose a file on each card and send it."""
    for requirement in requirements:
        path = folder / f"{requirement.code.lower()}.pdf"
        path.write_bytes(content)
        card = page.locator(f"#piece-{requirement.code}")
        card.locator('input[type="file"]').set_input_files(path)
        card.locator("form button").click()
        # A signed copy is compared with the pages the portal makes itself: seconds on a busy machine.
        card.locator(".file-card__file", has_text=path.name).wait_for(timeout=120_000)


def type_dossier(page, texts, members_file):
    """Every step of the task list in turn, but for the pieces. The members: one typed, then all from their table."""
    task_list = page.url
    for slug, data in texts.items():
        open_step(page, slug)
        if STEPS_BY_SLUG[slug].code == "members":
            type_member(page, data)
            import_members(page, members_file)
        else:
            type_step(page, slug, data)
        page.goto(task_list)
