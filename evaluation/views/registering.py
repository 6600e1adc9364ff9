"""A selected project put in the register of labelled clusters, with the first period of the State's support."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.forms.register import EntryForm
from applications.permissions import can_keep_register
from applications.services import register as service
from evaluation import queries
from evaluation.views.scope import call_or_404, demand, posted


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def register_decision(request, slug, pk):
    """The period to enter, for DPTC's head, once the project is selected."""
    call = call_or_404(queries.calls_before_committee(request.user), slug)
    ranking = queries.latest_ranking(call)
    line = ranking and queries.VisibleLines(request.user, ranking).of(pk)
    if line is None or line.application.status not in service.SELECTED:
        raise Http404
    demand(can_keep_register(request.user))
    form = EntryForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            period = service.add_selected(application=line.application, actor=request.user, **form.cleaned_data)
        except service.RegisterRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("The project is in the register of labelled clusters."))
            return redirect("applications:register_cluster", period.cluster_id)
    context = {"call": call, "line": line, "form": form}
    return render(request, "evaluation/register_decision.html", context, status=422 if form.errors else 200)
