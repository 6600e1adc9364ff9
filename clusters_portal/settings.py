"""One settings file for every place the portal runs, read from the environment (README lists each name).

Nothing set: SQLite, local private files, tasks inline, mail written under DATA_DIR/mail. DATABASE_URL, REDIS_URL,
S3_BUCKET and EMAIL_URL switch to the real services. A bad value stops the start with a sentence.
"""

import os
import zoneinfo

# The law moved Morocco to UTC+0 on 2026-09-20: an older system tzdata is one hour wrong, so only the pinned
# `tzdata` package is read. It must come before anything that asks for a zone.
zoneinfo.reset_tzpath(to=())

from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from clusters_portal.derived import logs, queues, web
from clusters_portal.lib.clamd import address_of

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.ENVIRON = {name: value for name, value in os.environ.items() if value.strip()}  # a name without a value is not set


def flag(name, default):
    """A yes or a no. Any other word stops the start: `DEBUG=fasle` must not quietly mean one of them."""
    word = env.str(name, default="").strip().lower()
    answers = {"": default} | dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(("0", "false", "no", "off"), False)
    if word not in answers:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not “{word}”.")
    return answers[word]


# --- Mode -----------------------------------------------------------------------------------------------------
DEVELOPMENT_KEY = "development-only-key-never-use-it-in-production"
DEBUG = flag("DEBUG", default=False)
DEMO_MODE = flag("DEMO_MODE", default=False)
SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_KEY)
if SECRET_KEY == DEVELOPMENT_KEY and not (DEBUG or DEMO_MODE):
    raise ImproperlyConfigured("SECRET_KEY is not set: the portal refuses to start in production with the development key.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = flag("HTTPS", default=not (DEBUG or DEMO_MODE))
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

# --- Applications -----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_bootstrap5",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "simple_history",
    "clusters_portal",
    "clusters_portal.accounts",
    "clusters_portal.audit",
    "clusters_portal.notifications",
    "clusters_portal.operations",
    "clusters_portal.privacy",
    "applications",
    "evaluation",
]

MIDDLEWARE = [
    "clusters_portal.middleware.ArrivalMiddleware",
    "clusters_portal.middleware.ReferenceMiddleware",
    "clusters_portal.operations.metrics.MetricsMiddleware",
    "clusters_portal.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clusters_portal.middleware.PageClockMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "clusters_portal.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "clusters_portal.middleware.PrivatePagesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clusters_portal.middleware.IdleSessionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "clusters_portal.accounts.second_factor.SecondFactorMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "clusters_portal.middleware.NullBytesMiddleware",
    "clusters_portal.middleware.RefusedMethodMiddleware",
]

ROOT_URLCONF = "clusters_portal.urls"
WSGI_APPLICATION = "clusters_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clusters_portal.context_processors.portal",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "clusters_portal.templatetags.portal",
                "clusters_portal.templatetags.portal_forms",
            ],
        },
    }
]
FORM_RENDERER = "clusters_portal.lib.widget_html.QuickRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Data -------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Immediate transactions: whoever writes takes the lock first, so a lock means the same as on PostgreSQL.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
_table = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}
if REDIS_URL:
    # When Redis is away the database counts the rate limits: they hold, and nobody is shown an error.
    CACHES = {"default": {"BACKEND": "clusters_portal.lib.steady_cache.SteadyCache", "LOCATION": REDIS_URL}, "fallback": _table}
else:
    CACHES = {"default": _table}
# Pictures of pages being read: an hour, on this machine, readable by the portal alone; never among the rate limits.
CACHES["pages"] = {
    "BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": DATA_DIR / "pages", "OPTIONS": {"MAX_ENTRIES": 400},
}  # fmt: skip
# Sessions stay in the database: a Redis that is emptied signs nobody out, and who was signed out stays so.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
vars().update(queues.celery(REDIS_URL))
LONG_TASKS_IN_THREADS = not REDIS_URL
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True  # what ReferenceMiddleware wrote: nginx's when there is one
DJANGO_STRUCTLOG_CELERY_ENABLED = True  # a task's lines bear the id of the request that asked for it

# --- Files ------------------------------------------------------------------------------------------------------
S3_BUCKET = env.str("S3_BUCKET", default="")
S3_SIGNED_URLS = bool(S3_BUCKET) and flag("S3_SIGNED_URLS", default=True)  # files leave from the store, by addresses signed for a minute
if S3_BUCKET:
    from clusters_portal.derived import s3

    _files = s3.storage(
        bucket_name=S3_BUCKET,
        endpoint_url=env.str("S3_ENDPOINT_URL", default=None),
        access_key=env.str("S3_ACCESS_KEY", default=None),
        secret_key=env.str("S3_SECRET_KEY", default=None),
        region_name=env.str("S3_REGION", default=None),
    )
else:
    _files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files", "base_url": None}}
