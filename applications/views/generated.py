"""The papers of a dossier to print, sign, stamp and send back: the page that lists them, and the PDFs."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.models import Document
from applications.pdf.papers import KIND_OF_PIECE, KINDS, LANGUAGES, content_of, generated_pdf
from applications.permissions import can_edit, role_on
from applications.queries import Dossier, applications_visible_to, closed_files
from applications.snapshots import is_changed
from clusters_portal.lib.bilingual import localized

from .own import frame


@dataclass(frozen=True)
class Line:
    """A paper of the list: its piece, the signed copies received, whether answers changed after the last of them."""

    kind: object
    piece: object
    files: list
    outdated: bool


@require_safe
@login_required
def to_sign(request, pk):
    """What to print, sign, stamp and upload, and where each paper stands."""
    application = get_object_or_404(applications_visible_to(request.user), pk=pk)
    mine = bool(role_on(request.user, application))
    editable = mine and bool(can_edit(request.user, application))
    changed = editable and is_changed(Dossier(application))
    preparing = application.is_draft or changed
    lines = _lines(application, preparing)
    context = {
        **frame(application, changed=changed),  # what is not deposited is not said to DPTC
        "lines": lines,
        "closed": closed_files(request.user, application, [{"id": file.pk} for line in lines for file in line.files]),
        "mine": mine,
        "editable": editable,
        "preparing": preparing,
        "name": application.association if mine else localized(application.current_deposit, "name"),
    }
    return render(request, "applications/dossier/generated.html", context)


@require_safe
@login_required
def generated(request, pk, kind, lang):
    """One paper in one language: the draft as it stands, what was frozen once it is deposited.

    Who changes a deposited dossier prints what he is about to deposit.
    """
    application = get_object_or_404(applications_visible_to(request.user), pk=pk)
    if kind not in KINDS or lang not in LANGUAGES:
        raise Http404
    content = content_of(application, preparing=bool(can_edit(request.user, application)))
    name = f"{kind}-{content['application'].get('number') or 'brouillon'}-{lang}.pdf"
    return HttpResponse(
        generated_pdf(KINDS[kind], content, application.call, lang=lang),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _lines(application, preparing) -> list:
    """One line for each piece of the call that is the signed copy of a paper."""
    files = {}
    for document in _documents(application, preparing):
        files.setdefault(document.requirement_id, []).append(document)
    saved = {state.slug: state.saved_at for state in application.step_states.all()} if preparing else {}
    return [
        Line(kind, piece, copies := files.get(piece.pk, []), _is_outdated(kind, copies, saved))
        for piece in application.call.document_requirements.all()
        if (kind := KIND_OF_PIECE.get(piece.code))
    ]


def _documents(application, preparing):
    """The files that count: those of the draft, or those of the deposit."""
    if preparing or application.current_deposit is None:
        return application.documents.filter(replaced_at=None)
    return Document.objects.filter(pk__in=[kept["id"] for kept in application.current_deposit.content["documents"]])


def _is_outdated(kind, files, saved):
    changes = [moment for slug, moment in saved.items() if slug in kind.reads]
    return bool(files and changes) and max(changes) > max(file.uploaded_at for file in files)
