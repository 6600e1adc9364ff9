"""DPTC reads one application (S2): the dossier as deposited, its files, verdicts and history; who is responsible."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clusters_portal.lib import clock

from ..filters import WorklistFilter, officers, received_by
from ..forms.pieces import PiecesPart
from ..models import Message
from ..permissions import can_ask_complement, can_assign, can_check_admissibility, can_receive_paper
from ..queries import closed_files, noting_closed_files, paper_state, submitted_applications, unread_counts
from ..recap import sections_of
from ..services.admissibility_acts import check_of
from ..services.assignees import assign
from ..snapshots import findings_from, verdicts_from
from ..steps import STEPS
from ..timeline import STAFF, timeline_of
from .own import standing_complements
from .worklist import query_of

PIECES = next(part.key for step in STEPS for part in step.parts if isinstance(part, PiecesPart))


@require_safe
@login_required
def reading(request, pk):
    application = get_object_or_404(noting_closed_files(submitted_applications(request.user)), pk=pk)
    deposit = application.current_deposit
    content = deposit.content
    sections = sections_of(content, application.call)
    previous, following, position, total = _neighbours(request, application)
    context = {
        "application": application,
        "deposit": deposit,
        "content": content,
        "sections": sections,
        "documents": next(block.documents for section in sections for block in section.blocks if block.key == PIECES),
        "closed": closed_files(request.user, application, content["documents"]),
        "verdicts": verdicts_from(content),
        "findings": [finding for finding in findings_from(content) if finding.level == "warn"],
        "paper": paper_state(application),
        "can_receive": bool(can_receive_paper(request.user, application)),
        "check": check_of(deposit),
        "can_decide": bool(can_check_admissibility(request.user, application)),
        "officers": officers() if can_assign(request.user, application) else [],
        "events": timeline_of(application, audience=STAFF, now=clock.now()),
        "query": query_of(request),
        "complement": standing_complements([application]).get(pk),
        "can_ask_complement": bool(can_ask_complement(request.user, application)),
        "unread_messages": unread_counts(request.user, [pk], side=Message.Side.DPTC).get(pk, 0),
        "previous": previous,
        "following": following,
        "position": position,
        "total": total,
    }
    return render(request, "applications/staff/reading.html", context)


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
        assign(application=application, assignee=officer, actor=request.user)
        messages.success(request, _("The responsible case officer has been recorded."))
    query = query_of(request)
    return redirect(reverse("applications:reading", args=[pk]) + (f"?{query}" if query else ""))


def _neighbours(request, application):
    """The applications before and after in the filtered list, the place of this one and how many there are."""
    pks = list(WorklistFilter(request.GET, queryset=received_by(request.user)).qs.values_list("application_id", flat=True))
    if application.pk not in pks:
        return None, None, None, len(pks)
    at = pks.index(application.pk)
    return (pks[at - 1] if at else None, pks[at + 1] if at + 1 < len(pks) else None, at + 1, len(pks))
