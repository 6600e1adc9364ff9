"""The counter (S4): find a deposited dossier, record its paper file. At closing time there is a queue: one field, one form, one button."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters_portal.accounts.roles import has_role
from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text

from ..filters import received_by
from ..forms.counter import PaperForm
from ..models import Deposit
from ..pdf.papers import SHORT, fingerprint_of
from ..permissions import AT_THE_COUNTER, can_receive_paper, can_scan
from ..queries import deposit_on_paper, paper_states, submitted_applications
from ..queries.counter import acknowledgement_named, calls_at_counter, found_at_counter, papers_of_day, papers_to_countersign
from ..queries.paper import MISSING, paper_state
from ..services.counter import Checklist, CounterRefused, RegisterEntry, receive

LONGEST = 200


@require_safe
@login_required
def counter(request):
    """One field: a number, a scan, a name. A single match opens at once."""
    if not has_role(request.user, *AT_THE_COUNTER):
        raise Http404
    applications, deposits = submitted_applications(request.user), received_by(request.user)
    text = clean_text(request.GET.get("q", ""), multiline=False)[:LONGEST]
    acknowledgement = acknowledgement_named(applications, text)
    if acknowledgement:
        return redirect("applications:acknowledgement", acknowledgement.receipt_number)
    found = found_at_counter(deposits, text) if text else []
    if len(found) == 1:
        return redirect("applications:counter_record", found[0].application_id)
    states = paper_states([deposit.application for deposit in found])
    papers = papers_of_day(applications, clock.today())
    context = {
        "q": text, "found": [(deposit, states[deposit.application_id]) for deposit in found], "papers": papers,
        "late": sum(paper.is_late for paper in papers), "to_countersign": papers_to_countersign(applications),
        "calls": [_line(*call) for call in calls_at_counter(deposits, clock.now())], "today": clock.today(),
    }  # fmt: skip
    return render(request, "applications/counter/counter.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def counter_record(request, pk):
    """The checklist of one paper file; recording it leads to its acknowledgement, and so does a second click."""
    application = get_object_or_404(submitted_applications(request.user), pk=pk)
    if not has_role(request.user, *AT_THE_COUNTER):
        raise PermissionDenied(can_receive_paper(request.user, application).reason)
    deposit = deposit_on_paper(application)
    compare = deposit.kind == Deposit.Kind.ONLINE
    form, status = PaperForm(request.POST or None, compare=compare, initial={"seen": deposit.sequence}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return redirect("applications:acknowledgement", _received(application, form, request.user).receipt_number)
            except CounterRefused as refusal:
                form.refuse(refusal.errors)
                form.compare_again(deposit.sequence)
                status = 409
    return render(request, "applications/counter/record.html", _context(request, application, deposit, form, compare), status=status)


def _received(application, form, actor):
    seen = form.cleaned_data["seen"]
    return receive(application=application, checklist=checklist_of(form), register=register_of(form), actor=actor, seen=seen)


def checklist_of(form) -> Checklist:
    return Checklist(**form.checklist())


def register_of(form) -> RegisterEntry | None:
    entry = form.register()
    return RegisterEntry(*entry) if entry else None


def _context(request, application, deposit, form, compare):
    state = paper_state(application)
    replaced = application.paper_deposits.exclude(deposit=deposit).order_by("-entered_at").first() if state.code == MISSING else None
    return {
        "application": application,
        "call": application.call,
        "deposit": deposit,
        "form": form,
        "state": state,
        "replaced": replaced,
        "permission": can_receive_paper(request.user, application),
        "can_scan": bool(can_scan(request.user, application)),
        "short": fingerprint_of(deposit.content)[:SHORT] if compare else "",
        "is_late": application.call.is_closed(clock.now()),
        "records": not state.is_accepted and (state.paper is None or not state.paper.is_effective),
    }


def _line(call, counts):
    """A call of the counter's page: how many dossiers wait for their paper, how many papers came."""
    total = sum(counts.values())
    return {
        "call": call, "total": total, "missing": counts[MISSING], "received": total - counts[MISSING],
        "is_open": call.is_open(clock.now()), "label": _("Open") if call.is_open(clock.now()) else _("Closed"),
    }  # fmt: skip
