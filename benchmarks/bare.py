"""What every page is compared with: the page of a fresh Django project that knows who is signed in, and one template."""

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.template.backends.django import DjangoTemplates
from django.test import override_settings
from django.urls import path

# As `django-admin startproject` writes them.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "bare.own_addresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
PROCESSORS = [f"django.{name}" for name in ("template.context_processors.request", "contrib.auth.context_processors.auth")]
ENGINE = DjangoTemplates({"NAME": "bare", "DIRS": [], "APP_DIRS": False, "OPTIONS": {"context_processors": PROCESSORS}})
TEMPLATE = ENGINE.from_string("""<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><title>{{ title }}</title></head>
<body>
{% if user.is_authenticated %}<p>{{ user.first_name }} {{ user.last_name }}</p>{% endif %}
<ul>{% for line in lines %}<li><a href="/{{ forloop.counter }}/">{{ line }}</a></li>{% endfor %}</ul>
<form method="post">{% csrf_token %}<button>OK</button></form>
</body>
</html>""")


def own_addresses(get_response):
    """Requests of this handler know the address below and no other."""

    def middleware(request):
        request.urlconf = __name__
        return get_response(request)

    return middleware


def page(request):
    return HttpResponse(TEMPLATE.render({"title": "Page", "lines": ["One", "Two", "Three", "Four", "Five"]}, request))


urlpatterns = [path("bare/", page)]


def handler() -> WSGIHandler:
    """The bare project as a server calls it, in the process of the portal."""
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        return WSGIHandler()
