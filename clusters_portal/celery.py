"""The task queue. Without REDIS_URL every task runs inline, after the transaction has committed."""

import os
from datetime import timedelta

from celery import Celery
from celery.schedules import crontab
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusters_portal.settings")

app = Celery("clusters_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
# Static: beat sends these to the workers, `manage.py tick` runs them where there is no broker. Hours in UTC.
BEAT_SCHEDULE = {
    "heartbeat": {"task": "operations.heartbeat", "schedule": timedelta(minutes=1)},
    "mails": {"task": "notifications.send_waiting", "schedule": timedelta(minutes=1)},
    "reminders": {"task": "applications.send_reminders", "schedule": timedelta(minutes=5)},
    "journal": {"task": "audit.seal", "schedule": timedelta(minutes=10)},
    "documents": {"task": "applications.rescan_documents", "schedule": crontab(hour=2, minute=30)},
    "attachments": {"task": "evaluation.rescan_attachments", "schedule": crontab(hour=2, minute=45)},
    "sessions": {"task": "accounts.clear_sessions", "schedule": crontab(hour=3, minute=15)},
}
app.add_defaults({"beat_schedule": BEAT_SCHEDULE})
