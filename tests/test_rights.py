"""Every address × every kind of visitor × the states that matter, against one table (tests/rights/table.py)."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.urls import urlpatterns as judging_patterns
from tests.rights import table
from tests.rights.visits import address, every_name
from tests.rights.world import ABSENT, NOBODY, STATES, VISITORS

pytest_plugins = ["tests.rights.stage"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_of_the_world")]


def test_every_address_is_in_the_table():
    known = {row.name for row in table.ROWS} | table.ELSEWHERE | set(table.ALLAUTH)
    known |= {f"admin:{name}" for name in table.ADMIN_PAGES}
    known |= {f"admin:{label.replace('.', '_')}_{view}" for label in table.ADMIN for view in table.ADMIN_VIEWS}
    nameless = {"admin:<path:object_id>/", "admin:(?P<url>.*)$"}  # the admin's own redirections
    assert every_name() - known - nameless == set()
    assert {row.name for row in table.ROWS} | table.ELSEWHERE | set(table.ALLAUTH) <= every_name()
    assert {f"evaluation:{pattern.name}" for pattern in judging_patterns} >= table.ELSEWHERE


@pytest.mark.parametrize("row", table.ROWS, ids=lambda row: row.id)
def test_who_gets_what(world, row, pytestconfig, nowhere_in_a_word):
    wrong = []
    for state, name in row.visits_again if pytestconfig.getoption("--database-only") else row.visits:
        path = address(row, world.cases[state].values)
        answer = world.visitors[name].ask(path, row.method, row.data)
        wrong += [(state, name, problem) for problem in problems(row, state, name, answer, nowhere_in_a_word)]
    assert not wrong, "\n".join(map(str, wrong))


def problems(row, state, name, answer, nowhere):
    """What is not as the table says, in words."""
    expected = row.expected(name, state)
    if expected == table.LOGIN:
        if not answer.goes_to_login:
            yield f"{answer.status}, not sent to the login"
    elif answer.status not in (expected if isinstance(expected, tuple) else (expected,)):
        yield f"{answer.status}, expected {expected}"
    if answer.status == 403 and not answer.reason:
        yield "refused without a reason"
    if answer.status == 404 and not row.public and answer.content != nowhere:
        yield "its 404 is not the page of what does not exist"
    if answer.written and (row.method == "get" or answer.status in (403, 404) or expected == table.LOGIN):
        yield f"wrote: {answer.written[0][:120]}"


OF_OBJECTS = [row for row in table.ROWS if any(str(arg).startswith("=") for arg in row.args) and not row.public]


@pytest.mark.parametrize("row", OF_OBJECTS, ids=lambda row: row.id)
def test_what_does_not_exist_answers_as_what_is_forbidden(world, row):
    """In text, to the byte but for time and token; and in time: as many queries for one as for the other."""
    nowhere = address(row, world.nothing)
    state = row.states[-1]
    forbidden = [name for name in ("stranger", "unassigned", "recused", "officer", "counter") if row.expected(name, state) == 404]
    for name in forbidden[:2]:
        absent = world.visitors[name].ask(nowhere, row.method, row.data)
        assert (absent.status, absent.page(nowhere)) == (404, world.nowhere[name]), name
        path = address(row, world.cases[state].values)
        found = world.visitors[name].ask(path, row.method, row.data)
        assert (found.status, found.page(path), found.queries) == (404, world.nowhere[name], absent.queries), name
    if row.method == "get" and "=pk" in row.args:
        for name in ("mandatary", "head", "cleared"):
            absent = world.visitors[name].ask(nowhere)
            assert (absent.status, absent.page(nowhere)) == (404, world.nowhere[name]), name


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_acts_answer_405_to_other_methods(world, method):
    """Acts are done by sending a form, never by a link."""
    pages = {(row.name, row.args) for row in table.ROWS if row.method == "get"}
    case = world.cases["draft"].values
    for row in table.ROWS:
        if row.method == "post" and ((row.name, row.args) not in pages or method != "get") and row.name.startswith("applications:"):
            assert world.visitors["mandatary"].ask(address(row, case), method).status == 405, row.id


# Accounts and administration


@pytest.mark.parametrize("name", table.ALLAUTH)
def test_pages_of_accounts(world, name):
    arguments = {"account_confirm_email": ["x"], "account_reset_password_from_key": ["x", "y"]}
    ids = [1] if name in ("mfa_remove_webauthn", "mfa_edit_webauthn") else []
    path = reverse(name, args=arguments.get(name, ids))
    for visitor, expected in zip(("anonymous", "mandatary"), table.ALLAUTH[name], strict=True):
        answer = world.visitors[visitor].ask(path)
        assert answer.written == []
        assert ("login" if answer.goes_to_login else answer.status) == expected, visitor


def admin_address(label, view, pk=None):
    return reverse(f"admin:{label.replace('.', '_')}_{view}", args=[] if pk is None else [pk])


def test_every_model_of_the_administration_is_in_the_table():
    assert {model._meta.label_lower for model in admin.site._registry} == set(table.ADMIN)


@pytest.mark.parametrize("label", table.ADMIN)
def test_administration(world, label):
    readers, writers = table.ADMIN[label]
    row = apps.get_model(label)._default_manager.order_by("pk").first()
    views = [("changelist", None), ("add", None)]
    views += [(view, row.pk) for view in ("change", "delete", "history")] if row else []
    wrong = []
    for name in VISITORS:
        staff = world.people[name] is not None and world.people[name].is_staff
        for view, pk in views:
            answer = world.visitors[name].ask(admin_address(label, view, pk))
            may = name in (writers if view == "add" else readers)
            # A row may be out of a reader's scope, or not to be deleted; the history of what one does not see leads away.
            expected = (
                ("login",) if not staff else (200, 302, 403)[: 1 if pk is None else 3] if may else (403, 302)[: 1 + (view == "history")]
            )
            found = "login" if answer.goes_to_login else answer.status
            if found not in expected or answer.written:
                wrong.append((name, view, found, expected, answer.written[:1]))
    assert wrong == []


@pytest.mark.parametrize("page", ["index", "password_change", "jsi18n", "autocomplete"])
def test_the_administration_is_for_staff(world, page):
    for name in ("anonymous", "inactive", "stranger", "mandatary", "editor"):
        assert world.visitors[name].ask(reverse(f"admin:{page}")).goes_to_login, name


def test_a_person_barred_from_a_dossier_meets_it_nowhere(world):
    """Whatever the other roles: no row, no count, no name, in no list and no search."""
    number = world.cases["committee"].application.number
    search = f"?q={number.lower()}"  # the page repeats what was asked for, as it was typed
    lists = [reverse(f"applications:{name}") for name in ("worklist", "my_applications")]
    lists += [f"{lists[0]}{search}", reverse("evaluation:my_evaluations")]
    lists += [reverse(f"evaluation:{name}", args=["appel-en-comite"]) for name in ("call_assignments", "ranking", "committee", "dashboard")]
    lists += [admin_address(label, "changelist") for label in table.ADMIN if label.startswith(("applications.", "evaluation."))]
    seen = [path for path in lists if f">{number}" in world.visitors["recused_head"].ask(path).content.decode()]
    assert seen == []
    for path in (lists[0], f"{lists[0]}{search}"):
        assert f">{number}" in world.visitors["head"].ask(path).content.decode()


# Nothing typed in an address is an error of the server

LISTS = [
    ("head", "applications:worklist"), ("mandatary", "applications:my_applications"), ("anonymous", "applications:verify_form"),
    ("head", "evaluation:assignments"), ("head", "evaluation:call_assignments"), ("head", "evaluation:ranking"),
    ("anonymous", "applications:self_test"), ("head", "applications:reading"),
]  # fmt: skip
PARAMETERS = ["page", "sort", "status", "region", "sector", "q", "assignee", "number", "verifier", "ajouter", "y1_x", "call"]
TEXTS = st.one_of(
    st.text(max_size=30), st.integers().map(str), st.sampled_from(["-1", "0", "1e99", "٣", "\x00", "../..", "%", "'", "-number", "nan"])
)
LENIENT = settings(max_examples=25)


@LENIENT
@given(which=st.sampled_from(LISTS), query=st.dictionaries(st.sampled_from(PARAMETERS), TEXTS, max_size=4))
def test_no_parameter_breaks_a_list(world, which, query):
    visitor, name = which
    case = world.cases["evaluation"].values
    of_a_call = {"evaluation:call_assignments", "evaluation:ranking", "applications:self_test"}
    path = reverse(name, args=[case["call"]] if name in of_a_call else [case["pk"]] if name == "applications:reading" else [])
    answer = world.visitors[visitor].ask(path, data=query)
    assert answer.status in ((400,) if any("\x00" in text for text in query.values()) else (200, 302))
    assert answer.written == []


@LENIENT
@given(row=st.sampled_from([row for row in table.ROWS if row.args and row.method == "get"]), text=st.text(min_size=1, max_size=40))
def test_no_address_breaks_the_portal(world, row, text):
    """Any text in the place of what an address names: not found, never an error."""
    real = address(row, world.cases["evaluation"].values)
    values = world.cases["evaluation"].values
    for part in {str(values[arg[1:]]) for arg in row.args if isinstance(arg, str) and arg.startswith("=")}:
        path = real.replace(part, text.replace("?", "").replace("#", ""))
        for visitor in ("anonymous", "head"):
            answer = world.visitors[visitor].ask(path)
            assert answer.status < 500
            assert answer.written == []


def test_the_world_has_a_dossier_in_each_state(world):
    assert [world.cases[state].application.status for state in STATES] == [
        "draft", "deposited", "admissible", "under_evaluation", "in_committee", "selected",
    ]  # fmt: skip
    assert all(case.document != ABSENT and case.member != NOBODY for case in world.cases.values())
