"""What happened to one's dossier (A13), and everything of it in one file (A15)."""

from django.contrib.auth.decorators import login_required
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from applications.exports.archive import archive_of, contents_of
from applications.services.archive import note_archive
from applications.timeline import APPLICANTS, timeline_of
from clusters_portal.lib import clock

from .own import frame, own_or_404


@require_safe
@login_required
def timeline(request, pk):
    """What happened, the latest first, as far as it concerns the people of the dossier."""
    application = own_or_404(request.user, pk)
    events = timeline_of(application, audience=APPLICANTS, now=clock.now())
    return render(request, "applications/dossier/timeline.html", {**frame(application), "events": events})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request, pk):
    """What the ZIP holds and how large it may be; sending the form downloads it, written while it is sent."""
    application = own_or_404(request.user, pk)
    contents = contents_of(application)
    if request.method != "POST":
        return render(request, "applications/dossier/archive.html", {**frame(application), "contents": contents})
    note_archive(application=application, contents=contents, actor=request.user)
    chunks = archive_of(
        application,
        user=request.user,
        now=clock.now(),
        language=get_language(),
        verify_url=lambda number: request.build_absolute_uri(reverse("applications:verify", args=[number])),
    )
    headers = {
        "Content-Disposition": f'attachment; filename="dossier-{application.number or str(application.pk)[:8].upper()}.zip"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "X-Accel-Buffering": "no",  # a proxy that waits for the end would hide the progress
    }
    return StreamingHttpResponse(chunks, content_type="application/zip", headers=headers)
