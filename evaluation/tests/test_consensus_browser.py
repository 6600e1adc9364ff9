"""The consensus and the scoring sheet in a real browser: saved while one types, by keyboard alone, nothing axe refuses."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clusters_portal.accounts.roles import Role
from evaluation import queries
from evaluation.models import Consensus, Evaluation
from evaluation.tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_report_is_saved_while_it_is_written_and_fits_a_phone(browser_page, axe):
    _call, (dossier,) = make.scored_call(3, people=2)
    report = make.opened(dossier)
    page = browser_page(user=report.rapporteur, language="ar", width=360)
    page.goto(reverse("evaluation:consensus", args=[dossier.pk]))
    expect(page.locator("#report input[type=radio]:checked")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator("input[name=mark_T1][value='3.5']").check(force=True)
    page.locator("input[name=version][value='1']").wait_for(state="attached")
    assert str(queries.agreed_marks(Consensus.objects.get())["T1"]) == "3.5"
    assert axe(page) == []


def test_a_sheet_is_saved_while_it_is_filled_with_the_keyboard_alone(browser_page, axe):
    call = make.call()
    make.adopted_grid(call)
    assignment = make.accepted(make.application(call), make.user(Role.EVALUATOR))
    page = browser_page(user=assignment.evaluator, language="fr")
    page.goto(reverse("evaluation:evaluate", args=[assignment.application_id]))
    page.locator("input[name=mark_T1]").first.focus()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    page.locator("input[name=version]:not([value='0'])").wait_for(state="attached")
    page.wait_for_timeout(1500)
    assert str(Evaluation.objects.get().scores.get(criterion__criterion__code="T1").value) == "3.5"
    assert axe(page) == []
