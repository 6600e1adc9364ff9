"""`manage.py doctor` against servers that are there, and that are not."""

import socket
from contextlib import contextmanager
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command

from clusters_portal.notifications.tests.post_office import open_post_office
from clusters_portal.operations import doctor, probes
from clusters_portal.operations.tasks import heartbeat

pytestmark = pytest.mark.django_db
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def said(name):
    return {finding.name: finding for finding in doctor.examine()}[name]


@contextmanager
def answering(words):
    """A server on a free port that says `words` to the first line it is sent."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            line, _address = server.accept()
            with line:
                line.recv(100)
                line.sendall(words)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        thread.join(5)


def test_all_is_well_here_and_the_command_says_so(settings):
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD = 31_536_000, True, True
    settings.SECRET_KEY, settings.ALLOWED_HOSTS = "a-long-random-key-of-production-that-nobody-else-knows-0123456789", ["clusters.example"]
    settings.LOCALE_PATHS = []  # whether the languages were compiled is not this test's matter
    heartbeat()
    out = StringIO()
    with open_post_office(settings), answering(b"PONG\0") as settings.CLAMD_URL:
        call_command("doctor", stdout=out)
    lines = out.getvalue().splitlines()
    assert [line for line in lines if line.startswith("WRONG")] == []
    for part in ("settings", "database", "migrations", "files", "mail", "antivirus", "hosts", "schedule"):
        assert any(line.startswith(f"ok      {part}: ") for line in lines), part


@pytest.fixture
def nobody():
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return port


def test_mail_server_that_is_away(settings, nobody):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", nobody
    finding = said("mail server")
    assert (finding.well, finding.vital, "EMAIL_URL" in finding.remedy) == (False, True, True)


def test_antivirus_that_is_away_or_is_something_else(settings, nobody):
    settings.CLAMD_URL = f"tcp://127.0.0.1:{nobody}"
    assert (said("antivirus").well, "CLAMD_URL" in said("antivirus").remedy) == (False, True)
    with answering(b"HTTP/1.1 400 Bad Request\0") as settings.CLAMD_URL:
        assert "clamd answered: HTTP/1.1 400" in said("antivirus").said


def test_broker_that_is_away(settings, nobody, monkeypatch):
    settings.REDIS_URL = f"redis://127.0.0.1:{nobody}/0"
    monkeypatch.setattr(doctor.current_app.conf, "broker_url", settings.REDIS_URL)
    finding = probes.run(doctor.broker, doctor.REMEDIES["broker"])
    assert (finding.well, "REDIS_URL" in finding.remedy) == (False, True)


def test_folder_of_the_files_that_may_not_be_written(settings, tmp_path):
    (tmp_path / "files").write_text("in the way")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}},
    }
    finding = said("files")
    assert (finding.well, "DATA_DIR" in finding.remedy) == (False, True)


@pytest.mark.parametrize(("hosts", "well"), [(["localhost"], False), (["*"], False), (["clusters.example"], True)])
def test_names_of_production(settings, hosts, well):
    settings.ALLOWED_HOSTS = hosts
    assert said("hosts").well is well


def test_command_fails_and_says_what_to_do(settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    out = StringIO()
    with pytest.raises(CommandError, match="hosts"):
        call_command("doctor", stdout=out)
    assert "Set ALLOWED_HOSTS" in out.getvalue()