STORAGES = {
    "default": _files,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG or DEMO_MODE else "clusters_portal.hashed.HashedFiles"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("guide", BASE_DIR / "docs" / "guide" / "img")]  # pictures of the guide, /aide/
_finders = "django.contrib.staticfiles.finders"
STATICFILES_FINDERS = ["clusters_portal.stylesheets.WholeSheets", f"{_finders}.FileSystemFinder", f"{_finders}.AppDirectoriesFinder"]
WHITENOISE_USE_FINDERS = DEBUG or DEMO_MODE
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site reads our files: the headers below say the same
# A table of 200 members with a dozen columns is one legitimate form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000
FILE_UPLOAD_PERMISSIONS = 0o600
# The antivirus daemon that looks at every file received: tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl. Empty: none.
CLAMD_URL = env.str("CLAMD_URL", default="").strip()
if CLAMD_URL:
    try:
        address_of(CLAMD_URL)
    except ValueError as error:
        raise ImproperlyConfigured(f"CLAMD_URL: {error}.") from None

# --- Languages and time -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("ar", "العربية"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "portal_language"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "Africa/Casablanca"
FORMAT_MODULE_PATH = ["clusters_portal.formats"]
PHONENUMBER_DEFAULT_REGION = "MA"

# --- Accounts ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "clusters_portal.accounts.backends.PasswordBackend",
    "clusters_portal.accounts.backends.EmailBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:landing"
LOGOUT_REDIRECT_URL = "applications:home"
ACCOUNT_ADAPTER = "clusters_portal.notifications.account_mails.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "clusters_portal.accounts.forms.SignupDetailsForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # an item of a session takes about ten minutes: the chair is asked once, not at each decision
# A whole office may sit behind one address: the limit that bites is the one per account.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "clusters_portal.accounts.second_factor.MFAAdapter"
MFA_FORMS = {"add_webauthn": "clusters_portal.accounts.keys.AddKeyForm", "edit_webauthn": "clusters_portal.accounts.keys.EditKeyForm"}
MFA_TOTP_ISSUER = "Clusters"
MFA_REQUIRED = not (DEBUG or DEMO_MODE)  # of everybody who holds a role; the demonstration shows its passwords anyway
SESSION_IDLE_SECONDS = 60 * env.int("SESSION_IDLE_MINUTES", default=120)  # without activity; warned five minutes before
SESSION_MAX_SECONDS = 3600 * env.int("SESSION_MAX_HOURS", default=12)  # after the sign-in, whatever was done
SESSION_COOKIE_AGE = SESSION_MAX_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "clusters_portal.errors.csrf_failure"

# --- Mail -------------------------------------------------------------------------------------------------------
vars().update(env.email("EMAIL_URL", default=f"filemail:///{DATA_DIR.resolve() / 'mail'}"))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Portail des clusters <ne-pas-repondre@localhost>")
# Where the portal is read: mails written outside a request (reminders) give addresses in full.
_here = f"https://{ALLOWED_HOSTS[0].lstrip('*.')}" if HTTPS and ALLOWED_HOSTS else f"http://127.0.0.1:{env.str('PORT', default='8000')}"
PORTAL_URL = env.str("PORTAL_URL", default=_here).rstrip("/")

# --- Web security -----------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked from inside, without TLS
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
CONTENT_SECURITY_POLICY = web.CONTENT_SECURITY_POLICY
SECURITY_HEADERS = web.HEADERS
# Where to write about a weakness of the portal: mailto:… or https://…, shown in /.well-known/security.txt (RFC 9116).
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="").strip()
if SECURITY_CONTACT and not SECURITY_CONTACT.startswith(("mailto:", "https://")):
    raise ImproperlyConfigured(f"SECURITY_CONTACT must start with mailto: or https://, not “{SECURITY_CONTACT}”.")

# --- Interests ----------------------------------------------------------------------------------------------------
# (user) -> identifiers of the dossiers he is barred from. The judging floor knows; the lists below it ask by this name.
BARRED_APPLICATIONS = "evaluation.queries.barred_applications"
PAPERS_OF_DECISIONS = "evaluation.pdf_letters.papers_of"
PUBLISHED_RESULTS = "evaluation.queries.letters.published_results"

# --- What the Ministry fills in ----------------------------------------------------------------------------------
DATA_REQUEST_DAYS = env.int("DATA_REQUEST_DAYS", default=30)  # to answer a request about personal data: our own promise
CNDP_REFERENCE = env.str("CNDP_REFERENCE", default="")  # loi 09-08: shown in the personal-data notice
# Proxies in front of the portal: without it everyone behind one would count as one client for rate limits.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# --- Watching -----------------------------------------------------------------------------------------------------
METRICS_TOKEN = env.str("METRICS_TOKEN", default="").strip()  # empty: there is no /metrics
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", default=500)  # 0: slow queries are not logged

# --- Logs -------------------------------------------------------------------------------------------------------
LOGGING = logs.logging(env.str("LOG_LEVEL", default="WARNING"))
