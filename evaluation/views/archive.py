"""The archive of a call (S9): a page that says what it holds and how far it is, and the ZIP once it is ready."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from clusters_portal.lib import clock, ranges
from clusters_portal.lib.uploads import signed_url
from evaluation.exports_archive import contents_of
from evaluation.models import CallArchive
from evaluation.queries.dashboard import calls_to_archive
from evaluation.services import archive as service
from evaluation.services.refusals import Refused
from evaluation.views.scope import call_or_404

SHOWN = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request, slug):
    """What the archive holds, those asked for and their state; sending the form asks for a new one."""
    call = call_or_404(calls_to_archive(request.user), slug)
    refusal = ""
    if request.method == "POST":
        try:
            service.ask(call=call, actor=request.user, language=get_language())
            return redirect("evaluation:call_archive", slug=slug)
        except Refused as refused:
            refusal = refused.message
    archives = list(call.archives.select_related("asked_by", "call")[:SHOWN])
    now = clock.now()
    making = next((row for row in archives if row.state in row.MAKING and not row.is_quiet(now)), None)
    context = {"call": call, "contents": contents_of(call), "making": making, "refusal": refusal}
    context["past"] = [(row, row.is_quiet(now) or row.state == row.State.FAILED) for row in archives if row is not making]
    return render(request, "evaluation/archive.html", context, status=409 if refusal else 200)


@login_required
@require_safe
def download(request, slug, pk):
    """The finished ZIP, or the part of it a resumed download asks for. Journals who takes it, each time.

    On S3 the store itself sends it, whole or in parts, by an address signed for this file and a minute.
    """
    call = call_or_404(calls_to_archive(request.user), slug)
    found = get_object_or_404(call.archives.select_related("call"), pk=pk, state=CallArchive.State.READY)
    if settings.S3_SIGNED_URLS and request.method == "GET":
        service.note_taking(archive=found, actor=request.user)
        return redirect(signed_url(found.file, name=found.file_name, content_type="application/zip"))
    try:
        answer = ranges.response(
            request, found.file, name=found.file_name, size=found.size, content_type="application/zip", etag=f'"{found.sha256}"'
        )
    except FileNotFoundError:
        raise Http404 from None
    if request.method == "GET" and answer.status_code in (200, 206):
        service.note_taking(archive=found, actor=request.user)
    return answer
