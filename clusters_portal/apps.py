from django.apps import AppConfig
from django.core.checks import Tags, register

from . import checks


class PortalConfig(AppConfig):
    name = "clusters_portal"

    def ready(self):
        register(checks.time_zone_data)
        register(checks.fonts_are_present)
        register(checks.production_is_not_a_demonstration, Tags.security, deploy=True)
