from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "clusters_portal.audit"
    label = "audit"
    verbose_name = _("Journal")

    def ready(self):
        from .triggers import install_after_migrate

        post_migrate.connect(install_after_migrate, sender=self)
