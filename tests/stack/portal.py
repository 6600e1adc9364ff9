"""The whole portal of production on free ports: nginx, gunicorn, both workers, PostgreSQL, Redis, S3, SMTP, clamd."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path

import boto3
import psycopg2
from aiosmtpd.controller import Controller
from celery import Celery
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clusters_portal.derived import queues
from clusters_portal.notifications.tests.post_office import Inbox
from tests import antivirus, migrated

from .person import HOST, Person
from .relay import Relay
from .servers import ROOT, PostgreSQL, Process, free_port, listens, program, redis, s3, until

BUCKET = "portal-files"
KEPT = ROOT / ".pytest_cache" / "stack"
PASSWORD = "un-mot-de-passe-solide"
TOKEN = "a-long-token-of-prometheus"
WORKERS = {"worker": "default,mail", "worker-heavy": "scan,pdf,exports"}


class SlowInbox(Inbox):
    """`stalls`: addresses about which the server falls silent, `reached` those it did so for."""

    def __init__(self):
        super().__init__()
        self.stalls, self.reached = set(), set()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in self.stalls:
            self.reached.add(address)
            await asyncio.sleep(60)
        return await super().handle_RCPT(server, session, envelope, address, rcpt_options)


class Stack:
    """What is running, at `host`. `rows(sql)` asks the database, `person()` opens a browser, `manage(...)` runs a command of the portal."""

    host = HOST

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="stack-"))
        self.folder.chmod(0o755)
        self.database, self.processes, self.inbox = PostgreSQL(), {}, SlowInbox()
        self.ports = {"web": free_port(), "plain": free_port(), "tls": free_port(), "mail": free_port()}
        for made in (redis(self.folder), s3(self.folder)):
            self.processes[made.name] = made.start(wait=False)
        self.open_office()
        (self.folder / "clamd").mkdir()
        self.clamd = antivirus.Daemon(self.folder / "clamd", program("clamd", "clamav-daemon"))
        self.clamd.start()
        self.store = Relay(self.processes["s3"].port)
        self.environment = self._environment()
        self.broker = Celery(broker=self.processes["redis"].url)
        self.broker.conf.update(task_routes=queues.ROUTES, task_default_queue=queues.DEFAULT)

    def _environment(self):
        """deploy/portal.env as it is delivered, filled in."""
        lines = (ROOT / "deploy" / "portal.env").read_text(encoding="utf-8").splitlines()
        template = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        return {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", **template,
            "SECRET_KEY": "a-long-random-key-of-production-that-nobody-else-knows-0123456789",
            "ALLOWED_HOSTS": HOST, "DATABASE_URL": self.database.url, "REDIS_URL": self.processes["redis"].url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.ports['mail']}", "CLAMD_URL": self.clamd.url, "DATA_DIR": str(self.folder / "var"),
            "S3_BUCKET": BUCKET, "S3_ENDPOINT_URL": self.store_url, "S3_ACCESS_KEY": "key", "S3_SECRET_KEY": "secret",
            "S3_REGION": "us-east-1", "METRICS_TOKEN": TOKEN, "LOG_LEVEL": "INFO",
        }  # fmt: skip

    def open_office(self):
        self.office = Controller(self.inbox, hostname="127.0.0.1", port=self.ports["mail"])
        self.office.start()

    @property
    def store_url(self):
        return f"http://127.0.0.1:{self.store.port}"

    # --- Before anybody comes ------------------------------------------------------------------------------------
    def start(self):
        (self.folder / "var").mkdir(mode=0o755)
        for name in ("s3", "redis"):
            self.processes[name].wait()
        self.bucket = boto3.client(
            "s3", endpoint_url=self.processes["s3"].url, aws_access_key_id="key", aws_secret_access_key="secret", region_name="us-east-1"
        )
        self.bucket.create_bucket(Bucket=BUCKET)
        self._collect_static()
        self._fill_database()
        for name, read in WORKERS.items():
            self.processes[name] = self.worker(name, read).start(wait=False)
        self.processes["web"] = self.web().start(wait=False)
        self.processes["nginx"] = self.nginx().start(wait=False)
        for process in self.processes.values():
            process.wait()
        return self

    def _collect_static(self):
        """Compressing takes half a minute: done once for each state of the sources."""
        sources = [path for folder in (ROOT / "static", ROOT / "docs" / "guide") for path in sorted(folder.rglob("*")) if path.is_file()]
        digest = sha256(b"".join(str(path).encode() + path.read_bytes() for path in [*sources, ROOT / "requirements.txt"])).hexdigest()[:16]
        kept = KEPT / f"static-{digest}"
        if not kept.exists():
            for old in KEPT.glob("static-*"):
                shutil.rmtree(old)
            self.manage("collectstatic", "--noinput", "--verbosity", "0")
            shutil.copytree(self.folder / "var" / "static", kept)
        else:
            shutil.copytree(kept, self.folder / "var" / "static")

    def _fill_database(self):
        """Migrated, with the calls: once for each state of the migrations, then from its own dump."""
        kept = KEPT / f"{migrated.fingerprint()}-{_editions()}.dump"
        if not kept.exists():
            KEPT.mkdir(parents=True, exist_ok=True)
            for old in KEPT.glob("*.dump"):
                old.unlink()
            self.manage("migrate", "--verbosity", "0")
            self.manage("load_editions")
            subprocess.run(["pg_dump", "--format=custom", f"--file={kept}", *self._at()], check=True)
        else:
            subprocess.run(["pg_restore", "--no-owner", "--clean", "--if-exists", *self._at(), str(kept)], check=True)

    def _at(self):
        return [f"--host={self.database.folder}", "--username=portal", "--dbname=postgres"]

    # --- Processes, by the commands of deploy/ -------------------------------------------------------------------
    def command_of(self, unit) -> list:
        """What a unit of systemd starts, with this machine's paths and ports."""
        text = (ROOT / "deploy" / f"clusters-portal-{unit}.service").read_text(encoding="utf-8")
        line = re.search(r"^ExecStart=/srv/clusters-portal/.venv/bin/(.+)$", text, re.MULTILINE)[1]
        line = line.replace("127.0.0.1:8000", f"127.0.0.1:{self.ports['web']}").replace("%h", "stack")
        return [sys.executable, "-m", *line.split()]

    def worker(self, name, read):
        command = self.command_of(name)
        assert f"--queues {read}" in " ".join(command)
        made = Process(name, command, self.folder, environment=self.environment)
        made.ready = lambda: made.log.exists() and " ready." in made.text()
        return made

    def web(self):
        (self.folder / "prometheus").mkdir(exist_ok=True)
        environment = {**self.environment, "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "prometheus")}
        return Process("web", self.command_of("web"), self.folder, environment=environment, ready=lambda: listens(self.ports["web"]))

    def nginx(self):
        """deploy/nginx.conf with this machine's ports and paths, and nothing else changed."""
        self.certificate = _certificate(self.folder)
        text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        for ours, theirs in {
            "server web:8000;": f"server 127.0.0.1:{self.ports['web']};",
            "listen 80;": f"listen 127.0.0.1:{self.ports['plain']};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.ports['tls']} ssl http2;",
            "/etc/nginx/certificates": str(self.folder),
            "/etc/nginx/portal": str(ROOT / "deploy"),
        }.items():
            assert ours in text, ours
            text = text.replace(ours, theirs)
        text = re.sub(r"\n *listen \[::\].*", "", text)
        for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
            (self.folder / name).mkdir(exist_ok=True)
        temporary = "".join(
            f"{module}_temp_path {self.folder}/{name};"
            for module, name in {"client_body": "body", "proxy": "proxy", "fastcgi": "fastcgi", "uwsgi": "uwsgi", "scgi": "scgi"}.items()
        )
        user = "user root;" if os.geteuid() == 0 else ""
        whole = f"{user} pid {self.folder}/nginx.pid; error_log stderr; events {{}} http {{ access_log off; {temporary} {text} }}"
        (self.folder / "nginx.conf").write_text(whole, encoding="utf-8")
        command = [program("nginx", "nginx-light"), "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert "syntax is ok" in checked.stderr, checked.stderr
        assert "warn" not in checked.stderr, checked.stderr
        return Process("nginx", [*command, "-g", "daemon off;"], self.folder, ready=lambda: listens(self.ports["tls"]))

    # --- What a test asks ----------------------------------------------------------------------------------------
    def person(self, email="") -> Person:
        return Person(f"https://127.0.0.1:{self.ports['tls']}", str(self.certificate), email)

    def rows(self, sql, *values) -> list:
        """The rows of a query, straight from PostgreSQL."""
        with psycopg2.connect(host=self.database.folder, user="portal", dbname="postgres") as line, line.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def one(self, sql, *values):
        """The one value a query gives."""
        ((value,),) = self.rows(sql, *values)
        return value

    def until(self, sql, wanted, *values):
        """Wait until the one value of a query is `wanted`."""
        logs = self.processes["worker"].log if self.processes["worker"].log.exists() else None
        until(lambda: self.one(sql, *values) == wanted, f"{sql} never gave {wanted}", log=logs)

    def manage(self, *arguments, **environment) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env={**self.environment, **environment}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}: {done.stdout[-3000:]} {done.stderr[-3000:]}"
        return done.stdout

    def do(self, *acts) -> str:
        """Run functions of tests/stack/acts.py in one process of the portal: what a page is not the point of."""
        calls = "; ".join(f"acts.{act}" for act in acts)
        return self.manage("shell", "--no-imports", "-c", f"from tests.stack import acts; {calls}").strip()

    def send(self, task, *args, queue=None):
        """Send a task to its queue, or to another, as the schedule would."""
        self.broker.send_task(task, args, **({"queue": queue} if queue else {}))

    def queue_mail(self, address):
        """A mail that waits in the outbox, as an act leaves it there."""
        self.rows(
            "INSERT INTO notifications_outgoingmail (recipient, subject, body, created_at, state, attempts, next_attempt_at, last_error,"
            " holds_secret) VALUES (%s, 'Objet', 'Texte', now(), 'waiting', 0, now(), '', false)",
            address,
        )

    def mails_to(self, address) -> list:
        return [message for recipient, message in list(self.inbox.received) if recipient == address]

    def mail_to(self, address, number=1):
        """The `number`th mail of an address, waited for."""
        return until(
            lambda: (self.mails_to(address) + [None] * number)[number - 1],
            f"no mail {number} for {address}",
            log=self.processes["worker"].log,
        )

    def lines(self, name, event) -> list[dict]:
        """The lines of a process's log that tell of this event."""
        found = [line for line in self.processes[name].text().splitlines() if f'"{event}"' in line]
        return [json.loads(line[line.index("{") :]) for line in found]

    def objects(self) -> list:
        """Names of the objects in the bucket."""
        return sorted(item["Key"] for item in self.bucket.list_objects_v2(Bucket=BUCKET).get("Contents", []))

    def stop(self):
        for process in reversed(self.processes.values()):
            process.stop()
        self.clamd.stop()
        self.office.stop()
        self.database.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def running():
    stack = Stack()
    try:
        yield stack.start()
    finally:
        stack.stop()


def _editions() -> str:
    files = sorted((ROOT / "applications" / "data").glob("*.json"))
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:8]


def _certificate(folder) -> Path:
    """A certificate of our own for the name people type and the address of this machine."""
    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)]), datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=2)
    )
    made = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return folder / "fullchain.pem"
