"""The panel beside a step is read again while one types and moves on: none of it is an error of the page."""

import pytest
from django.urls import reverse

from .factories import make_application, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_page_left_while_its_panel_is_read_says_nothing_on_the_console(browser_page, browser_watch):
    user = make_user()
    application = make_application(user=user)
    page = browser_page(user=user)
    asked = []
    page.route("**/apercu/", lambda route: asked.append(route.request.method))  # the answer never comes
    page.goto(reverse("applications:step", args=[application.pk, "strategie"]), wait_until="domcontentloaded")
    page.fill("#id_strategy-overall", "Une vision")
    page.wait_for_function("() => document.querySelector('#step-form [name=version]').value === '1'")
    page.fill("#id_strategy-overall", "Une vision, corrigée")
    page.wait_for_function("() => document.querySelector('#step-form [name=version]').value === '2'")
    page.goto(reverse("applications:task_list", args=[application.pk]))
    assert asked and browser_watch.problems == []
