"""What every answer says to the browser: pages, files, refusals, failures and static files alike."""

from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.http import FileResponse
from django.test import Client, override_settings
from django.urls import path

from clusters_portal import urls as portal
from clusters_portal.accounts.models import User
from clusters_portal.lib import clock

pytestmark = pytest.mark.django_db
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; "
    "img-src 'self' data:; object-src 'none'",
}


def fail(request):
    raise RuntimeError("a secret of the server")


def file(request):
    return FileResponse(ContentFile(b"x"), as_attachment=True, filename="x.pdf")


handler404, handler500 = portal.handler404, portal.handler500
urlpatterns = [*portal.urlpatterns, path("fails/", fail), path("file/", file)]

ANSWERS = {"page": ("/", 200), "unknown": ("/nowhere/", 404), "failure": ("/fails/", 500), "file": ("/file/", 200),
           "static file": ("/static/css/portal.css", 200), "picture": ("/static/img/favicon.svg", 200)}  # fmt: skip


@pytest.mark.parametrize(("address", "status"), ANSWERS.values(), ids=ANSWERS)
@pytest.mark.urls(__name__)
def test_every_kind_of_answer_has_every_header(address, status):
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    assert sorted(policy.split("; ")) == sorted(HEADERS["Content-Security-Policy"].split("; "))
    assert {name: answer.headers.get(name) for name in HEADERS if name != "Content-Security-Policy"} == {
        name: value for name, value in HEADERS.items() if name != "Content-Security-Policy"
    }
    permissions = dict(part.split("=") for part in answer.headers["Permissions-Policy"].split(", "))
    assert (permissions["camera"], permissions["geolocation"], permissions["publickey-credentials-get"]) == ("()", "()", "(self)")
    if status == 500:
        assert b"a secret of the server" not in answer.content


@override_settings(SECURE_HSTS_SECONDS=31_536_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SECURE_HSTS_PRELOAD=True, SECURE_SSL_REDIRECT=True)
def test_https_is_remembered_and_http_sent_to_it():
    assert Client().get("/", secure=True).headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    answer = Client().get("/")
    assert (answer.status_code, answer.url) == (301, "https://testserver/")


def test_cookies_are_kept_from_scripts_and_other_sites(client, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    User.objects.create_user("a@example.com", "motdepasse-essai")
    client.get("/compte/login/")
    client.force_login(User.objects.get())
    session, token = client.cookies["sessionid"], client.get("/espace/profil/").cookies["csrftoken"]
    assert (token["samesite"], bool(token["secure"])) == ("Lax", True)
    assert (settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE) == (True, "Lax")
    assert bool(session["secure"])


def test_security_txt_says_where_to_write(client, settings):
    settings.SECURITY_CONTACT, settings.PORTAL_URL = "mailto:securite@clusters.example", "https://clusters.example"
    with clock.set_to(datetime(2026, 7, 1, 15, 30, tzinfo=UTC)):
        answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "Contact: mailto:securite@clusters.example",
        "Expires: 2026-12-28T00:00:00Z",
        "Preferred-Languages: fr, ar, en",
        "Canonical: https://clusters.example/.well-known/security.txt",
    ]


def test_security_txt_without_an_address_is_not_there(client, settings):
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404
