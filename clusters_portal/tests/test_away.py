"""What a person is told, and keeps, while the database or the shared cache is away."""

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.test import Client

from applications.models import StartupSupport
from applications.tests.factories import make_application, make_user
from clusters_portal.lib import throttle
from clusters_portal.lib.steady_cache import SteadyCache

pytestmark = pytest.mark.django_db


def restarted(execute, sql, params, many, context):
    raise OperationalError("server closed the connection unexpectedly")


@pytest.fixture
def step(english):
    """Posts one sentence to a step as its page would: with its seal and version."""
    owner = make_user()
    english.force_login(owner)
    english.raise_request_exception = False
    address = f"/dossiers/{make_application(user=owner).pk}/etape/start-up/"
    page = english.get(address)
    sent = {"version": page.context["version"], "seal": page.context["seal"], "startups-preparation": "Deux appels à idées"}
    return lambda **headers: english.post(address, sent, headers=headers)


def test_database_that_is_restarted_gives_back_what_was_typed(step, english):
    with connection.execute_wrapper(restarted):
        answer, told = step(), step(Accept="application/json")
        home, alive = english.get("/"), Client().get("/healthz")
    assert (answer.status_code, answer["Retry-After"], home.status_code, alive.status_code) == (503, "30", 503, 200)
    assert ("Deux appels à idées" in answer.content.decode(), "go back with your browser" in home.content.decode()) == (True, True)
    assert (told.status_code, told.json()["reason"]) == (503, "away")
    assert not StartupSupport.objects.filter(preparation="Deux appels à idées").exists()
    assert step().status_code == 302
    assert StartupSupport.objects.get().preparation == "Deux appels à idées"


def test_page_of_a_stopped_portal_bears_the_reference_of_its_request(english, settings):
    """Signed in, the database fails before anything of the page is known; a proxy's own reference is kept, a visitor's is not."""
    english.force_login(make_user())
    english.raise_request_exception = False
    with connection.execute_wrapper(restarted):
        page, claimed = english.get("/"), english.get("/", headers={"X-Request-ID": "claimed"})
        not_ready = Client().get("/readyz")
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        proxied = english.get("/espace/", headers={"X-Request-ID": "of-nginx"})
    for answer in (page, claimed, proxied):
        shown = answer.content.decode().partition("data-request-id>")[2].partition("<")[0]
        assert (answer.status_code, shown) == (503, answer.headers["X-Request-ID"])
    assert (len(page.headers["X-Request-ID"]), claimed.headers["X-Request-ID"] != "claimed") == (36, True)
    assert proxied.headers["X-Request-ID"] == "of-nginx"
    assert (not_ready.status_code, len(not_ready.headers["X-Request-ID"])) == (503, 36)


def test_fault_of_ours_is_not_taken_for_a_restart(english):
    english.raise_request_exception = False

    def broken(*_rest):
        raise ValueError

    with connection.execute_wrapper(broken):
        assert english.get("/").status_code == 500


@pytest.fixture
def away(settings):
    """The shared cache, whose Redis does not answer."""
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "clusters_portal.lib.steady_cache.SteadyCache", "LOCATION": "redis://127.0.0.1:1/0"},
        "fallback": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fallback"},
    }
    caches["fallback"].clear()
    return caches["default"]


def test_cache_without_redis_keeps_counting(away):
    assert isinstance(away, SteadyCache)
    away.set("a", 1)
    assert (away.get("a"), away.add("a", 2), away.incr("a"), away.get_many(["a", "b"]), "a" in away) == (1, False, 2, {"a": 2}, True)
    assert away.get_or_set("c", lambda: 7) == 7
    away.delete("a")
    assert away.get("a", "none") == "none"


def test_rate_limit_holds_without_redis(away):
    assert [throttle.allow("essai", 2, 3600) for _time in range(4)] == [True, True, False, False]
