"""DPTC's work list (S1)."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clusters_portal.accounts.roles import has_role

from .. import reference
from ..filters import WorklistFilter, received_by
from ..models import Message
from ..queries import READERS_OF_SUBMITTED, paper_states, unread_counts
from .own import standing_complements

PAGE = 50
COLUMNS = (
    ("number", _("Number")),
    ("name", _("Association")),
    ("received", _("Received on")),
    ("status", _("Status")),
    ("region", _("Region")),
    ("sector", _("Sector")),
    ("assignee", _("Case officer")),
)


@require_safe
@login_required
def worklist(request):
    if not has_role(request.user, *READERS_OF_SUBMITTED):
        raise Http404
    listed = WorklistFilter(request.GET, queryset=received_by(request.user))
    page = Paginator(listed.qs, PAGE).get_page(request.GET.get("page"))
    papers = paper_states([deposit.application for deposit in page])
    context = {
        "page": page,
        "rows": [
            (deposit, reference.region_name(deposit.region), reference.section_name(deposit.nma_section), papers[deposit.application_id])
            for deposit in page
        ],
        "complements": standing_complements([deposit.application for deposit in page]),
        "unread": unread_counts(request.user, [deposit.application_id for deposit in page], side=Message.Side.DPTC),
        "filter": listed,
        "is_filtered": any(request.GET.get(name) for name in listed.form.fields if name != "sort"),
        "chips": [_chip(request, *line) for line in listed.status_counts()],
        "columns": [_column(request, *column) for column in COLUMNS],
        "query": query_of(request),
    }
    return render(request, "applications/staff/worklist.html", context)


def query_of(request, **changes) -> str:
    """The present filters as a query string, without the page. None removes a parameter."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query[name] = value or ""
    return "&".join(part for part in query.urlencode().split("&") if not part.endswith("="))


def _chip(request, code, label, count):
    return {"label": label, "count": count, "query": query_of(request, status=code), "current": request.GET.get("status", "") == code}


def _column(request, name, label):
    """Header of a column: its link sorts upwards, then downwards."""
    sort = request.GET.get("sort") or "number"
    descending = sort == name
    direction = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    return {"label": label, "query": query_of(request, sort=f"-{name}" if descending else name), "direction": direction}
