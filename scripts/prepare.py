"""Bring the database up to date and fill it once, in one process so that a second start takes seconds.

Every step says what it does; one that fails is named, its reason given, and nothing after it runs.
"""

import os
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusters_portal.settings")

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

STEPS = [
    ("Bringing the database up to date", "migrate", {"interactive": False, "verbosity": 0}),
    ("Preparing the cache table", "createcachetable", {"verbosity": 0}),
    ("Loading the calls (editions 2026, 2023 and demonstration)", "load_editions", {}),
    ("Loading the demonstration dossiers (the first time only)", "load_demo", {}),
]


def stop(sentence: str) -> None:
    print(f"\033[1mStopped:\033[0m {sentence}", file=sys.stderr)
    raise SystemExit(1)


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def main() -> None:
    port = os.environ.get("PORT", "8000")
    if not port.isdigit():
        stop(f"PORT must be a number, not “{port}”.")
    if not port_is_free(int(port)):
        stop(f"port {port} is taken by another program. Choose one: PORT={int(port) + 1} make run")
    try:
        django.setup()
    except ImproperlyConfigured as problem:
        stop(f"the settings are not right: {problem}")
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise complains about a folder that is not there
    for sentence, command, options in STEPS:
        print(f"\033[1m==>\033[0m {sentence}", flush=True)
        try:
            call_command(command, **options)
        except Exception as problem:  # whatever a step raises, its name and its reason are what helps
            if os.environ.get("DEBUG") == "1":
                raise
            stop(f"“manage.py {command}” failed: {type(problem).__name__}: {problem}. DEBUG=1 make run shows where.")
    print()
    call_command("demo_logins")


if __name__ == "__main__":
    main()
