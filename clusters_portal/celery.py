"""The task queue. Without REDIS_URL every task runs inline, after the transaction has committed."""

import os
from datetime import timedelta

from celery import Celery
from celery.schedules import crontab
from django_structlog.celery.steps import DjangoStructLogInitStep

from clusters_portal.derived import queues

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusters_portal.settings")

app = Celery("clusters_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
# Static: beat sends these to the workers, `manage.py tick` runs them where there is no broker. Hours in UTC.
# What waited longer than `expires` (seconds) is dropped: workers that come back after a night are not met by hundreds of each.
BEAT_SCHEDULE = {
    **{
        f"heartbeat of {queue}": {
            "task": "operations.heartbeat", "schedule": timedelta(minutes=1), "args": (queue,), "options": {"queue": queue, "expires": 600},
        }
        for queue in queues.ALL
    },
    "mails": {"task": "notifications.send_waiting", "schedule": timedelta(minutes=1), "options": {"expires": 300}},
    "reminders": {"task": "applications.send_reminders", "schedule": timedelta(minutes=5), "options": {"expires": 600}},
    "journal": {"task": "audit.seal", "schedule": timedelta(minutes=10), "options": {"expires": 600}},
    "waiting documents": {"task": "applications.scan_waiting", "schedule": timedelta(minutes=10), "options": {"expires": 600}},
    "waiting attachments": {"task": "evaluation.rescan_attachments", "schedule": timedelta(minutes=10), "options": {"expires": 600}},
    "archives": {"task": "evaluation.clear_archives", "schedule": timedelta(hours=1), "options": {"expires": 3600}},
    "documents": {"task": "applications.rescan_documents", "schedule": crontab(hour=2, minute=30)},
    "purge": {"task": "privacy.purge", "schedule": crontab(hour=3, minute=45)},
    "sessions": {"task": "accounts.clear_sessions", "schedule": crontab(hour=3, minute=15)},
}  # fmt: skip
app.add_defaults({"beat_schedule": BEAT_SCHEDULE})
