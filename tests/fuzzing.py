"""Strange requests: what may stand in an address, in a query and in a form, and how to reach every address of the resolver.

Used by tests/test_fuzz.py. Nothing here names an address of the portal: a new one is walked, its forms are read from the
pages that show them, and the names its views ask for from their source.
"""

# ruff: noqa: E501 - lists of what is strange on purpose

import random
import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, get_resolver, resolve
from django.urls.exceptions import Resolver404
from hypothesis import strategies as st

PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
GROUP = re.compile(r"\(\?P<(?P<name>\w+)>[^()]*\)")
ASKED_FOR = re.compile(r"(?:GET|POST|FILES|data)\.(?:get|getlist|pop)\(\s*\"(\w+)\"")
USUAL = ("page", "sort", "q", "o", "p", "all", "e", "status", "next", "format", "_popup", "_to_field", "_changelist_filters", "action")


@dataclass(frozen=True)
class Target:
    """An address: its name, and its pieces in order: text as it stands, or (kind, name) of what varies."""

    name: str
    pieces: tuple

    @property
    def variables(self) -> list:
        return [piece for piece in self.pieces if isinstance(piece, tuple)]

    def path(self, args) -> str:
        """The address with these texts, already quoted, in the places of what varies."""
        left = iter(args)
        return "/" + "".join(next(left) if isinstance(piece, tuple) else piece for piece in self.pieces)


