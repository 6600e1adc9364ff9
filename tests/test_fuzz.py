"""Whatever is put in an address, in a query or in a form, by whomever: an answer in words, never an error of the server.

Every address of the resolver is asked, from what the tables of rights know of its arguments; a new one is in by itself.
One pass over all of them, always the same; FUZZ_EXAMPLES=30 makes as many passes, different each time. What they found once
is below, by name.
"""

import os
import traceback
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test.client import MULTIPART_CONTENT
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import fuzzing
from tests.rights import table
from tests.rights.visits import address
from tests.rights.world import VISITORS

pytest_plugins = ["tests.rights.stage"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_of_the_world")]
PASSES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
# Nothing to make smaller: a pass says which requests failed, one by one.
LENIENT = settings(
    max_examples=PASSES or 1, derandomize=not PASSES, phases=[Phase.generate], suppress_health_check=list(HealthCheck), print_blob=False
)
TEXTS, SEEDS = st.lists(fuzzing.STRANGE, min_size=25, max_size=25), st.integers(0, 2**32)
TARGETS = fuzzing.targets()
SHOWN_TO = ("mandatary", "officer", "head", "cleared", "chair", "counter", "administrator", "auditor")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def reach(world):
    """{name of an address: [arguments that lead somewhere]} and {name: forms that go there}, as the pages of the world have them."""
    known, forms, read = {}, {}, set()
    for row in table.ROWS:
        for case in world.cases.values():
            args = [case.values[arg[1:]] if isinstance(arg, str) and arg.startswith("=") else arg for arg in row.args]
            known.setdefault(row.name, {})[tuple(map(str, args))] = None
        # One page of each address, in the first state in which somebody is shown it.
        shown = ((name, state) for state in ("evaluation", "draft", "committee") if state in row.states for name in SHOWN_TO)
        who, state = next(((name, state) for name, state in shown if row.method == "get" and row.expected(name, state) == 200), ("", ""))
        if who:
            read.add((who, address(row, world.cases[state].values)))
    read |= {("administrator", target.path(["1"])) for target in TARGETS if len(target.variables) <= 1}
    for who, path in sorted(read):
        answer = world.visitors[who].ask(path)
        if answer.status == 200 and b"<form" in answer.content:
            for form in fuzzing.forms_of(who, path, answer.content):
                forms.setdefault(fuzzing.name_of(form.action), []).append(form)
    return {name: list(found) for name, found in known.items()}, forms


def arguments(chance, target, known):
    """Texts for an address, quoted: those that lead somewhere, and often one that does not."""
    args = [quote(text, safe="") for text in chance.choice(known.get(target.name) or [("1",)])]
    args = args if len(args) == len(target.variables) else ["1"] * len(target.variables)
    if args and chance.random() < 0.5:
        args[chance.randrange(len(args))] = chance.quoted(longest=300)
    return args


def wrong_with(world, visitor, path, *, query="", method="get", body=b"", content_type=FORM, headers=None, writes=True):
    """What is not as it should be with the answer, and the request that had it; None when all is well."""
    cache.clear()
    asked = f"{visitor} {method} {path}?{query} {content_type} {headers or ''} {str(body)[:1500]}"
    try:
        answer = world.visitors[visitor].ask_raw(path, method, body, content_type, QUERY_STRING=query, **headers or {})
    except Exception as error:  # whatever a view raises would have been an error of the server
        ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename]
        return f"{error!r:.300}\n   at {ours[-1].filename}:{ours[-1].lineno}\n   {asked}"
    if answer.status >= 500 and path != "/readyz":
        return f"{answer.status}: {asked}"
    if b"Traceback (most" in answer.content[:200_000]:
        return f"shows a trace: {asked}"
    if answer.written and not writes:
        return f"wrote {answer.written[0][:120]}: {asked}"
    return None


def addresses_tried(world, reach, chance) -> list[str]:
    """What went wrong in one pass over every address: strange arguments, strange queries, by anybody."""
    wrong = []
    for target in TARGETS:
        path, query = target.path(arguments(chance, target, reach[0])), fuzzing.query(chance)
        visitor, headers = chance.choice(VISITORS), chance.choice(fuzzing.HEADERS)
        wrong.append(wrong_with(world, visitor, path, query=query, headers=headers, writes=False))
    return [problem for problem in wrong if problem]


