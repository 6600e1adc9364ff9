"""X7, X14 and X22: what the budget warns of and lets through, and amounts as people type them."""

import re
from decimal import Decimal

import pytest

from applications.demonstration.samples import form_data
from applications.models import Application, BudgetLine, Member, RejectedInput
from applications.tests.factories import make_application
from applications.tests.staff_fixtures import officer

from .dossiers import address, declare, filled, panel, read, sample_with, standing_in_the_way

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def status_of(application):
    return Application.objects.get(pk=application.pk).status


def test_x07_a_grant_above_what_it_may_cover_is_flagged_and_deposited(client, owner):
    """Fundable: staff 1 050 000 + actions 1 400 000. Own resources grow with the grant, so that only B5 is at stake."""
    application = filled(owner, sample_with(income={"state_grant": 2_500_000, "membership_fees": 2_000_000}))
    warning = "Year 1: the State grant (2 500 000 DH) is above the expenses it may cover (2 450 000 DH)."
    assert warning in panel(client, application, "budget")
    assert standing_in_the_way(client, application) == []
    assert warning in read(client.get(address("check", application)))
    declare(client, application)
    assert status_of(application) == "deposited"
    client.force_login(officer())
    assert warning in read(client.get(address("reading", application)))


def test_x07_a_grant_equal_to_what_it_may_cover_is_not_flagged(client, owner):
    application = filled(owner, sample_with(income={"state_grant": 2_450_000, "membership_fees": 2_000_000}))
    assert "is above the expenses it may cover" not in panel(client, application, "budget")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("1\u202f234\u202f567,50", Decimal("1234567.50")),
        ("1\u00a0234\u00a0567,50 DH", Decimal("1234567.50")),
        ("١٢٣٤", Decimal(1234)),
        ("1500", Decimal(1500)),
    ],
)
def test_x14_amounts_are_read_as_they_are_typed(client, owner, typed, stored):
    application = make_application(user=owner)
    page = client.post(address("step", application, "budget"), {"lines-staff_costs_y1": typed, "version": "0"}, follow=True)
    line = BudgetLine.objects.get(application=application, heading__code="staff_costs")
    assert (line.y1, RejectedInput.objects.count()) == (stored, 0)
    shown = page.context["bound"].parts[0].form["staff_costs_y1"].value()
    assert shown.replace("\u00a0", "") == f"{stored:f}".replace(".50", ",5")


AMBIGUOUS = "This amount can be read in two ways. Write 1500 for one thousand five hundred, or 1,5 for one and a half."


def test_x14_an_amount_with_two_readings_is_asked_again_and_kept_as_typed(client, owner):
    application = make_application(user=owner)
    page = client.post(address("step", application, "budget"), {"lines-staff_costs_y1": "1.500", "version": "0"}, follow=True)
    field = page.context["bound"].parts[0].form["staff_costs_y1"]
    assert (field.value(), list(field.errors)) == ("1.500", [AMBIGUOUS])
    assert re.search(r'value="1\.500"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*value="1\.500"', page.content.decode())
    assert not BudgetLine.objects.filter(application=application, y1__isnull=False).exists()
    assert AMBIGUOUS in panel(client, application, "budget")


def test_x14_pasted_fees_are_read_and_doubted_the_same_way(client, owner):
    application = make_application(user=owner)
    lines = ["Nom\tCatégorie\tEngagement\tCotisation", "Un\tEntreprise\tEngagé\t1\u202f234\u202f567,50"]
    lines += ["Deux\tEntreprise\tEngagé\t١٢٣٤", "Trois\tEntreprise\tEngagé\t1.500"]
    client.post(address("members_paste", application), {"text": "\n".join(lines)})
    page = client.get(address("members_preview", application))
    assert AMBIGUOUS in read(page)
    client.post(address("members_preview", application), {"mode": "append", "draft": page.context["form"]["draft"].value()})
    stored = dict(Member.objects.filter(application=application).values_list("name_fr", "fee"))
    assert stored == {"Un": Decimal("1234567.50"), "Deux": Decimal(1234)}


def losing(comment):
    """The sample with staff so dear that every year ends below zero."""
    content = sample_with(budget_comment=comment)
    content["budget"]["expenses_mad"]["staff_costs"] = [2_000_000] * 5
    return content


def test_x22_a_loss_every_year_is_deposited_with_its_comment_and_flagged(client, owner):
    application = filled(owner, losing("Montée en charge financée par la trésorerie des membres."))
    losses = [f"Year {year}: the result is negative (-{loss} DH)." for year, loss in enumerate(LOSSES, 1)]
    said = panel(client, application, "budget")
    assert [sentence for sentence in losses if sentence not in said] == []
    assert standing_in_the_way(client, application) == []
    declare(client, application)
    assert status_of(application) == "deposited"
    client.force_login(officer())
    page = read(client.get(address("reading", application)))
    assert [sentence for sentence in losses if sentence not in page] == []
    assert "Montée en charge financée par la trésorerie des membres." in page


# Expenses less income of sample B once staff costs 2 000 000 DH each year.
LOSSES = ("950 000", "1 050 000", "850 000", "800 000", "750 000")


def test_x22_a_loss_without_a_comment_waits_for_one(client, owner):
    application = filled(owner, losing(""))
    waiting = [
        f"Year {year}: the result is negative (-{loss} DH). Explain it in the comment on the budget." for year, loss in enumerate(LOSSES, 1)
    ]
    assert standing_in_the_way(client, application) == waiting
    assert declare(client, application).status_code == 409 and status_of(application) == "draft"
    version = application.step_states.get(slug="budget").version
    typed = {name: value for name, value in form_data(losing("Expliqué."))["budget"].items() if not name.startswith("details")}
    client.post(address("step", application, "budget"), {**typed, "version": version})
    assert standing_in_the_way(client, application) == []
