"""Importing as people do it: a file, its columns, its rows, accepted; by keyboard-sized screens, in French and Arabic."""

import pytest
from django.urls import reverse

from applications.demonstration.samples import FOLDER
from applications.models import Member

from .builders import sample
from .factories import make_application, make_user
from .imports.helpers import FILES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BAD_ROW = "\nSans catégorie connue;banque;Engagé;123"


@pytest.fixture
def dossier():
    user = make_user()
    return user, make_application(user=user)


def address(name, application):
    return reverse(f"applications:{name}", args=[application.pk])


def test_the_list_of_sample_b_is_imported_from_its_own_file(browser_page, dossier):
    user, application = dossier
    page = browser_page(user=user)
    page.goto(reverse("applications:step", args=[application.pk, "membres"]))
    page.click(f"a[href='{address('members_file', application)}']")
    page.set_input_files("input[type=file]", FOLDER / FILES["b-hydrogene"])
    page.click("form.sheet .btn-primary")
    page.wait_for_url(f"**{address('members_columns', application)}")
    page.select_option("[name=qualify]", "all")
    page.click("form.sheet .btn-primary")
    page.wait_for_url(f"**{address('members_preview', application)}")
    page.click("form.sheet .btn-primary")
    page.wait_for_url("**/etape/membres/")
    assert Member.objects.filter(application=application).count() == len(sample("b-hydrogene")["members"])


@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("ar", 360)])
def test_every_page_of_an_import_is_accessible(browser_page, axe, dossier, language, width):
    user, application = dossier
    page = browser_page(user=user, language=language, width=width)
    found = {}
    for name in ("members_file", "workbook", "members_paste"):
        page.goto(address(name, application))
        found[name] = axe(page)
    page.fill("textarea", "Nom;Catégorie;Engagement;ICE\nAtelier;Entreprise;Engagé;1561191000066" + BAD_ROW + "\nTotal;;;2")
    page.click("form.sheet .btn-primary")
    page.wait_for_url(f"**{address('members_columns', application)}")
    found["members_columns"] = axe(page)
    page.select_option("[name=qualify]", "all")
    page.click("form.sheet .btn-primary")
    page.wait_for_url(f"**{address('members_preview', application)}")
    found["members_preview"] = axe(page)
    assert found == dict.fromkeys(found, [])
    # Nothing scrolls sideways but the tables themselves.
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
