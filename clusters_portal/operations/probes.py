"""Is what the portal stands on there? Each probe answers in words: `/readyz`, the status page and `manage.py doctor` ask them.

Sentences are in the language of the reader; the command line asks for English, like Django's own checks.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..audit import triggers
from ..derived import queues
from ..lib import clock
from ..notifications.models import OutgoingMail, ScheduledRun
from .tasks import SIGN

LATE = timedelta(minutes=15)


@dataclass(frozen=True)
class Finding:
    """What one probe found: `said` in words, `remedy` when it is not well. Not vital: pages are served all the same."""

    name: str
    well: bool
    said: str = ""
    remedy: str = ""
    vital: bool = True

    @property
    def label(self) -> str:
        """The name in the language of the reader; `name` is the same for machines everywhere."""
        return str(LABELS.get(self.name, self.name))


def run(probe, remedy: str = "") -> Finding:
    """A probe that raises found something wrong: whatever the library calls it."""
    try:
        return probe()
    except Exception as error:
        name = probe.__name__.replace("files_answer", "files").replace("_", " ")
        return Finding(name, False, f"{type(error).__name__}: {error}"[:500], remedy or REMEDIES.get(probe.__name__, ""))


def database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding("database", True, _("%(database)s answers.") % {"database": connection.display_name})


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = [f"{step.app_label}.{step.name}" for step, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    if waiting:
        said = _("%(count)s not applied, the first is %(name)s.") % {"count": len(waiting), "name": waiting[0]}
        return Finding("migrations", False, said, REMEDIES["migrations"])
    return Finding("migrations", True, _("All applied."))


def guards_of_evidence() -> Finding:
    open_tables = sorted({table for table, _kind in triggers.missing(connection)})
    if open_tables:
        said = _("The database no longer refuses changes of %(tables)s.") % {"tables": ", ".join(open_tables)}
        return Finding("guards of evidence", False, said, REMEDIES["guards_of_evidence"], vital=False)
    return Finding("guards of evidence", True, _("The database refuses changes of every table of evidence."), vital=False)


def shared_cache() -> Finding:
    key, value = f"probe:{uuid4()}", str(uuid4())
    cache.set(key, value, 30)
    found = cache.get(key)
    cache.delete(key)
    if found != value:
        return Finding("shared cache", False, _("What was written was not read again."), REMEDIES["shared_cache"])
    return Finding("shared cache", True, _("Written and read."))


def files_answer() -> Finding:
    """One question to the store of the files: cheap enough to be asked every few seconds."""
    default_storage.exists("probe")
    return Finding("files", True, _("The store answers."))


def files() -> Finding:
    """Written, read again, deleted."""
    name = default_storage.save(f"probe/{uuid4()}", ContentFile(b"probe"))
    try:
        with default_storage.open(name) as file:
            same = file.read() == b"probe"
    finally:
        default_storage.delete(name)
    if not same or default_storage.exists(name):
        return Finding("files", False, _("What was written was not read again, or not deleted."), REMEDIES["files"])
    return Finding("files", True, _("Written, read and deleted."))


def schedule() -> Finding:
    ages = queue_ages()
    never = [queue for queue, age in ages.items() if age is None]
    if never:
        said = _("It has never run: %(queues)s.") % {"queues": ", ".join(never)}
        return Finding("schedule", False, said, REMEDIES["schedule"], vital=False)
    queue, age = max(ages.items(), key=lambda item: item[1])
    said = _("Last sign of life %(seconds)s seconds ago (queue %(queue)s).") % {"seconds": int(age.total_seconds()), "queue": queue}
    return Finding("schedule", age < LATE, said, REMEDIES["schedule"], vital=False)


def outbox() -> Finding:
    state = outbox_state()
    said = _("%(waiting)s waiting, the oldest for %(age)s seconds; %(failed)s given up.") % state
    return Finding("outbox", state["age"] < LATE.total_seconds() and not state["failed"], said, REMEDIES["outbox"], vital=False)


def queue_ages() -> dict[str, timedelta | None]:
    """{queue: since a worker last ran its heartbeat, None when none ever did}. Without a broker there is one. One query."""
    wanted = queues.ALL if settings.REDIS_URL else (queues.DEFAULT,)
    last = dict(ScheduledRun.objects.filter(name__startswith=SIGN).values_list("name", "last_run_at"))
    now = clock.now()
    return {queue: now - last[SIGN + queue] if SIGN + queue in last else None for queue in wanted}


def outbox_state() -> dict:
    """{"waiting", "failed": mails, "age": seconds since the oldest waiting one was written}. One query."""
    states = OutgoingMail.State
    found = OutgoingMail.objects.aggregate(
        waiting=Count("pk", filter=Q(state=states.WAITING)), failed=Count("pk", filter=Q(state=states.FAILED)),
        oldest=Min("created_at", filter=Q(state=states.WAITING)),
    )  # fmt: skip
    age = int((clock.now() - found["oldest"]).total_seconds()) if found["oldest"] else 0
    return {"waiting": found["waiting"], "failed": found["failed"], "age": max(age, 0)}


LABELS = {
    "database": gettext_lazy("Database"),
    "migrations": gettext_lazy("Migrations"),
    "guards of evidence": gettext_lazy("Guards of evidence"),
    "shared cache": gettext_lazy("Shared cache"),
    "files": gettext_lazy("Files"),
    "schedule": gettext_lazy("Scheduled work"),
    "outbox": gettext_lazy("Mail waiting"),
}
REMEDIES = {
    "database": gettext_lazy("Check DATABASE_URL, and that the server runs and lets this machine in."),
    "migrations": gettext_lazy("Run “manage.py migrate”."),
    "guards_of_evidence": gettext_lazy("Run “manage.py migrate”, then “manage.py verify_journal”, and find out who lifted them."),
    "shared_cache": gettext_lazy("Check REDIS_URL and the Redis server; without REDIS_URL run “manage.py createcachetable”."),
    "files_answer": gettext_lazy("Check S3_BUCKET and its keys, or that DATA_DIR exists and belongs to the portal's user."),
    "files": gettext_lazy("Check S3_BUCKET and its keys, or that DATA_DIR exists, has room, and belongs to the portal's user."),
    "schedule": gettext_lazy("With REDIS_URL start a worker and beat; without, run “manage.py tick” every minute (deploy/ has both)."),
    "outbox": gettext_lazy("Check EMAIL_URL and the mail server; the status page shows what it answered and sends again."),
}
READY = (database, migrations, shared_cache, files_answer, schedule)
STATUS = (*READY, guards_of_evidence, outbox)
