"""P3: the self-test judges with the rules of the deposit, stores nothing, and can be carried into a new dossier."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from applications.forms.self_test import SelfTestForm
from applications.models import Application, Association, BudgetDetail, BudgetLine, StepState
from applications.queries import facts_of, terms_of
from applications.rules import eligibility
from applications.rules.figures import Ratio
from applications.rules.verdicts import FAIL, MEMBERS, NOT_COMPUTABLE, PASS, QUALIFYING, SELF_FINANCING
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from .builders import dossier_of
from .factories import make_application, make_call, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ELIGIBLE = {
    "applicant_type": "new",
    "association": "on",
    "constitution_date": "12/06/2024",
    "qualifying_engaged": "9",
    "company_engaged": "2",
    "research_engaged": "3",
    "other_engaged": "1",
    "y1_membership_fees": "400 000",
    "y1_state_grant": "600 000",
}


@pytest.fixture
def call():
    return make_call()


def page(call, name="self_test"):
    return reverse(f"applications:{name}", args=[call.slug])


def stored():
    return [
        list(table.objects.order_by("pk").values()) for table in (Application, Association, BudgetLine, BudgetDetail, StepState, AuditEntry)
    ]


def verdicts(client, call, **figures):
    """{rule: verdict} the page answers with."""
    return {verdict.rule: verdict for verdict in client.get(page(call), figures).context["verdicts"]}


# --- Figures at the edges -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("engaged", "status", "missing"), [(13, FAIL, 2), (14, FAIL, 1), (15, PASS, None), (0, FAIL, 15)])
def test_members_around_the_threshold(client, call, engaged, status, missing):
    found = verdicts(
        client, call, **{**ELIGIBLE, "qualifying_engaged": engaged, "company_engaged": 0, "research_engaged": 0, "other_engaged": 0}
    )
    assert (found[MEMBERS].status, found[MEMBERS].missing) == (status, missing)
    assert found[MEMBERS].figures == Ratio(engaged, 1, 15)


@pytest.mark.parametrize(
    ("companies", "others", "status", "percent", "missing"),
    [
        (9, 6, PASS, "60.00", None),
        (8, 7, FAIL, "53.33", 3),
        (97, 65, FAIL, "59.87", 1),
        (98, 65, PASS, "60.12", None),
    ],
)
def test_share_of_companies_is_never_rounded(client, call, companies, others, status, percent, missing):
    figures = {"qualifying_engaged": companies, "research_engaged": others, "company_engaged": 0, "other_engaged": 0}
    found = verdicts(client, call, **{**ELIGIBLE, **figures})[QUALIFYING]
    assert (found.status, found.percent, found.missing) == (status, Decimal(percent), missing)
    assert found.figures == Ratio(companies, companies + others, Decimal(60))


@pytest.mark.parametrize(
    ("fees", "grant", "status", "missing"),
    [
        ("400000", "600000", PASS, None),
        ("1199999", "1800001", FAIL, Decimal("1.67")),
        ("399999,99", "600000,01", FAIL, Decimal("0.02")),
        ("0", "0", NOT_COMPUTABLE, None),
        ("", "", NOT_COMPUTABLE, None),
        ("0", "500000", FAIL, Decimal("333333.34")),
    ],
)
def test_self_financing_at_forty_percent_exactly(client, call, fees, grant, status, missing):
    found = verdicts(client, call, **{**ELIGIBLE, "y1_membership_fees": fees, "y1_state_grant": grant})[SELF_FINANCING]
    assert (found.status, found.missing) == (status, missing)


def test_without_members_the_share_cannot_be_computed(client, call):
    none = dict.fromkeys(("qualifying_engaged", "company_engaged", "research_engaged", "other_engaged"), "0")
    assert verdicts(client, call, **{**ELIGIBLE, **none})[QUALIFYING].status == NOT_COMPUTABLE


def test_potential_members_and_partners_never_count(client, call):
    further = {"qualifying_potential": "50", "qualifying_major_partner": "50", "research_potential": "9"}
    found = verdicts(client, call, **{**ELIGIBLE, **further})
    assert found[MEMBERS].figures == Ratio(15, 1, 15)
    assert found[QUALIFYING].figures == Ratio(9, 15, Decimal(60))


def test_only_the_private_part_of_other_income_is_own(client, call):
    figures = {**ELIGIBLE, "y1_membership_fees": "300000", "y1_other_income": "100000"}
    assert verdicts(client, call, **figures)[SELF_FINANCING].figures.numerator == 300_000
    assert verdicts(client, call, **figures, private_part="60000")[SELF_FINANCING].figures.numerator == 360_000
    assert verdicts(client, call, **figures, private_part="900000")[SELF_FINANCING].figures.numerator == 400_000


def test_every_rule_of_the_call_answers_and_the_page_says_figures_clause_and_missing(client, call):
    answer = client.get(page(call), {**ELIGIBLE, "qualifying_engaged": "7"})
    expected = eligibility.evaluate(answer.context["form"].facts(), terms_of(call), deadline=call.deadline_at)
    assert answer.context["verdicts"] == expected
    assert [v.rule for v in expected] == ["members", "qualifying", "self_financing", "applicant_type", "legal_form", "constitution_date"]
    text = re.sub(r"\s+", " ", answer.content.decode())
    for sentence in (
        "13 engaged members counted; at least 15 are required.",
        "2 members are missing.",
        "53,84 % of members (7/13); at least 60 % is required.",
        "Clause 3.3, 5",
        "40,00 % (400 000 DH out of 1 000 000 DH)",
    ):
        assert sentence in text.replace("\xa0", " ")


def test_thresholds_are_those_of_the_call(client):
    call = make_call("autre", min_members=20, members_severity="warn", self_financing_formula="own_over_expenses")
    answer = client.get(page(call), {**ELIGIBLE, "y1_staff_costs": "1 600 000"})
    found = {v.rule: v for v in answer.context["verdicts"]}
    assert (found[MEMBERS].missing, found[MEMBERS].blocks) == (5, False)
    assert found[SELF_FINANCING].figures == Ratio(Decimal(400_000), Decimal(1_600_000), Decimal(40))
    assert [v.rule for v in answer.context["blocking"]] == [SELF_FINANCING]


@pytest.mark.parametrize(("days", "status"), [(0, FAIL), (1, PASS)])
def test_existing_cluster_needs_strictly_more_years(client, days, status):
    call = make_call("existants", existing_allowed=True, existing_min_support_years=8)
    last = (call.deadline_at - timedelta(days=2)).date()
    first = last.replace(year=last.year - 8) + timedelta(days=1) - timedelta(days=days)
    figures = {"applicant_type": "existing", "support_from": f"{first:%d/%m/%Y}", "support_to": f"{last:%d/%m/%Y}"}
    assert verdicts(client, call, **{**ELIGIBLE, **figures})["support_years"].status == status
    assert verdicts(client, call, **{**ELIGIBLE, "applicant_type": "existing"})["support_years"].status == NOT_COMPUTABLE


def test_unreadable_figures_are_said_and_count_for_nothing(client, call):
    answer = client.get(page(call), {**ELIGIBLE, "other_engaged": "plusieurs", "y1_membership_fees": "-5", "qualifying_engaged": "99999"})
    assert answer.status_code == 200
    assert [address for address, _text in answer.context["errors"]] == [
        "#id_qualifying_engaged",
        "#id_other_engaged",
        "#id_y1_membership_fees",
    ]
    assert {v.rule: v for v in answer.context["verdicts"]}[MEMBERS].figures == Ratio(5, 1, 15)
    assert 'value="plusieurs"' in answer.content.decode()


# --- The page -------------------------------------------------------------------------------------------------------
def test_page_without_figures_judges_nothing(client, call):
    answer = client.get(page(call))
    assert (answer.status_code, "verdicts" in answer.context) == (200, False)


def test_reading_writes_nothing_and_leaves_no_cookie(client, call):
    before = stored()
    answer = client.get(page(call), ELIGIBLE)
    assert stored() == before
    assert "sessionid" not in answer.cookies
    assert client.post(page(call), ELIGIBLE).status_code == 405


def test_fragment_while_typing_is_the_result_alone(client, call):
    answer = client.get(page(call), ELIGIBLE, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert "Number of members" in answer.content.decode()
    assert "HX-Request" in answer["Vary"]
    restored = client.get(page(call), ELIGIBLE, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in restored.content.decode()


def test_unpublished_call_is_not_found(client):
    call = make_call("secret", published_at=None)
    assert client.get(page(call)).status_code == 404
    client.force_login(make_user())
    assert client.get(page(call)).status_code == 404
    assert client.get(page(call, "self_test_carry")).status_code == 404
    assert client.post(page(call, "self_test_carry"), {"name": "Cluster"}).status_code == 404
    assert not Application.objects.exists()


def test_closed_call_is_judged_but_not_carried(client):
    call = make_call("clos", deadline_at=clock.now() - timedelta(days=1))
    assert page(call, "self_test_carry") not in client.get(page(call), ELIGIBLE).content.decode()
    client.force_login(make_user())
    before = stored()
    assert client.post(page(call, "self_test_carry"), {**ELIGIBLE, "name": "Cluster"}).status_code == 409
    assert stored() == before


@pytest.mark.parametrize("members", ["1", "900"])
def test_page_costs_the_same_whatever_the_figures(client, call, django_assert_max_num_queries, members):
    with django_assert_max_num_queries(5):
        client.get(page(call), {**ELIGIBLE, "qualifying_engaged": members})


def test_links_from_the_home_page_and_the_call(client, call):
    assert page(call) in client.get(reverse("applications:home")).content.decode()
    assert page(call) in client.get(reverse("applications:call_detail", args=[call.slug])).content.decode()


# --- Carried into a dossier -----------------------------------------------------------------------------------------
def test_visitor_is_asked_to_sign_in_and_keeps_the_figures(client, call):
    answer = client.get(page(call, "self_test_carry"), ELIGIBLE)
    assert answer.status_code == 302
    assert "qualifying_engaged" in answer.url
    before = stored()
    assert client.post(page(call, "self_test_carry"), {**ELIGIBLE, "name": "Cluster"}).status_code == 302
    assert stored() == before


def test_carried_figures_are_shown_then_written_in_year_one(client, call):
    user = make_user()
    client.force_login(user)
    said = {"applicant_type": "existing", "constitution_date": "12/06/2024"}
    figures = {**ELIGIBLE, **said, "y1_other_income": "100 000,50", "private_part": "60 000", "y1_rent": "0"}
    before = stored()
    shown = client.get(page(call, "self_test_carry"), figures)
    assert stored() == before
    sent = dict(re.findall(r'<dd>.*?<input type="hidden" name="([^"]+)" value="([^"]*)"></dd>', shown.content.decode()))
    amounts = {"y1_membership_fees", "y1_state_grant", "y1_other_income", "private_part", "y1_rent"}
    assert set(sent) == {*amounts, "applicant_type", "constitution_date"}
    answer = client.post(page(call, "self_test_carry"), {**sent, "name": "Cluster Fil-Atlas"})
    made = Application.objects.get()
    assert answer.url == reverse("applications:task_list", args=[made.pk])
    lines = {line.heading.code: line.amounts for line in BudgetLine.objects.select_related("heading")}
    assert lines["membership_fees"] == (Decimal("400000.00"), None, None, None, None)
    assert lines["other_income"][0] == Decimal("100000.50")
    assert lines["rent"][0] == 0
    assert lines["staff_costs"] == (None,) * 5
    dossier = dossier_of(made)
    kept = {v.rule: v.figures for v in eligibility.evaluate(facts_of(dossier), terms_of(call))}[SELF_FINANCING]
    told = {v.rule: v.figures for v in eligibility.evaluate(SelfTestForm(figures, call=call).facts(), terms_of(call))}[SELF_FINANCING]
    assert kept == told
    assert set(StepState.objects.values_list("slug", flat=True)) == {"budget", "identite"}
    assert (made.association.name_fr, made.identity.applicant_type, made.identity.constitution_date) == (
        "Cluster Fil-Atlas", "existing", date(2024, 6, 12),
    )  # fmt: skip


def test_nothing_entered_leaves_the_budget_untouched(client, call):
    client.force_login(make_user())
    client.post(page(call, "self_test_carry"), {"name": "Cluster"})
    assert Application.objects.count() == 1
    assert not BudgetLine.objects.exists()
    assert not StepState.objects.exists()


def test_existing_dossier_is_never_written_over(client, call):
    user = make_user()
    application = make_application(call=call, user=user, name="Cluster Fil-Atlas")
    client.force_login(user)
    before = stored()
    answer = client.post(page(call, "self_test_carry"), {**ELIGIBLE, "name": "cluster fil-atlas"})
    assert answer.url == reverse("applications:task_list", args=[application.pk])
    assert stored() == before


def test_name_is_needed_and_figures_are_kept(client, call):
    client.force_login(make_user())
    before = stored()
    answer = client.post(page(call, "self_test_carry"), {**ELIGIBLE, "name": ""})
    assert (answer.status_code, 'value="400 000"' in answer.content.decode()) == (200, True)
    assert stored() == before


def test_staff_cannot_carry(client, call):
    client.force_login(make_user(roles=[Role.EVALUATOR]))
    before = stored()
    assert client.post(page(call, "self_test_carry"), {**ELIGIBLE, "name": "Cluster"}).status_code == 403
    assert stored() == before
