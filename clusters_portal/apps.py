from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "clusters_portal"

    def ready(self):
        from . import checks  # noqa: F401  registers the checks
