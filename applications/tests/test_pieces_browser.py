"""Sending pieces as people do: several at once with their progress, a line that is cut, a file that is too large."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Call

from .factories import make_application, make_user, pdf_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def dossier():
    user = make_user()
    return user, make_application(user=user)


@pytest.fixture
def files(tmp_path):
    """``files("un.pdf", pages=2)`` returns the path of a PDF of that name."""

    def make(name, *, pages=1, more=0):
        path = tmp_path / name
        path.write_bytes(pdf_bytes(pages) + b"\n%" * more)
        return path

    return make


def open_pieces(page, application):
    page.goto(reverse("applications:step", args=[application.pk, "pieces"]))
    return page.locator("#piece-OTHER")


def names(application):
    return sorted(application.documents.filter(replaced_at=None).values_list("original_name", flat=True))


def test_two_files_at_once_then_one_after_the_line_was_cut(browser_page, dossier, files, axe):
    user, application = dossier
    page = browser_page(user=user)
    card = open_pieces(page, application)
    page.wait_for_load_state("networkidle")  # the modules have arrived
    card.locator("input[name=label]").fill("Lettres d'appui")
    card.locator("input[type=file]").set_input_files([files("un.pdf"), files("عقد.pdf", pages=3)])
    card.locator("form button").click()
    card.locator(".file-card__file").nth(1).wait_for()
    assert names(application) == ["un.pdf", "عقد.pdf"]
    assert set(application.documents.values_list("label", flat=True)) == {"Lettres d'appui"}
    expect(card.locator("[id=files-OTHER]")).to_contain_text("عقد.pdf")
    expect(card.locator("#state-OTHER")).to_have_attribute("class", "tag tag--ok")

    page.context.set_offline(True)
    card.locator("input[type=file]").set_input_files(files("trois.pdf"))
    card.locator("form button").click()
    row = card.locator(".upload", has_text="trois.pdf")
    row.locator("[data-upload-retry]").wait_for()
    assert names(application) == ["un.pdf", "عقد.pdf"] and axe(page) == []
    page.context.set_offline(False)
    row.locator("[data-upload-retry]").click()
    card.locator(".file-card__file").nth(2).wait_for()
    assert names(application) == ["trois.pdf", "un.pdf", "عقد.pdf"]
    row.locator("[data-upload-dismiss]").click()
    expect(row).to_have_count(0)


def test_file_that_cannot_be_kept_is_said_before_it_leaves(browser_page, dossier, files):
    user, application = dossier
    Call.objects.filter(pk=application.call_id).update(max_file_mb=1)
    page = browser_page(user=user, width=360)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    card = open_pieces(page, application)
    page.wait_for_load_state("networkidle")  # the modules have arrived
    text = files("note.txt")
    card.locator("input[type=file]").set_input_files([files("grand.pdf", more=1024 * 1024), text])
    card.locator("form button").click()
    expect(card.locator(".upload--failed")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert names(application) == [] and sent == []


def test_card_works_without_javascript(browser_page, dossier, files):
    user, application = dossier
    page = browser_page(user=user, javascript=False)
    card = open_pieces(page, application)
    card.locator("input[type=file]").set_input_files([files("un.pdf"), files("deux.pdf")])
    card.locator("form button").click()
    page.wait_for_url("**#piece-OTHER")
    assert names(application) == ["deux.pdf", "un.pdf"]


def test_card_that_could_not_be_read_again_is_once_the_line_is_back(browser_page, browser_watch, dossier, files):
    user, application = dossier
    page = browser_page(user=user)
    card = open_pieces(page, application)
    page.wait_for_load_state("networkidle")  # the modules have arrived
    page.route("**/fichiers/", lambda route: route.abort())
    card.locator("input[type=file]").set_input_files(files("un.pdf"))
    with page.expect_event("requestfailed"):
        card.locator("form button").click()
    expect(card.locator(".file-card__file")).to_have_count(0)
    assert names(application) == ["un.pdf"]
    page.unroute("**/fichiers/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    card.locator(".file-card__file").wait_for()
    assert [problem for problem in browser_watch.problems if problem.startswith("script error")] == []
    browser_watch.problems.clear()
