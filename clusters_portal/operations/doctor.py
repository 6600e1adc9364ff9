"""What `manage.py doctor` asks on top of the probes: is everything this server needs there, reachable and set?"""

from pathlib import Path

from celery import current_app
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks, mail

from ..lib import clamd
from . import probes
from .probes import Finding

LOCAL = {"localhost", "127.0.0.1", "[::1]"}
FILE_MAIL = "django.core.mail.backends.filebased.EmailBackend"


def production() -> bool:
    return not (settings.DEBUG or settings.DEMO_MODE)


def settings_of_production() -> list[Finding]:
    """Django's own checks and ours, those of a deployment included: time zone data, fonts, secret key, HTTPS, cookies."""
    found = checks.run_checks(include_deployment_checks=production(), databases=None)
    serious = [message for message in found if message.level >= checks.WARNING]
    if not serious:
        return [Finding("settings", True, "“manage.py check --deploy” is clean: time zone data, fonts, secret key, HTTPS, cookies.")]
    return [Finding(f"settings {m.id}", False, str(m.msg), str(m.hint or ""), m.level >= checks.ERROR) for m in serious]


def hosts() -> Finding:
    if production() and set(settings.ALLOWED_HOSTS) <= LOCAL:
        return Finding("hosts", False, "Only this machine's own names are answered to.", "Set ALLOWED_HOSTS to the names people type.")
    if "*" in settings.ALLOWED_HOSTS:
        return Finding("hosts", False, "Every name is answered to: links of mails can be forged.", "Name them in ALLOWED_HOSTS.")
    return Finding("hosts", True, f"Answers to {', '.join(settings.ALLOWED_HOSTS)}; mails say {settings.PORTAL_URL}.")


def broker() -> Finding:
    if not settings.REDIS_URL:
        said = "None: tasks run inside the requests, the schedule by “manage.py tick”."
        return Finding("broker", not production(), said, "Set REDIS_URL, and start a worker and beat.", vital=False)
    with current_app.connection_for_write() as line:
        line.ensure_connection(max_retries=1, timeout=3)
    return Finding("broker", True, "Redis answers.")


def workers() -> Finding:
    if not settings.REDIS_URL:
        return Finding("workers", True, "None needed without a broker.")
    names = [name for answer in current_app.control.ping(timeout=2) for name in answer]
    remedy = "Start “celery -A clusters_portal worker” (deploy/clusters-portal-worker.service)."
    return Finding("workers", bool(names), f"{', '.join(names) or 'No worker'} answered.", remedy)


def mail_server() -> Finding:
    """Connects, with TLS and login where they are set; sends nothing."""
    if settings.EMAIL_BACKEND == FILE_MAIL:
        said = f"Mails are written as files in {settings.EMAIL_FILE_PATH}."
        return Finding("mail", not production(), said, "Set EMAIL_URL.", vital=False)
    line = mail.get_connection(fail_silently=False)
    line.open()
    line.close()
    return Finding("mail", True, f"{getattr(line, 'host', settings.EMAIL_BACKEND)} lets us in.")


def antivirus() -> Finding:
    if not settings.CLAMD_URL:
        said = "None: files are kept without being scanned."
        return Finding("antivirus", not production(), said, "Install clamav-daemon and set CLAMD_URL.", vital=False)
    clamd.ping(settings.CLAMD_URL)
    return Finding("antivirus", True, f"clamd answers at {settings.CLAMD_URL}.")


def static_files() -> Finding:
    address = staticfiles_storage.url("css/portal.css")
    return Finding("static files", True, f"The style sheet is {address}.")


def translations() -> Finding:
    sources = sorted(path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/django.po"))
    old = [path.parts[-3] for path in sources if not path.with_suffix(".mo").exists()]
    said = f"Not compiled: {', '.join(old)}." if old else f"Compiled for {', '.join(path.parts[-3] for path in sources)}."
    return Finding("translations", not old, said, "Run “manage.py compilemessages”.")


def what_the_ministry_fills_in() -> list[Finding]:
    wanted = {
        "SECURITY_CONTACT": "Where weaknesses are told is not said: /.well-known/security.txt does not exist.",
        "CNDP_REFERENCE": "The personal-data notice names no declaration to the CNDP.",
    }
    return [
        Finding(name, False, said, f"Set {name}.", vital=False)
        for name, said in wanted.items()
        if production() and not getattr(settings, name)
    ]


REMEDIES = {
    "broker": "Check REDIS_URL and the Redis server.",
    "workers": "Check REDIS_URL and the Redis server.",
    "mail_server": "Check EMAIL_URL: host, port, TLS, user and password.",
    "antivirus": "Check CLAMD_URL, and that clamd runs (it takes a minute to start).",
    "static_files": "Run “manage.py collectstatic”.",
}
QUESTIONS = (
    probes.database, probes.migrations, probes.guards_of_evidence, probes.shared_cache, broker, workers, probes.schedule, probes.files,
    mail_server, probes.outbox, antivirus, hosts, static_files, translations,
)  # fmt: skip


def examine() -> list[Finding]:
    """Every finding, in the order one would put things right."""
    found = [probes.run(question, REMEDIES.get(question.__name__, "")) for question in QUESTIONS]
    return [*settings_of_production(), *found, *what_the_ministry_fills_in()]
