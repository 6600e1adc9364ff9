"""The watch kept on every browser test sees what it must see."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_address_outside_is_blocked_and_seen(browser_page, browser_watch):
    page = browser_page()
    page.set_content('<img src="http://outside.example/x.png">')
    page.wait_for_load_state("networkidle")
    assert browser_watch.problems == ["asked for something outside this machine: http://outside.example/x.png"]
    browser_watch.problems.clear()


def test_script_error_is_seen(browser_page, browser_watch):
    page = browser_page()
    page.evaluate("setTimeout(() => { throw new Error('planted') })")
    page.wait_for_timeout(200)
    assert len(browser_watch.problems) == 1
    assert "planted" in browser_watch.problems[0]
    browser_watch.problems.clear()


def test_missing_file_is_seen_and_missing_page_is_a_result(browser_page, browser_watch, live_server):
    page = browser_page()
    answer = page.goto("/static/nowhere.html")
    assert answer.status == 404
    page.set_content(f'<img src="{live_server.url}/static/nowhere.png">')
    page.wait_for_load_state("networkidle")
    assert browser_watch.problems == [f"404 for {live_server.url}/static/nowhere.png"]
    browser_watch.problems.clear()


def test_accessibility_check_finds_a_picture_without_words(browser_page, axe):
    page = browser_page()
    page.set_content('<html lang="fr"><title>x</title><main><h1>x</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></main></html>')
    assert [violation.split(":")[0] for violation in axe(page)] == ["image-alt"]
