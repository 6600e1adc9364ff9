"""A refusal is a page in the reader's language, with the reference of its request and nothing of the server."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.test import Client
from django.urls import path
from django.views.decorators.http import require_POST

from clusters_portal import urls as portal
from clusters_portal.errors import TOO_MUCH

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
SECRET = "select * from secret"


def raising(error):
    def view(request):
        raise error

    return view


def form(request):
    return raising(Http404)(request) if request.POST.get("a") else None


ERRORS = {
    400: SuspiciousOperation(SECRET),
    403: PermissionDenied(),
    404: Http404(SECRET),
    500: RuntimeError(SECRET),
    413: TOO_MUCH[0](SECRET),
}
handler400, handler403, handler404, handler500 = portal.handler400, portal.handler403, portal.handler404, portal.handler500
urlpatterns = [
    *portal.urlpatterns,
    *(path(f"fails/{status}/", raising(error)) for status, error in ERRORS.items()),
    path("fails/405/", require_POST(raising(Http404()))),
    path("form/", form),
]


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 500])
def test_page_of_a_refusal(status, language):
    client = Client(raise_request_exception=False)
    client.cookies["portal_language"] = language
    answer = client.get(f"/fails/{status}/")
    page = answer.content.decode()
    assert answer.status_code == status
    assert (f'lang="{language}"' in page, "<h1>" in page, SECRET in page, "Traceback" in page) == (True, True, False, False)
    assert answer.headers["Content-Security-Policy"]
    assert page.partition("data-request-id>")[2].partition("<")[0]
    if status == 405:
        assert answer.headers["Allow"] == "POST"


def test_two_requests_have_two_references():
    pages = [Client().get("/fails/404/").content.decode() for _time in range(2)]
    first, second = (page.partition("data-request-id>")[2].partition("<")[0] for page in pages)
    assert len({first, second}) == 2


def test_scripts_are_told_in_json():
    client = Client(raise_request_exception=False, headers={"accept": "application/json"})
    answers = {status: client.get(f"/fails/{status}/") for status in (404, 413)}
    assert {status: answer.json()["reason"] for status, answer in answers.items()} == {404: "not_found", 413: "too_large"}
    assert client.get("/fails/405/").content == b""


@pytest.mark.parametrize("limit", ["DATA_UPLOAD_MAX_NUMBER_FIELDS", "DATA_UPLOAD_MAX_MEMORY_SIZE"])
def test_too_much_sent_says_so(settings, limit):
    setattr(settings, limit, 1)
    assert Client().post("/form/", {"b": "1", "c": "2"}).status_code == 413
