"""The portal's settings as tests see them: nothing of the developer's environment, everything in a folder thrown away.

Only DATABASE_URL is taken from outside, so that the same suite runs on SQLite and on PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

for name in [name for name in os.environ if name.startswith("S3_")] + [
    "REDIS_URL",
    "CLAMD_URL",
    "EMAIL_URL",
    "ALLOWED_HOSTS",
    "HTTPS",
    "LOG_LEVEL",
    "SECURITY_CONTACT",
    "SESSION_MAX_HOURS",
    "METRICS_TOKEN",
    "SLOW_QUERY_MS",
]:
    os.environ.pop(name, None)
_folder = tempfile.mkdtemp(prefix="portal-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ.update(DATA_DIR=_folder, SECRET_KEY="key-of-the-tests", DEMO_MODE="0", DEBUG="0", HTTPS="0")

from clusters_portal.settings import *

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and the live server then meet on real locks, as in use.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_folder) / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
else:
    # A connection kept by a thread of the live server would prevent dropping the database.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

# Static files straight from the source tree: there is no collectstatic before a test.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
# Otherwise each test that opens a page lists every static file first.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_MAX_AGE = 600  # as in use, a browser asks for a style sheet once
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise complains about a folder that is not there
# Emptied before each test (conftest.py): a rate limit reached in one test must not weigh on the next.
CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name} for name in ("default", "pages")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# What is started aside is finished when the act that started it returns.
LONG_TASKS_IN_THREADS = False
# People of the tests sign in with one factor; what production requires has its own tests.
MFA_REQUIRED = False
