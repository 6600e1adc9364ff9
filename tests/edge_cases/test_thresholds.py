"""X1 to X6 and X8: the three thresholds of clause 3.3, as the panel, the check and the refused deposit show them."""

import pytest

from applications.demonstration.samples import form_data, rows
from applications.models import Application, BudgetDetail, Deposit

from .dossiers import address, declare, filled, member, members, panel, read, sample_with, standing_in_the_way

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def refused(client, application, *sentences):
    """The check gives these sentences and no other, and a declaration sent all the same deposits nothing and says them again."""
    assert standing_in_the_way(client, application) == list(sentences)
    page = declare(client, application)
    assert page.status_code == 409
    assert [sentence for sentence in sentences if sentence not in read(page)] == []
    assert (Application.objects.get(pk=application.pk).status, Deposit.objects.count()) == ("draft", 0)


def accepted(client, application):
    assert standing_in_the_way(client, application) == []
    assert declare(client, application)["Location"] == address("receipt", application)
    assert Application.objects.get(pk=application.pk).status == "deposited"


def test_x01_potential_members_are_listed_and_not_counted(client, owner):
    application = filled(owner, sample_with(members=members(companies=8, others=6, potential=10)))
    assert application.members.count() == 24
    said = panel(client, application)
    assert "14/15 members" in said and "24" not in said.split("On this step")[0]
    share = "Industrial, technological or specific companies: 57,14 % of members (8/14); at least 60 % is required."
    refused(
        client, application,
        "14 engaged members counted; at least 15 are required. 1 member is missing.",
        f"{share} 1 industrial, technological or specific company is missing.",
    )  # fmt: skip


def test_x02_a_share_just_under_sixty_is_never_shown_as_sixty(client, owner):
    application = filled(owner, sample_with(members=members(companies=97, others=65)))
    said = panel(client, application)
    assert "97/162 = 59,87 % / 60 %" in said and "Industrial, technological or specific companies: 59,87 % of members (97/162)" in said
    share = "Industrial, technological or specific companies: 59,87 % of members (97/162); at least 60 % is required."
    refused(client, application, f"{share} 1 industrial, technological or specific company is missing.")
    pages = [client.get(address(name, application)) for name in ("check", "task_list")] + [
        client.get(address("step", application, "membres"))
    ]
    assert [page.status_code for page in pages] == [200, 200, 200]
    shown = " ".join(read(page) for page in pages)
    assert "59,87 %" in shown and "59,9" not in shown and "60,00" not in shown


def test_x03_one_more_member_turns_the_panel_while_it_is_typed(client, owner):
    content = sample_with()
    application = filled(owner, content)
    assert "9/15 = 60,00 % / 60 %" in panel(client, application)
    stored = application.members.count()
    typed = rows("members", [{"name_fr": "Chambre d'essai", "category": "other", "engagement": "engaged"}])
    said = panel(client, application, "membres", typed)
    assert "9/16 = 56,25 % / 60 %" in said and "16/15 members" in said
    assert "2 industrial, technological or specific companies are missing." in said
    assert application.members.count() == stored and "9/15 = 60,00 %" in panel(client, application)
    client.post(address("row_add", application, "membres", "members"), {
        "members-name_fr": "Chambre d'essai", "members-category": "other", "members-engagement": "engaged",
    })  # fmt: skip
    assert "9/16 = 56,25 % / 60 %" in panel(client, application)
    share = "Industrial, technological or specific companies: 56,25 % of members (9/16); at least 60 % is required."
    refused(client, application, f"{share} 2 industrial, technological or specific companies are missing.")


def test_x04_one_dirham_under_forty_per_cent_is_refused(client, owner):
    application = filled(owner, sample_with(income={"membership_fees": 749_999, "state_grant": 1_800_001}))
    assert "39,99 % / 40 %" in panel(client, application, "budget")
    rate = "Self-financing in year 1: 39,99 % (1 199 999 DH out of 3 000 000 DH); at least 40 % is required."
    refused(client, application, f"{rate} 1,67 DH of own resources are missing in year 1.")


def test_x05_exactly_forty_per_cent_is_accepted(client, owner):
    application = filled(owner)
    said = panel(client, application, "budget")
    assert "Self-financing in year 1: 40,00 % (1 200 000 DH out of 3 000 000 DH); at least 40 % is required." in said
    accepted(client, application)


def test_x06_a_budget_of_zeros_cannot_be_computed_and_blocks(client, owner):
    zeros = {side: {heading: [0] * 5 for heading in lines} for side, lines in sample_with()["budget"].items()}
    application = filled(owner, sample_with(budget=zeros, budget_details={}))
    sentence = "The self-financing rate of year 1 cannot be computed: the budget of year 1 is empty or zero."
    assert sentence in panel(client, application, "budget")
    refused(client, application, sentence, "The expenses of year 1 must be above zero.", "The income of year 1 must be above zero.")


def test_x08_money_of_a_region_is_no_own_resource(client, owner):
    content = sample_with("a-textile", income={"other_income": 400_000})
    other = content["budget_details"]["other_income"][0]
    other["amounts_mad"][0] = 400_000
    application = filled(owner, content)
    assert "48,24 % / 40 %" in panel(client, application, "budget")
    other |= {"label": "Conseil régional", "nature": "public_local"}
    details = BudgetDetail.objects.filter(application=application).order_by("position")
    stored = {f"details-{index}-id": str(detail.pk) for index, detail in enumerate(details)}
    typed = {**form_data(content)["budget"], **stored}
    assert "30,70 % / 40 %" in panel(client, application, "budget", typed)
    assert "48,24 % / 40 %" in panel(client, application, "budget")
    client.post(address("step", application, "budget"), {**typed, "version": "1"})
    rate = "Self-financing in year 1: 30,70 % (700 000 DH out of 2 280 000 DH); at least 40 % is required."
    refused(client, application, f"{rate} 353 333,34 DH of own resources are missing in year 1.")


def test_x01_a_member_who_commits_makes_the_fifteenth(client, owner):
    application = filled(owner, sample_with(members=[*members(companies=9, others=5), member("Quinzième", "company", "potential")]))
    assert "14/15 members" in panel(client, application)
    application.members.filter(name_fr="Quinzième").update(engagement="engaged")
    accepted(client, application)
