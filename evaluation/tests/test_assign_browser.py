"""The automatic assignment, from the matrix to the applied run, in a real browser; no axe violation on the way."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clusters_portal.accounts.roles import Role
from evaluation.models import Assignment
from evaluation.services import grids
from evaluation.tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language, width", [("fr", 1280), ("ar", 360)])
def test_a_proposal_is_computed_looked_at_and_applied(browser_page, axe, language, width):
    call, head = make.call(min_evaluators=2), make.user(Role.DIVISION_HEAD)
    for _ in range(3):
        make.application(call)
        make.user(Role.EVALUATOR)
    grids.copy(grid=make.adopted_grid(call, head), actor=head)
    page = browser_page(user=head, language=language, javascript=width == 1280)
    page.set_viewport_size({"width": width, "height": 900})

    def fits():
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert width != 1280 or axe(page) == []

    page.goto(reverse("evaluation:call_assignments", args=[call.slug]))
    fits()
    page.click(f"a[href='{reverse('evaluation:auto_assign', args=[call.slug])}']")
    page.uncheck("input[name=sector_expert]")
    fits()
    page.click("main form button.btn-primary")
    page.wait_for_url("**/automatique/1/")
    expect(page.locator("svg.bars")).to_have_count(1)
    assert not Assignment.objects.exists()
    fits()
    page.click(f"form[action='{reverse('evaluation:apply_run', args=[call.slug, 1])}'] button")
    page.wait_for_url(f"**{reverse('evaluation:call_assignments', args=[call.slug])}")
    assert set(Assignment.objects.values_list("origin", flat=True)) == {"auto"}
    for name, *args in (("interests",), ("assignments_file",), ("record_interest",), ("grid_version", 2), ("grid_differences", 2, 1)):
        page.goto(reverse(f"evaluation:{name}", args=[call.slug, *args]))
        fits()
    page.goto(reverse("evaluation:evaluators"))
    fits()
