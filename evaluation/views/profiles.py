"""DPTC's list of evaluators: expertise, employer, loads, signed commitment."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters_portal.accounts.roles import Role
from evaluation import permissions
from evaluation.forms.evaluators import ProfileForm
from evaluation.services import evaluators
from evaluation.services.refusals import Refused
from evaluation.views.scope import demand, only, posted

READERS = (Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.COMMITTEE_CHAIR, Role.AUDITOR)
PER_PAGE = 50


@require_safe
@login_required
def index(request):
    """Every evaluator with what is recorded."""
    only(request.user, *READERS)
    page = Paginator(evaluators.evaluators().select_related("evaluator_profile"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_edit": bool(permissions.can_edit_evaluators(request.user))}
    return render(request, "evaluation/assign/evaluators.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request, pk):
    """One evaluator, to be changed."""
    only(request.user, *READERS)
    person = get_object_or_404(evaluators.evaluators(), pk=pk)
    demand(permissions.can_edit_evaluators(request.user))
    known = evaluators.profile_of(person)
    initial = {"employer": person.employer, **{name: getattr(known, name) for name in evaluators.FIELDS}}
    initial["seen_signed_on"] = known.confidentiality_signed_on
    form = ProfileForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            evaluators.save_profile(person=person, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The profile of %(person)s is recorded.") % {"person": person})
            return redirect("evaluation:evaluators")
    return render(request, "evaluation/assign/profile.html", {"person": person, "form": form}, status=422 if form.errors else 200)
