"""WSGI entry point: `gunicorn clusters_portal.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusters_portal.settings")

application = get_wsgi_application()
