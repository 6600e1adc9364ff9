"""The archive of a call (S9): a page that says what it holds, and the ZIP, written while it is sent."""

from django.contrib.auth.decorators import login_required
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from clusters_portal.lib import clock
from evaluation.exports_archive import archive_of, contents_of
from evaluation.queries.dashboard import calls_to_archive
from evaluation.services import archive as service
from evaluation.views.scope import call_or_404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request, slug):
    """What the archive holds, how large it may be, and those already taken; sending the form downloads it."""
    call = call_or_404(calls_to_archive(request.user), slug)
    if request.method != "POST":
        context = {"call": call, "contents": contents_of(call), "archives": service.sealed_archives(call)}
        return render(request, "evaluation/archive.html", context)
    moment, actor = clock.now(), request.user
    service.note_archive(call=call, actor=actor)
    chunks = archive_of(
        call,
        user=actor,
        now=moment,
        language=get_language(),
        verify_url=lambda number: request.build_absolute_uri(reverse("applications:verify", args=[number])),
        at_end=lambda sha256, entries, left_out: service.note_seal(
            call=call, actor=actor, sha256=sha256, entries=entries, left_out=left_out
        ),
    )
    headers = {
        "Content-Disposition": f'attachment; filename="archive-{call.slug}-{clock.local(moment):%Y-%m-%d-%Hh%M}.zip"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "X-Accel-Buffering": "no",  # a proxy that waits for the end would hide the progress
    }
    return StreamingHttpResponse(chunks, content_type="application/zip", headers=headers)
