"""Servers of a test, each a process or a thread of its own on a free port, stopped at the end."""

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds for a server to answer
BIN = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(name, package) -> str:
    """Where a server's program is. Fails with the package that brings it."""
    found = shutil.which(name, path=BIN)
    if found is None:
        pytest.fail(f"{name} was not found: apt-get install {package}")
    return found


def listens(port) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(true, what, *, log=None):
    """Wait until `true()` is; what it gave. Fails with `what` and the end of the log."""
    end = time.monotonic() + PATIENCE
    while not (found := true()):
        if time.monotonic() > end:
            pytest.fail(f"{what}\n{log.read_text(errors='replace')[-4000:] if log and log.exists() else ''}")
        time.sleep(0.05)
    return found


class Process:
    """A program with its own log. In a session of its own, so that it is killed with its children."""

    def __init__(self, name, command, folder, *, environment=None, ready=None):
        self.name, self.command, self.environment, self.ready = name, command, environment, ready
        self.log, self.handle = folder / f"{name}.log", None

    def start(self, *, wait=True):
        with open(self.log, "ab") as out:
            self.handle = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=out, stderr=out, start_new_session=True)
        if wait:
            self.wait()
        return self

    def wait(self):
        """Until it is ready, or has ended on its own, which fails."""

        def is_ready():
            if self.handle.poll() is not None:
                pytest.fail(f"{self.name} ended at once:\n{self.log.read_text(errors='replace')[-4000:]}")
            return self.ready is None or self.ready()

        until(is_ready, f"{self.name} did not start", log=self.log)

    def stop(self):
        if self.handle is not None and self.handle.poll() is None:
            self.handle.terminate()
            try:
                self.handle.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self):
        """Without a word of warning, as a power cut does: it and its children."""
        os.killpg(self.handle.pid, signal.SIGKILL)
        self.handle.wait(10)

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


class PostgreSQL:
    """The throw-away server of scripts/test_postgres.sh, held as long as its command waits for a line."""

    def __init__(self):
        waits = "import os, sys; print(os.environ['DATABASE_URL'], flush=True); sys.stdin.readline()"
        self.handle = subprocess.Popen(
            ["scripts/test_postgres.sh", sys.executable, "-c", waits], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.url = self.handle.stdout.readline().strip()
        assert self.url, "PostgreSQL did not start"
        self.folder = self.url.removeprefix("postgres://portal@/").rpartition("/")[0]

    def crash(self):
        """Every connection is cut in the middle of whatever it does."""
        tool = shutil.which("pg_ctl") or str(max(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")))
        self._as_server(tool, f"--pgdata={self.folder}/data", "stop", "--mode=immediate", "--silent")

    def come_back(self):
        """With the options it was started with; recovers, as after a power cut."""
        words = shlex.split((Path(self.folder) / "data" / "postmaster.opts").read_text())
        self._as_server("sh", "-c", f"{shlex.join(words)} >>{self.folder}/data/log 2>&1 &")

    def _as_server(self, *command):
        before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*before, *command], check=True, cwd="/", stdout=subprocess.DEVNULL)

    def stop(self):
        self.handle.communicate("\n", timeout=60)


def redis(folder):
    port = free_port()
    server = program("redis-server", "redis-server")
    command = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--dir", str(folder)]
    made = Process("redis", command, folder, ready=lambda: listens(port))
    made.url = f"redis://127.0.0.1:{port}/0"
    return made


def s3(folder):
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    made = Process("s3", command, folder, ready=lambda: listens(port))
    made.port, made.url = port, f"http://127.0.0.1:{port}"
    return made
