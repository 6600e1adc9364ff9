"""The pages of a file as pictures, and the panel that shows them beside a dossier."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from applications.permissions import can_open
from applications.services.reading import note_reading
from clusters_portal.lib.page_images import MAX_PAGES, PageUnreadable, page_png
from clusters_portal.lib.uploads import signed_url

from .documents import readable_document


@require_safe
@login_required
def document_download(request, pk):
    """The original file, always as an attachment. DPTC opens the files of the deposit, never those taken out before it,
    and only once they are known to be clean."""
    return file_of(request, readable_document(request.user, pk))


@require_safe
@login_required
def document_page(request, pk, number):
    """One page of a file, drawn by the portal: what was sent never reaches the browser inline."""
    return page_of(request, readable_document(request.user, pk), number)


def page_of(request, document, number) -> HttpResponse:
    """The picture of a page for someone who may see the dossier. Journals the reading. Raises PermissionDenied, Http404."""
    _open_or_403(request.user, document)
    if not 1 <= number <= min(document.pages or 1, MAX_PAGES):
        raise Http404
    try:
        content = page_png(document.file, mime=document.content_type, sha256=document.sha256, number=number)
    except (PageUnreadable, FileNotFoundError):
        raise Http404 from None
    _note(request, document, by_page=True)
    return _private(HttpResponse(content, content_type="image/png", headers={"Content-Disposition": "inline"}))


def file_of(request, document) -> HttpResponseBase:
    """The original, always as an attachment, for someone who may see the dossier. Journals it. Raises PermissionDenied, Http404.

    On S3 the store itself sends it, by an address signed for this file and a minute: no thread of ours waits for a slow line.
    """
    _open_or_403(request.user, document)
    if settings.S3_SIGNED_URLS and request.method == "GET":
        _note(request, document)
        return _private(redirect(signed_url(document.file, name=document.original_name, content_type=document.content_type)))
    try:
        content = document.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    _note(request, document)
    return _private(FileResponse(content, as_attachment=True, filename=document.original_name, content_type=document.content_type))


def _open_or_403(user, document):
    permission = can_open(user, document)
    if not permission:
        raise PermissionDenied(permission.reason)


def _note(request, document, **values):
    if request.method == "GET":  # a mere question about the file opens nothing
        note_reading(document=document, actor=request.user, **values)


def _private(response):
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def panel_of(request, pieces, closed, *, page_url, file_url) -> dict:
    """The `panel` of a page that shows a dossier: which file is open, at which page (`?piece=<id>&page=<n>`).

    `pieces`: [(label of the piece, file of the snapshot)]; `closed`: {id: why it does not open}. `page_url(id, n)` and
    `file_url(id)` are the addresses of this floor. `address` opens another file once its id is added to it.
    """
    kept = {name: value for name, value in request.GET.items() if name not in ("piece", "page")}
    address = f"{request.path}?{urlencode({**kept, 'piece': ''})}"
    panel = {"address": address, "close": request.path + (f"?{urlencode(kept)}" if kept else ""), "file": None}
    label, file = next((each for each in pieces if each[1]["id"] == request.GET.get("piece")), ("", None))
    if file is None:
        return panel
    pages = min(file.get("pages") or 1, MAX_PAGES)
    asked = request.GET.get("page", "")
    number = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 6 else 1
    return panel | {
        "file": file, "label": label, "number": number, "pages": pages, "reason": closed.get(file["id"], ""),
        "image": page_url(file["id"], number), "download": file_url(file["id"]),
        "previous": f"{address}{file['id']}&page={number - 1}" if number > 1 else "",
        "following": f"{address}{file['id']}&page={number + 1}" if number < pages else "",
        "is_cut": (file.get("pages") or 1) > pages,
    }  # fmt: skip
