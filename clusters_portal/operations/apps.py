from celery.signals import task_failure
from django.apps import AppConfig
from django.core.management import call_command
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from . import slow_queries


class OperationsConfig(AppConfig):
    name = "clusters_portal.operations"
    label = "operations"
    verbose_name = _("Operations")

    def ready(self):
        from .failures import note

        connection_created.connect(slow_queries.watch)
        post_migrate.connect(make_cache_table, sender=self)
        task_failure.connect(note)


def make_cache_table(sender, **kwargs):
    """Receiver of `post_migrate`: the cache of the database is there before Redis goes away for the first time."""
    call_command("createcachetable", verbosity=0)
