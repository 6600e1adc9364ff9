from celery.signals import task_failure
from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from . import slow_queries


class OperationsConfig(AppConfig):
    name = "clusters_portal.operations"
    label = "operations"
    verbose_name = _("Operations")

    def ready(self):
        from .failures import note

        connection_created.connect(slow_queries.watch)
        task_failure.connect(note)
