"""Ground floor of the portal: settings, accounts, journal, notices and helpers without models."""

from .celery import app as celery_app

__all__ = ["celery_app"]
