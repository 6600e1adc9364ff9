"""Walking the addresses of the project, and asking for one as somebody."""

import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from django.db import connection, transaction
from django.test import Client
from django.test.client import BOUNDARY, encode_multipart
from django.urls import URLPattern, get_resolver, reverse

from applications.services.reading import ACTION

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
# The session of the one who asks is not content, and is noted as used every few minutes, between savepoints.
NOT_CONTENT = re.compile(r'^\s*((INSERT INTO|UPDATE|DELETE FROM) "django_session"|SAVEPOINT|RELEASE)', re.IGNORECASE)
# Time, time left, token, reference of the request, and the item of the navigation the address belongs to.
CHANGING = re.compile(
    r'(data-server-now|data-session|data-csrf|name="csrfmiddlewaretoken" value| aria-current)="[^"]*"|(?<=data-request-id>)[^<]*'
)


def every_name(resolver=None, prefix="") -> set[str]:
    """The full name of each address; one without a name is there as its own pattern."""
    found = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            found.add(prefix + (pattern.name or str(pattern.pattern)))
        else:
            found |= every_name(pattern, prefix + (f"{pattern.namespace}:" if pattern.namespace else ""))
    return found


def address(row, values) -> str:
    args = [values[arg[1:]] if isinstance(arg, str) and arg.startswith("=") else arg for arg in row.args]
    return reverse(row.name, args=args)


def is_reading_noted(sql, params) -> bool:
    """Opening a file of a dossier leaves a line in the journal: asking for it is the act."""
    return 'INTO "audit_auditentry"' in sql and ACTION in (params or ())


@dataclass
class Answer:
    """What came back: the response read to its end, and the statements that would have written, the number of all."""

    response: object
    written: list = field(default_factory=list)
    content: bytes = b""
    queries: int = 0

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def goes_to_login(self) -> bool:
        return self.status == 302 and "/login/" in self.response.headers["Location"]

    @property
    def reason(self) -> str:
        """Why not, in words: the reason given to the page of refusals, or the page's own."""
        context = self.response.context or {}
        return context.get("reason") or context.get("state") or context.get("refusal") or ""

    def page(self, path) -> str:
        """The text without its address, its time and its token."""
        return CHANGING.sub("", self.content.decode().replace(f'"{path}"', '""'))


@contextmanager
def scene(blocker):
    """What a module builds in it once is gone at the end with its transaction."""
    logging.disable(logging.CRITICAL)  # refusals are what is asked for there
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


class Visitor:
    """Someone with a browser. Each visit starts from the cookies of the login, and leaves nothing behind in the database."""

    def __init__(self, user):
        self.client = Client(raise_request_exception=True)
        if user is not None:
            self.client.force_login(user)
        self.cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}

    def ask(self, path, method="get", data=None) -> Answer:
        return self._visit(lambda: getattr(self.client, method)(path, data or {}))

    def ask_raw(self, path, method, body, content_type, **extra) -> Answer:
        """The same with a body and headers as they travel; a dict is sent as a form with its files."""
        sent = encode_multipart(BOUNDARY, body) if isinstance(body, dict) else body
        return self._visit(lambda: self.client.generic(method.upper(), path, sent, content_type=content_type, **extra))

    def _visit(self, send) -> Answer:
        self.client.cookies = SimpleCookie(self.cookies)
        written, queries = [], []

        def note(execute, sql, params, many, context):
            if not NOT_CONTENT.match(sql):
                queries.append(sql)
                if WRITES.match(sql) and not is_reading_noted(sql, params):
                    written.append(sql)
            return execute(sql, params, many, context)

        with transaction.atomic(), connection.execute_wrapper(note):
            response = send()
            content = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        return Answer(response, written, content, len(queries))
