"""Reading a dossier and its files on this floor: evaluators after their declaration, the committee at deliberation, DPTC."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from applications.models import Document
from applications.queries import closed_files
from applications.recap import sections_of
from applications.services.admissibility_acts import check_of
from applications.views.admissibility import board_of, checked_lines
from applications.views.pages import file_of, page_of, panel_of
from clusters_portal.accounts.roles import COMMITTEE_ROLES, has_role
from evaluation import queries
from evaluation.views.commitments import after_commitment


def reading_context(user, application) -> dict:
    """The dossier as deposited, as this person may read it. Raises Http404 when nothing was deposited."""
    deposit = application.current_deposit
    if deposit is None:
        raise Http404
    content = deposit.content
    sections = sections_of(content, application.call)
    return {
        "application": application,
        "deposit": deposit,
        "sections": sections,
        "by_slug": {section.slug: section for section in sections},
        "documents": content.get("documents", []),
        "closed": closed_files(user, application, content.get("documents", [])),
        "piece_of": _piece_of(sections),
    }


def _piece_of(sections) -> dict[str, str]:
    """{id of a file: label of the piece it answers}: a file's own name often says nothing."""
    pieces = (piece for section in sections for block in section.blocks for piece in block.documents)
    return {file["id"]: piece.label for piece in pieces for file in piece.files}


@require_safe
@login_required
@after_commitment
def dossier(request, pk):
    """The whole dossier on one page."""
    application = get_object_or_404(queries.readable_applications(request.user).select_related("call", "association"), pk=pk)
    context = reading_context(request.user, application)
    pieces = [(context["piece_of"].get(file["id"], ""), file) for file in context["documents"]]
    panel = panel_of(
        request, pieces, context["closed"],
        page_url=lambda file, number: reverse("evaluation:document_page", args=[pk, file, number]),
        file_url=lambda file: reverse("evaluation:document", args=[pk, file]),
    )  # fmt: skip
    return render(request, "evaluation/dossier.html", {**context, "panel": panel, "reads_check": _reads_check(request.user, application)})


@require_safe
@login_required
def admissibility(request, pk):
    """The committee reads the check of recevabilité once the dossier is before it (evaluation.md 1.3)."""
    readable = queries.readable_applications(request.user).select_related("call", "association")
    application = get_object_or_404(readable, pk=pk)
    check = check_of(application.current_deposit) if _reads_check(request.user, application) else None
    if check is None or not check.is_validated:
        raise Http404
    context = {
        "application": application, "deposit": check.deposit, "check": check, "board": board_of(check.deposit),
        "lines": checked_lines(check, lambda file: reverse("evaluation:document", args=[pk, file])),
        "closed": closed_files(request.user, application, check.deposit.content["documents"]),
    }  # fmt: skip
    return render(request, "evaluation/admissibility.html", context)


def _reads_check(user, application) -> bool:
    """Members and chair, of a dossier before the committee; one who declared an interest does not get as far as this."""
    return has_role(user, *COMMITTEE_ROLES) and application.status in queries.BEFORE_COMMITTEE


@require_safe
@login_required
@after_commitment
def document(request, pk, document):
    """A clean file of the deposit, as an attachment."""
    return file_of(request, _document_or_404(request.user, pk, document))


@require_safe
@login_required
@after_commitment
def document_page(request, pk, document, number):
    """One page of a file of the deposit, as a picture."""
    return page_of(request, _document_or_404(request.user, pk, document), number)


def _document_or_404(user, pk, document):
    """A file of the deposit. Files added or replaced since the deposit are not part of it."""
    application = get_object_or_404(queries.readable_applications(user), pk=pk)
    deposit = application.current_deposit
    if deposit is None or str(document) not in {row["id"] for row in deposit.content.get("documents", [])}:
        raise Http404
    return get_object_or_404(Document.objects.select_related("application"), pk=document, application=application)
