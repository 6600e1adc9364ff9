"""The task queue. Without REDIS_URL every task runs inline, after the transaction has committed."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusters_portal.settings")

app = Celery("clusters_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
