"""Somebody with a browser that has no script: pages over HTTPS through nginx, forms as they stand in the page, redirects followed."""

import base64
import hmac
import re
import struct
import time
from urllib.parse import urljoin, urlsplit

import requests
import tinyhtml5

HOST = "clusters.example.gov.ma"
CONTROLS = ("input", "select", "textarea", "button")
MOVED = {301, 302, 303, 307, 308}


class Page:
    """An answer: `status`, `path`, `text`, `headers`, `content`, and its forms."""

    def __init__(self, answer, path):
        self.status, self.path, self.headers, self.content = answer.status_code, path, answer.headers, answer.content
        self.raw = answer.raw.headers  # as they came, each as often
        self.text = answer.text if "text/html" in answer.headers.get("content-type", "") else ""

    def form(self, *, action="", field=""):
        """The first form whose address begins or ends with `action` and that has a field of this name."""
        for element in tinyhtml5.parse(self.text, namespace_html_elements=False).iter("form"):
            found = Form(element, self.path)
            path = urlsplit(found.action).path
            if (path.endswith(action) or path.startswith(action)) and (not field or field in found.names):
                return found
        raise AssertionError(f"{self.path} ({self.status}) has no form {action!r} with {field!r}: {self.words()[:1500]}")

    def words(self) -> str:
        """What a reader sees, on one line."""
        shown = re.sub(r"(?s)<(script|style|head|nav|header|footer).*?</\1>", " ", self.text)
        return " ".join(re.sub(r"(?s)<[^>]+>", " ", shown).split())


class Form:
    """A form with what its page put in it: `values` is a list of (name, value), `names` those of all its controls."""

    def __init__(self, element, path):
        self.action, self.values, self.names = urljoin(path, element.get("action") or path), [], set()
        for control in element.iter():
            name, kind = control.get("name"), (control.get("type") or "text").lower()
            if name and control.tag in CONTROLS:
                self.names.add(name)
                self.values += [(name, value) for value in _sent(control, kind)]

    def filled(self, values: dict) -> list:
        """What is sent once these are typed; a list is several values, None takes the field out."""
        kept = [(name, value) for name, value in self.values if name not in values]
        for name, value in values.items():
            kept += [(name, one) for one in (value if isinstance(value, (list, tuple)) else [value]) if one is not None]
        return kept


def _sent(control, kind):
    if control.tag == "button" or kind in ("submit", "button", "file", "image", "reset"):
        return []
    if control.tag == "textarea":
        return ["".join(control.itertext()).removeprefix("\n")]
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None] or (
            [] if control.get("multiple") is not None else options[:1]
        )
        return [option.get("value", "".join(option.itertext()).strip()) for option in chosen]
    if kind in ("checkbox", "radio"):
        return [control.get("value", "on")] if control.get("checked") is not None else []
    return [control.get("value", "")]


class Person:
    """One browser profile. `base` is where nginx listens; `certificate` is the file it is known by."""

    def __init__(self, base, certificate, email=""):
        self.base, self.email, self.password, self.secret = base, email, "", ""
        self.line = requests.Session()
        self.line.verify, self.line.trust_env = certificate, False  # whatever proxy or authority this machine is set to
        self.line.headers.update({"Host": HOST, "Origin": f"https://{HOST}", "Accept": "text/html"})
        self.line.cookies.set("portal_language", "fr")

    def ask(self, method, path, *, expect=200, **options) -> Page:
        """One request and the redirects after it; `expect` is the status at the end, None for any."""
        for _hop in range(6):
            answer = self.line.request(method, self.base + path, allow_redirects=False, timeout=90, **options)
            target = urlsplit(urljoin(f"https://{HOST}{path}", answer.headers.get("location", "")))
            if answer.status_code not in MOVED or target.hostname != HOST:
                break
            method, path, options = "GET", target.path + (f"?{target.query}" if target.query else ""), {}
        page = Page(answer, path)
        if path.startswith("/compte/reauthenticate/"):
            return self._prove(page, expect)
        assert expect in (None, page.status), f"{method} {path}: {page.status} instead of {expect}: {page.words()[:1500]}"
        return page

    def _prove(self, page, expect):
        """Before an act that binds the portal asks again who one is; then it goes on with the act."""
        form = page.form(field="password")
        return self.ask("POST", form.action, data=form.filled({"password": self.password}), expect=expect)

    def see(self, path, **options) -> Page:
        return self.ask("GET", path, **options)

    def send(self, page: Page, values=None, *, action="", field="", files=None, **options) -> Page:
        """Send a form of a page, with these values typed."""
        form = page.form(action=action, field=field)
        return self.ask("POST", form.action, data=form.filled(values or {}), files=files, **options)

    def sign_in(self, password) -> Page:
        self.password = password
        page = self.send(self.see("/compte/login/"), {"login": self.email, "password": password}, field="login")
        assert page.path != "/compte/login/", page.words()
        return page

    def add_second_factor(self) -> None:
        """What the portal asks of whoever holds a role: a telephone that shows six figures."""
        page = self.see("/compte/2fa/totp/activate/")
        self.secret = re.search(r"\b[A-Z2-7]{32}\b", page.text)[0]
        page = self.send(page, {"code": code_of(self.secret)}, field="code")
        assert "recovery-codes" in page.path or "2fa" in page.path, page.words()


def code_of(secret, at=None) -> str:
    """The six figures a telephone shows for a secret (RFC 6238)."""
    counter = struct.pack(">Q", int(at or time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