def forms_tried(world, reach, chance) -> list[str]:
    """What went wrong in one pass over every address to which something is sent."""
    wrong = []
    for target in TARGETS:
        forms = reach[1].get(target.name)
        form = chance.choice(forms) if forms else fuzzing.Form("", "")
        visitor = form.visitor if forms and chance.random() < 0.8 else chance.choice(VISITORS)
        path = form.action if forms and chance.random() < 0.6 else target.path(arguments(chance, target, reach[0]))
        path, _mark, query = path.partition("?")
        sent, kind = fuzzing.changed(form, chance), MULTIPART_CONTENT if form.files else FORM
        body = sent if form.files else fuzzing.encoded(sent)
        if chance.random() < 0.15:
            body, kind = chance.choice(fuzzing.BODIES), chance.choice(fuzzing.TYPES)
        headers = chance.choice(fuzzing.HEADERS)
        wrong.append(wrong_with(world, visitor, path, query=query, method="post", body=body, content_type=kind, headers=headers))
    return [problem for problem in wrong if problem]


@pytest.mark.parametrize("tried", [addresses_tried, forms_tried])
def test_nothing_asked_and_nothing_sent_is_an_error(world, reach, tried):
    wrong = []

    @LENIENT
    @given(texts=TEXTS, seed=SEEDS)
    def one_pass(texts, seed):
        wrong.extend(tried(world, reach, fuzzing.Chance(seed, texts)))

    one_pass()
    assert not wrong, "\n".join(wrong)


def test_the_forms_of_the_pages_are_found(reach):
    """Or the test above would send nothing anyone could have sent."""
    _known, forms = reach
    assert len([name for name in forms if name.startswith(("applications:", "evaluation:", "accounts:"))]) > 30
    assert any(form.files for found in forms.values() for form in found)
    assert any(name.endswith("TOTAL_FORMS") for found in forms.values() for form in found for name in form.values)


# Found by passes of more than the first


@pytest.mark.parametrize("back", ["\u00a2l", "applications:home", "2", "//elsewhere.example", "https://elsewhere.example/"])
def test_prolonging_a_session_goes_back_to_an_address_of_ours_alone(world, back):
    answer = world.visitors["mandatary"].ask("/espace/session/prolonger/", "post", {"next": back})
    assert (answer.status, answer.response.url) == (302, "/espace/")


@pytest.mark.parametrize("text", ["%7B%7B%207%2A7%20%7D%7D", "1.5", "%00", "9" * 400])
@pytest.mark.parametrize("model", ["applications/call", "evaluation/judgingterms", "evaluation/grid"])
def test_history_of_what_is_no_row_is_not_found(world, model, text):
    for page in (f"/admin/{model}/{text}/history/", f"/admin/{model}/1/history/{text}/"):
        assert world.visitors["head"].ask(page).status in (302, 400, 403, 404)


@pytest.mark.parametrize("model", ["accounts/factorreset", "accounts/user", "audit/auditentry"])
def test_empty_name_of_field_is_no_field(world, model):
    for method in ("get", "post"):
        assert world.visitors["auditor"].ask(f"/admin/{model}/1/change/?_to_field=", method, {"_to_field": ""}).status < 500


@pytest.mark.parametrize(("visitor", "path"), [("head", "/instruction/"), ("anonymous", "/verifier/"), ("head", "/registre/")])
def test_null_byte_could_not_be_read(world, visitor, path):
    """PostgreSQL refuses one in a text, with an error."""
    assert world.visitors[visitor].ask(f"{path}?q=a%00b&sort=%00").status == 400
    assert world.visitors["mandatary"].ask("/espace/profil/", "post", {"first_name": "a\x00b", "language": "fr"}).status == 400


@pytest.mark.parametrize("text", ["9" * 400, "9223372036854775808", "1:" + "9" * 40])
def test_time_beyond_any_number_is_no_time(world, text):
    data = {"day": "2026-12-01", "time": text, "reason_fr": "x"}
    assert world.visitors["head"].ask("/appels/appel-en-comite/prolonger/", "post", data).status == 422
