"""DPTC's work list (S1): filters in the address, counts by status, columns and views of one's own."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clusters_portal.accounts.roles import has_role
from clusters_portal.lib import clock

from ..filters import WorklistFilter, received_by
from ..forms.desk import BatchForm, ViewForm
from ..models import Message
from ..permissions import can_annotate, can_share_views
from ..queries import READERS_OF_SUBMITTED
from ..queries.desk import list_rows, views_of, with_desk
from ..queries.messages import counting_unread
from ..services.batches import MOST

PAGE = 50
# The number and the name are always there; the others as each person chooses.
FIXED = (("number", _("Number")), ("name", _("Association")))
CHOSEN = (
    ("received", _("Received on")),
    ("status", _("Status")),
    ("doubts", _("Conformity")),
    ("paper", _("Paper file")),
    ("complement", _("Complement request")),
    ("region", _("Region")),
    ("sector", _("Sector")),
    ("call", _("Call")),
    ("labels", _("Labels")),
    ("assignee", _("Case officer")),
)
USUAL = ("received", "status", "region", "sector", "labels", "assignee")


class CountedPaginator(Paginator):
    """A paginator told how many rows there are, by who has counted them already."""

    def __init__(self, *args, counted, **kwargs):
        super().__init__(*args, **kwargs)
        self.counted = counted

    @cached_property
    def count(self):
        return self.counted


@require_safe
@login_required
def worklist(request):
    desk_or_404(request.user)
    return page_of_list(request)


def desk_or_404(user):
    """The desk is for those who read every submitted application; for anyone else it does not exist."""
    if not has_role(user, *READERS_OF_SUBMITTED):
        raise Http404


def page_of_list(request, *, status=200, ticked=(), batch=None, view_form=None):
    """The list under the filters of the address. What was ticked and typed is shown again with its errors."""
    listed = listed_for(request)
    wanted = counting_unread(with_desk(listed.qs, request.user), request.user, side=Message.Side.DPTC)
    page = CountedPaginator(wanted, PAGE, counted=listed.count()).get_page(request.GET.get("page"))
    deposits = list(page)
    page.object_list = deposits
    may_act, codes, applied = bool(can_annotate(request.user)), _codes(deposits), listed.applied()
    columns = [_column(request, *column) for column in (*FIXED, *CHOSEN) if column[0] in codes]
    in_use = [label for label in listed.labels.values() if label.is_active]
    context = {
        "page": page,
        "rows": list_rows(deposits, listed.labels, clock.now),
        "filter": listed,
        "is_filtered": bool(applied) or bool(request.GET.get("status")) or bool(listed.form.errors),
        "applied": [(label, value, query_of(request, **{name: None})) for name, label, value in applied],
        "tabs": [_tab(request, *line) for line in listed.status_counts()],
        "columns": columns,
        "cells": columns[len(FIXED) :],
        "codes": codes,
        "choices": CHOSEN,
        "query": query_of(request),
        "views": [(view, view.query == query_of(request)) for view in views_of(request.user)],
        "view_form": view_form or ViewForm(),
        "may_share": bool(can_share_views(request.user)),
        "may_act": may_act,
        "batch": batch or (BatchForm(officers=listed.officers, labels=in_use) if may_act else None),
        "ticked": set(ticked),
        "most": MOST,
    }
    return render(request, "applications/staff/worklist.html", context, status=status)


def listed_for(request) -> WorklistFilter:
    """The list this person asked for by the address, among what may be read."""
    return WorklistFilter(request.GET, queryset=received_by(request.user), user=request.user)


def query_of(request, **changes) -> str:
    """The present filters as a query string, without the page nor an open piece. None removes a parameter."""
    query = request.GET.copy()
    for name in ("page", "piece"):
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = value or ""
    return "&".join(part for part in query.urlencode().split("&") if not part.endswith("="))


def listed_address(request, name, *args) -> str:
    """Where an act leads back to: a page about one application of the list, with the list's filters."""
    query = query_of(request)
    return reverse(f"applications:{name}", args=args) + (f"?{query}" if query else "")


def _codes(deposits) -> tuple:
    """Columns to show: those the person chose came with the rows, and a list without rows shows none."""
    chosen = [code for code in (deposits[0].columns if deposits else None) or () if code in dict(CHOSEN)]
    return (*dict(FIXED), *(chosen or USUAL))


def _tab(request, code, label, count):
    return {"label": label, "count": count, "query": query_of(request, status=code), "current": request.GET.get("status", "") == code}


def _column(request, name, label):
    """Header of a column: its link sorts upwards, then downwards."""
    sort = request.GET.get("sort") or "number"
    descending = sort == name
    direction = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    return {"code": name, "label": label, "query": query_of(request, sort=f"-{name}" if descending else name), "direction": direction}
