"""Fixtures for every test.

``browser_page`` opens pages of the running portal in Chromium (tests marked ``browser``). People to log in as
(``users`` and friends) live in ``tests/personas.py`` and are picked up here when that file exists.
"""

import importlib.util
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache

pytest_plugins = ["tests.browser"]
if importlib.util.find_spec("tests.personas"):
    pytest_plugins.append("tests.personas")


# Examples are kept nowhere, and a rule is never judged by the clock of a busy machine.
hypothesis.settings.register_profile("portal", deadline=None, max_examples=60, database=None)
hypothesis.settings.load_profile("portal")

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    yield


@pytest.fixture(autouse=True)
def _own_files(request, tmp_path_factory):
    """Uploaded files of one test never meet those of another. Only for tests that touch the database."""
    if not (DATABASE_FIXTURES & set(request.fixturenames) or request.node.get_closest_marker("django_db")):
        yield
        return
    override = request.getfixturevalue("settings")
    folder = tmp_path_factory.mktemp("files")
    default = dict(override.STORAGES["default"])
    if "location" in default.get("OPTIONS", {}):
        default["OPTIONS"] = {**default["OPTIONS"], "location": Path(folder)}
        override.STORAGES = {**override.STORAGES, "default": default}
    yield


@pytest.fixture
def project_root() -> Path:
    return Path(settings.BASE_DIR)