def targets(resolver=None, name="", pieces=()) -> list[Target]:
    """Every address of the resolver."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        own = (*pieces, *pieces_of(str(pattern.pattern)))
        if isinstance(pattern, URLPattern):
            found.append(Target(name + (pattern.name or str(pattern.pattern)), own))
        else:
            found += targets(pattern, name + (f"{pattern.namespace}:" if pattern.namespace else ""), own)
    return found


def pieces_of(route: str) -> list:
    route = GROUP.sub(lambda match: f"<str:{match['name']}>", route).removeprefix("^").removesuffix("$")
    found, end = [], 0
    for match in PARAMETER.finditer(route):
        found += [route[end : match.start()], (match["kind"] or "str", match["name"])]
        end = match.end()
    return [piece for piece in [*found, route[end:]] if piece]


@cache
def names_asked_for() -> tuple:
    """The names of what views read from a request, as their source has them."""
    found = set(USUAL)
    for app in ("clusters_portal", "applications", "evaluation"):
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            found |= set(ASKED_FOR.findall(path.read_text(encoding="utf-8")))
    return tuple(sorted(found))


# What is put in the place of something sensible. Bytes that are no text are written as they travel.
NUMBERS = ["0", "-1", "1", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "9" * 400, "1e999", "nan",
           "-0", "٣", "１", "1.5", "0x10", "+1", "1_000", "²", "Infinity", "-inf", "1e-400", "NaN", "sNaN"]  # fmt: skip
WORDS = ["", " ", "\x00", "a\x00b", "\u202e", "\u200f\u200eمرحبا", "\ufeff", "﷽" * 50, "x" * 3000, "../../etc/passwd", "%", "%00", "'\"<b>", "[]",
         "{}", "null", "\r\nSet-Cookie: a=b", "=1+1", "__proto__", "-number", "pk__in", "٠١/٠٢/٢٠٢٦", "0000-00-00", "9999-12-31T23:59",
         "2026-02-30", "0001-01-01T00:00", "31/12/9999", "99:99", "00000000-0000-0000-0000-000000000000", "https://elsewhere.example/",
         "//elsewhere.example", "http://[", "javascript:alert(1)", "{{ 7*7 }}", "%s%n", "é" * 300, "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "\U0010ffff", "\ue000", "on", "fr", "2"]  # fmt: skip
RAW = ["%00", "%FF", "%ED%A0%80", "%C3%28", "%", "%zz", "%2e%2e%2f", "%E2%80%AE", "a%00b", "%F4%90%80%80", "%0d%0a", "%20", "+"]
# Given by Hypothesis for each pass, beside the words above.
STRANGE = st.one_of(st.text(max_size=40), st.integers().map(str), st.floats().map(str), st.dates().map(str), st.uuids().map(str))
FILES = {
    "empty.pdf": b"", "not.pdf": b"MZ\x90\x00", "cut.pdf": b"%PDF-1.7\n1 0 obj<<", "cut.xlsx": b"PK\x03\x04" + b"\x00" * 60, "x.csv": b"\xff\xfe\x00;\n" * 9,
    "wide.csv": b";" * 5000, "quote.csv": b'"open;\n1;2', "nul.csv": b"a;b\n\x00;\x00", "x.json": b"[" * 3000, "\u202efdp.exe": b"x", "x" * 200: b"x",
    "x.png": b"\x89PNG\r\n\x1a\n", "../../up.pdf": b"%PDF-1.4", "utf16.csv": "é;1".encode("utf-16"), "text.csv": b"ICE;Nom\n" + b"9" * 400 + b";\xe9",
}  # fmt: skip
TYPES = ["application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "",
         "application/x-www-form-urlencoded; charset=nonsense", "application/x-www-form-urlencoded; charset=utf-16", "application/xml",
         "multipart/form-data; boundary=\x00", "a/b; charset=\""]  # fmt: skip
BODIES = [b"", b"{", b'{"a": "\\ud800"}', b"[1,", b"\xff\xfe", b"a=%ED%A0%80&b=%00", b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1", b"&&==&", b"null",
          b"--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\x00\"\r\n\r\n1\r\n--x--\r\n", b"a=1&" * 50]  # fmt: skip
HEADERS = [{}, {}, {}, {"HTTP_ACCEPT": "application/json"}, {"HTTP_HX_REQUEST": "true"}, {"HTTP_ACCEPT_LANGUAGE": "ar\u00e9,;q=x"},
           {"HTTP_COOKIE": "portal_language=xx; sessionid=%00; csrftoken=\u00e9"}, {"HTTP_IF_MODIFIED_SINCE": "yesterday"},
           {"HTTP_RANGE": "bytes=-1-9"}, {"HTTP_REFERER": "http://["}, {"HTTP_X_REQUEST_ID": "x\u202e" * 50}]  # fmt: skip


@dataclass
class Form:
    """A form as a page shows it: who was shown it, where it goes, and {name: values} with the names of its files apart."""

    visitor: str
    action: str
    values: dict = field(default_factory=dict)
    files: set = field(default_factory=set)


class FormReader(HTMLParser):
    """Collects the forms of a page that are sent by POST."""

    def __init__(self, visitor, path):
        super().__init__()
        self.visitor, self.path, self.forms, self.form, self.select = visitor, path, [], None, None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.form = Form(self.visitor, given.get("action") or self.path) if (given.get("method") or "").lower() == "post" else None
            self.forms += [self.form] if self.form else []
        if self.form is None:
            return
        name = given.get("name")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            if "selected" in given or self.select not in self.form.values:
                self.form.values[self.select] = [given.get("value") or ""]
        elif name and given.get("type") == "file":
            self.form.files.add(name)
        elif name and tag in ("input", "textarea", "button"):
            self.form.values.setdefault(name, []).append(given.get("value") or "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        if tag == "select":
            self.select = None


def forms_of(visitor: str, path: str, content: bytes) -> list[Form]:
    reader = FormReader(visitor, path)
    reader.feed(content.decode(errors="replace"))
    return reader.forms


def name_of(path: str) -> str:
    """Full name of the address a form goes to; "" when there is none."""
    try:
        return resolve(path.partition("?")[0].partition("#")[0]).view_name
    except Resolver404:
        return ""


class Chance(random.Random):
    """One pass: what Hypothesis gave for it, taken in an order of its own."""

    def __init__(self, seed, texts):
        super().__init__(seed)
        self.texts = [*WORDS, *NUMBERS, *texts, *texts]

    def text(self) -> str:
        return self.choice(self.texts)

    def quoted(self, longest=1000) -> str:
        """For an address: now and then bytes that are no text."""
        return self.choice(RAW) if self.random() < 0.2 else quote(self.text()[:longest], safe="")

    def some(self, names, most) -> list:
        return self.sample(names, min(len(names), self.randint(0, most)))


def changed(form: Form, chance: Chance) -> dict:
    """What is sent for a form: some of its fields missing, some strange, counts of rows beyond any table, files that are none."""
    sent = {name: values for name, values in form.values.items() if name != "csrfmiddlewaretoken"}
    known = sorted({*sent, *form.files}) or list(names_asked_for())
    for name in chance.some(known, 6):
        sent[name] = [chance.text() for _time in range(chance.choice((1, 1, 2)))]
    for name in chance.some(sorted(sent), chance.choice((0, 3))):
        sent.pop(name)
    for name in chance.some(names_asked_for(), 3):
        sent.setdefault(name, [chance.text()])
    counts = sorted(name for name in sent if name.endswith("_FORMS"))
    if counts and chance.random() < 0.5:
        sent[chance.choice(counts)] = [chance.choice(NUMBERS)]
    for name in sorted(form.files):
        if chance.random() < 0.75:
            label = chance.choice(sorted(FILES))
            sent[name] = [SimpleUploadedFile(label, FILES[label], chance.choice(["application/pdf", "text/csv", "x"]))]
    return sent


def query(chance: Chance) -> str:
    """Names that views ask for, or that nobody does, each with something strange."""
    names = [*chance.some(names_asked_for(), 4), *([chance.text()[:20]] if chance.random() < 0.2 else [])]
    return "&".join(f"{quote(name, safe='')}={chance.quoted()}" for name in names)


def encoded(sent: dict) -> bytes:
    return urlencode(sent, doseq=True, encoding="utf-8", errors="surrogatepass").encode()
