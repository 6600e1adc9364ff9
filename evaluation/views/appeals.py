"""Appeals as DPTC reads, prepares and answers them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters_portal.accounts.reauthentication import confirmed
from evaluation import permissions
from evaluation.forms.appeals import AnswerForm
from evaluation.queries.appeals import READERS, appeals_visible_to
from evaluation.queries.letters import letters_visible_to
from evaluation.services import appeals as services
from evaluation.services.refusals import Refused
from evaluation.views.scope import demand, only
from evaluation.views.told import piece_response

PAGE = 50
FIELDS = ("outcome", "reasons_fact", "reasons_law", "follows")


@require_safe
@login_required
def index(request):
    """Appeals, the last filed first."""
    only(request.user, *READERS)
    page = Paginator(appeals_visible_to(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "evaluation/appeals/index.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def appeal(request, number):
    """One appeal: what is contested, the answer in preparation, the answer. Answering issues a letter: it is confirmed."""
    found = get_object_or_404(appeals_visible_to(request.user), number=number)
    may_draft, may_answer = permissions.can_draft_answer(request.user), permissions.can_issue_letters(request.user)
    reply = getattr(found, "reply", None)
    initial = {"revision": reply.revision if reply else 0} | {name: getattr(reply, name, "") for name in FIELDS}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        demand(may_answer if "answer" in request.POST else may_draft)
    context = {
        "appeal": found, "reply": reply, "form": form, "may_draft": bool(may_draft), "may_answer": bool(may_answer),
        "reads_letter": hasattr(found, "answer") and letters_visible_to(request.user).filter(answer=found.answer).exists(),
    }  # fmt: skip
    return (_to_answer if "answer" in request.POST else _page)(request, context)


def _page(request, context):
    found, form = context["appeal"], context["form"]
    if form.is_bound and form.is_valid() and _acted(request, found, form):
        return redirect("evaluation:appeal", found.number)
    return render(request, "evaluation/appeals/appeal.html", context, status=422 if form.errors else 200)


_to_answer = confirmed(_page)


def _acted(request, found, form) -> bool:
    data = form.cleaned_data
    try:
        if "answer" in request.POST:
            services.answer(appeal=found, actor=request.user, **{name: data[name] for name in FIELDS})
            messages.success(request, _("The appeal is answered and its letter issued."))
        else:
            services.draft(appeal=found, actor=request.user, **data)
            messages.success(request, _("The answer is saved."))
    except Refused as refusal:
        form.add_error(refusal.code if refusal.code in form.fields else None, refusal.message)
        return False
    return True


@require_safe
@login_required
def piece(request, number):
    """The piece joined to an appeal."""
    return piece_response(get_object_or_404(appeals_visible_to(request.user), number=number), own=False)
