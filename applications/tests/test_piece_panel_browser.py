"""A file opened beside the text in a real browser: it takes the focus, shows its pages, and gives the focus back."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.services.reading import ACTION
from applications.tests.factories import make_call
from applications.tests.staff_fixtures import officer, received
from clusters_portal.audit.models import AuditEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("ar", 360)])
def test_a_file_opens_beside_the_text_and_closes_again(browser_page, axe, language, width):
    application = received(make_call(prefix="CL-2026"))
    person = officer()
    page = browser_page(user=person, language=language, width=width)
    page.goto(reverse("applications:reading", args=[application.pk]))
    page.evaluate("window.neverLoadedAgain = true")
    link = page.locator("[data-opens-piece]").first
    name = link.inner_text()
    link.click()
    piece = page.locator("#piece")
    piece.wait_for()
    expect(piece).to_contain_text(name)
    expect(piece).to_be_focused()
    assert page.locator(".piece__page").evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert axe(page) == []
    page.locator(".piece__close").click()
    piece.wait_for(state="detached")
    expect(link).to_be_focused()
    assert page.evaluate("window.neverLoadedAgain")
    assert AuditEntry.objects.filter(action=ACTION, actor=person, object_id=str(application.pk)).exists()
