"""A person at a browser, as far as the benchmarks need one: cookies, pages, and forms sent as they stand on the page."""

import http.client
import time
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from io import BytesIO
from urllib.parse import urlencode, urlsplit

TOKEN = "t" * 32  # a page accepts the token it finds in the cookie: any will do


class Form(HTMLParser):
    """The fields of the form of this id or class, as a browser would send them untouched: `fields` [(name, value)]."""

    def __init__(self, html: str, form_id: str):
        super().__init__()
        self.form_id, self.fields, self.inside, self.within, self.select = form_id, [], False, None, None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self.inside = self.form_id in (found.get("id"), *(found.get("class") or "").split())
        name = found.get("name")
        mine = (self.inside and "form" not in found) or found.get("form") == self.form_id
        if tag == "option" and self.select and "selected" in found:
            self.fields.append((self.select, found.get("value", "")))
        elif mine and name and "disabled" not in found:
            self._field(tag, name, found)

    def _field(self, tag, name, found):
        if tag == "textarea":
            self.within = name
            self.fields.append((name, ""))
        elif tag == "select":
            self.select = name
        elif tag == "input" and (found.get("type") not in ("checkbox", "radio", "file", "submit") or "checked" in found):
            self.fields.append((name, found.get("value") or ("on" if found.get("type") == "checkbox" else "")))

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.within = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data):
        if self.within:
            self.fields[-1] = (self.within, self.fields[-1][1] + data.removeprefix("\n"))


def sent(html: str, form_id: str, *, token: str = TOKEN, **typed) -> list:
    """The fields of a form with what a person changed in it, None to leave a field out; the token of the cookie comes along."""
    kept = [(name, value) for name, value in Form(html, form_id).fields if name not in typed and name != "csrfmiddlewaretoken"]
    return kept + [(name, value) for name, value in typed.items() if value is not None] + [("csrfmiddlewaretoken", token)]


class InProcess:
    """Somebody whose requests reach a WSGI handler of this very process: what they cost is what this process spends."""

    def __init__(self, handler, session_key: str):
        self.handler = handler
        self.cookies = f"sessionid={session_key}; csrftoken={TOKEN}"

    def ask(self, address: str, fields=None) -> tuple:
        """(status, headers, body) of a GET, or of a POST of these fields."""
        parts, body = urlsplit(address), urlencode(fields or []).encode()
        environ = {
            "REQUEST_METHOD": "GET" if fields is None else "POST", "PATH_INFO": parts.path, "QUERY_STRING": parts.query, "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "HTTP_COOKIE": self.cookies, "HTTP_ACCEPT": "text/html", "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/x-www-form-urlencoded",
        }  # fmt: skip
        answer = {}
        response = self.handler(environ, lambda status, headers: answer.update(status=int(status[:3]), headers=dict(headers)))
        content = b"".join(response)
        response.close()
        return answer["status"], answer["headers"], content.decode(errors="replace")


class Browser:
    """Somebody at the other end of the loopback: one connection per request, as a proxy in front of the server makes them."""

    def __init__(self, port: int, address: str):
        self.port, self.address, self.cookies = port, address, {"csrftoken": TOKEN}

    @property
    def token(self) -> str:
        return self.cookies["csrftoken"]

    def copy(self) -> "Browser":
        """Another window of the same session."""
        other = Browser(self.port, self.address)
        other.cookies = dict(self.cookies)
        return other

    def ask(self, address: str, fields=None) -> tuple:
        """(status, headers, body) of a GET, or of a POST of these fields; the cookies it sets are kept."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"X-Forwarded-For": self.address, "X-Request-Start": f"{time.time():.3f}"}  # what deploy/nginx.conf says of a visitor
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("GET" if fields is None else "POST", address, None if fields is None else urlencode(fields), headers)
            answer = connection.getresponse()
            body = answer.read().decode(errors="replace")
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status, answer.headers, body
