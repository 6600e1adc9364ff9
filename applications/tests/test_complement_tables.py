"""Whole tables in a complement: what is refused names its line, and the review shows the cells that differ."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.queries import Dossier
from applications.recap import choices_by_key, differences_by_part
from applications.services.complement_answers import answer, save
from applications.services.complements import Asked, ComplementRefused, ask
from applications.steps import STEPS_BY_SLUG
from clusters_portal.lib import clock

from .builders import DECLARATION
from .complements import FEES, LINE, ask_for, closed_deposit
from .staff_fixtures import officer
from .test_complement_views import asking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
STEP = STEPS_BY_SLUG["gouvernance"]


@pytest.fixture
def application(owner):
    return closed_deposit(owner)[0]


def address(application, name):
    return reverse(f"applications:{name}", args=[application.pk])


def one_row_instead(application, owner, asked):
    """All rows of the fees are given up for a new one."""
    ids = [row.pk for row in Dossier(application).rows(STEP.part("fees").model)]
    data = {"fees-TOTAL": str(len(ids) + 1)}
    data |= {f"fees-{n}-id": str(pk) for n, pk in enumerate(ids)} | {f"fees-{n}-DELETE": "on" for n in range(len(ids))}
    data |= {f"fees-{len(ids)}-{name}": value for name, value in (("category", "Jeunes pousses"), ("rule", "Forfait"), ("amount", "500"))}
    save(asked=asked, step=STEP, data=data, actor=owner)


def test_lines_asked_beside_their_table_are_named(application):
    found = choices_by_key(application.current_deposit.content, application.call)
    lines = [key for key in found if key.startswith("budget.lines.")]
    twice = [LINE, next(key for key in lines if key != LINE)]
    items, due_at = [Asked(key) for key in ("budget.lines", *twice)], clock.now() + timedelta(days=10)
    with pytest.raises(ComplementRefused) as refused:
        ask(application=application, items=items, reason="À compléter.", due_at=due_at, actor=officer())
    sentence = "The whole table is already asked: leave out this line or the table."
    assert refused.value.errors == {key: f"Line {lines.index(key) + 1} ({found[key][1].label}): {sentence}" for key in twice}


def test_every_fault_of_a_request_is_told_at_once_with_its_field(client, application):
    client.force_login(officer())
    page = client.post(address(application, "complement_ask"), asking(pick=[], reason="", preview="1"))
    assert page.status_code == 422 and set(page.context["errors"]) == {"reason", "items"}
    assert page.context["errors"]["reason"] == "What is asked and why: This field is required."


def test_changed_table_is_reviewed_by_the_cells_that_differ(client, application, owner):
    asked = ask_for(application, FEES)
    one_row_instead(application, owner, asked)
    client.force_login(owner)
    sending = client.get(address(application, "complement_send")).content.decode()
    made = answer(asked=asked, declaration=DECLARATION, actor=owner)
    differing = differences_by_part(asked.deposit.content, made.content, application.call)
    client.force_login(officer())
    review = client.get(address(application, "complement_review")).content.decode()
    for html in (sending, review):
        assert html.count("data-change=") == len(differing[FEES])
        assert "Jeunes pousses" in html[: html.index("<summary>The whole table")]
        names = [part.split('"')[0] for part in html.split('role="region" aria-label="')[1:]]
        assert len(names) == len(set(names)) == 2
