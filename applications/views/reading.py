"""DPTC reads one application (S2): the dossier as deposited, its files, verdicts and history; who is responsible."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clusters_portal.lib import clock

from ..filters import officers
from ..forms.desk import NoteForm
from ..forms.pieces import PiecesPart
from ..models import Message
from ..permissions import can_annotate, can_ask_complement, can_assign, can_check_admissibility, can_receive_paper
from ..queries import closed_files, noting_closed_files, paper_state, submitted_applications
from ..queries.desk import labels_for
from ..queries.messages import counting_unread
from ..recap import sections_of
from ..services.assignees import AssignmentRefused, assign
from ..snapshots import findings_from, verdicts_from
from ..steps import STEPS
from ..timeline import STAFF, timeline_of
from .own import standing_complements
from .pages import panel_of
from .worklist import listed_address, listed_for, query_of

PIECES = next(part.key for step in STEPS for part in step.parts if isinstance(part, PiecesPart))


@require_safe
@login_required
def reading(request, pk):
    return page_of_reading(request, pk)


def page_of_reading(request, pk, *, status=200, note_form=None):
    """One application as it was deposited, between its neighbours in the list; a refused note is shown again as typed."""
    application = _read_or_404(request.user, pk)
    deposit = application.current_deposit
    content = deposit.content
    sections = sections_of(content, application.call)
    documents = next(block.documents for section in sections for block in section.blocks if block.key == PIECES)
    closed = closed_files(request.user, application, content["documents"])
    listed = listed_for(request)
    previous, following, position, total = _neighbours(listed, application)
    context = {
        "application": application,
        "deposit": deposit,
        "content": content,
        "sections": sections,
        "documents": documents,
        "closed": closed,
        "panel": _panel(request, documents, closed),
        "verdicts": verdicts_from(content),
        "findings": [finding for finding in findings_from(content) if finding.level == "warn"],
        "query": query_of(request),
        "previous": previous,
        "following": following,
        "position": position,
        "total": total,
        **_desk(request.user, application, note_form, listed),
    }
    return render(request, "applications/staff/reading.html", context, status=status)


def _panel(request, documents, closed) -> dict:
    return panel_of(
        request, [(piece.label, file) for piece in documents for file in piece.files], closed,
        page_url=lambda file, number: reverse("applications:document_page", args=[file, number]),
        file_url=lambda file: reverse("applications:document_download", args=[file]),
    )  # fmt: skip


def _read_or_404(user, pk):
    """The application with its files' state, its unread messages and its last deposit with the check: two queries."""
    found = counting_unread(noting_closed_files(submitted_applications(user)), user, side=Message.Side.DPTC, key="pk")
    application = get_object_or_404(found, pk=pk)
    people = (f"admissibility__{who}" for who in ("checked_by", "proposed_by", "validated_by"))
    application.current_deposit = application.deposits.select_related(*people).order_by("-sequence").first()
    return application


def _desk(user, application, note_form, listed) -> dict:
    """What stands beside the text: who is responsible, notes, labels, what was asked, decided and received."""
    pk, may_annotate = application.pk, bool(can_annotate(user))
    return {
        "paper": paper_state(application),
        "can_receive": bool(can_receive_paper(user, application)),
        "check": getattr(application.current_deposit, "admissibility", None),
        "can_decide": bool(can_check_admissibility(user, application)),
        "officers": listed.officers if can_assign(user, application) else [],
        "events": timeline_of(application, audience=STAFF, now=clock.now()),
        "complement": standing_complements([application]).get(pk),
        "can_ask_complement": bool(can_ask_complement(user, application)),
        "unread_messages": application.unread,
        "may_annotate": may_annotate,
        "labels": labels_for(application),
        "notes": application.notes.select_related("author"),
        "note_form": note_form or (NoteForm() if may_annotate else None),
    }


@login_required
@require_POST
def assign_officer(request, pk):
    application = get_object_or_404(submitted_applications(request.user), pk=pk)
    permission = can_assign(request.user, application)
    if not permission:
        raise PermissionDenied(permission.reason)
    chosen = request.POST.get("assignee", "")
    officer = next((each for each in officers() if str(each.pk) == chosen), None)
    if chosen and officer is None:
        messages.error(request, _("This person cannot be responsible for an application. Nothing was changed."))
    else:
        try:
            assign(application=application, assignee=officer, actor=request.user)
            messages.success(request, _("The responsible case officer has been recorded."))
        except AssignmentRefused as refused:
            messages.error(request, str(refused))
    return redirect(listed_address(request, "reading", pk))


def _neighbours(listed, application):
    """The applications before and after in the filtered list, the place of this one and how many there are."""
    pks = list(listed.qs.values_list("application_id", flat=True))
    if application.pk not in pks:
        return None, None, None, len(pks)
    at = pks.index(application.pk)
    return (pks[at - 1] if at else None, pks[at + 1] if at + 1 < len(pks) else None, at + 1, len(pks))
