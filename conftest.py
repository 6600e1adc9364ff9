"""Fixtures for every test.

``browser_page`` opens pages of the running portal in Chromium (tests marked ``browser``). People to log in as
(``users`` and friends) live in ``tests/personas.py`` and are picked up here when that file exists.
"""

import gc
import importlib.util
import tempfile
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests import migrated

pytest_plugins = ["tests.antivirus", "tests.browser", "tests.evidence", "tests.stack.fixture"]
if importlib.util.find_spec("tests.personas"):
    pytest_plugins.append("tests.personas")


# Examples are kept nowhere, and a rule is never judged by the clock of a busy machine.
hypothesis.settings.register_profile("portal", deadline=None, max_examples=60, database=None)
hypothesis.settings.load_profile("portal")


# Reading PostgreSQL's clock is not a query on a table: pages are counted alike on both databases.
_captured = CaptureQueriesContext.captured_queries.fget
CaptureQueriesContext.captured_queries = property(
    lambda context: [query for query in _captured(context) if "clock_timestamp" not in query["sql"]]
)


def pytest_addoption(parser):
    parser.addoption("--database-only", action="store_true", help="on a second database: leave out what another one cannot change")


def pytest_collection_finish(session):
    """What was imported stays: the collector need not look at it again after every few objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_collection_modifyitems(config, items):
    if config.getoption("--database-only"):
        found = {True: [], False: []}
        for item in items:
            found[touches_database(item) and not item.get_closest_marker("once")].append(item)
        config.hook.pytest_deselected(items=found[False])
        items[:] = found[True]


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings, django_db_blocker) -> bool:
    """Asked by pytest-django before it makes the test database, whose name is final by then."""
    with django_db_blocker.unblock():
        return migrated.prepare()


DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def touches_database(item) -> bool:
    """Whether a test asks for the database, by a fixture (its own or a fixture's) or by its mark."""
    return bool(DATABASE_FIXTURES & set(item.fixturenames) or item.get_closest_marker("django_db"))


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    yield


@pytest.fixture(autouse=True)
def _own_files(request):
    """Uploaded files of one test never meet those of another. Only for tests that touch the database."""
    if not touches_database(request.node):
        yield
        return
    override = request.getfixturevalue("settings")
    folder = tempfile.mkdtemp(dir=settings.DATA_DIR)
    default = dict(override.STORAGES["default"])
    if "location" in default.get("OPTIONS", {}):
        default["OPTIONS"] = {**default["OPTIONS"], "location": Path(folder)}
        override.STORAGES = {**override.STORAGES, "default": default}
    yield


@pytest.fixture
def english(client):
    """Pages and sentences in English, whatever is compiled; gives the client."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield client


@pytest.fixture
def project_root() -> Path:
    return Path(settings.BASE_DIR)
