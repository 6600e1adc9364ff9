"""An evaluator's own pages: the work list and the declaration of interests that opens each dossier."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters_portal.accounts.roles import Role
from evaluation import permissions, queries
from evaluation.forms.conflicts import DeclarationForm
from evaluation.models import ConflictDeclaration
from evaluation.services import conflicts
from evaluation.services.refusals import Refused
from evaluation.views.scope import only, posted


@require_safe
@login_required
def my_evaluations(request):
    """« Mes évaluations »: dossiers to declare on, to score, and submitted."""
    only(request.user, Role.EVALUATOR)
    work = queries.worklist_of(request.user)
    context = {"work": work, "uncommitted": work.rows and not permissions.can_open_assigned(request.user)}
    return render(request, "evaluation/my_evaluations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def declare(request, pk):
    """The declaration: before it, nothing of the dossier is shown but its number, name and call."""
    assignment = get_object_or_404(
        queries.with_deposit(queries.assignments_of(request.user), "application_id").select_related("application__call"), application=pk
    )
    rows = ConflictDeclaration.objects.filter(evaluator=request.user, application=pk)
    known = rows.filter(source=ConflictDeclaration.Source.SELF).first()
    form = DeclarationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            declaration = conflicts.declare(application=assignment.application, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _after(declaration, request.user))
            cleared = declaration.status == ConflictDeclaration.Status.CLEAR
            return redirect("evaluation:evaluate", pk) if cleared else redirect("evaluation:my_evaluations")
    held = rows.filter(status=ConflictDeclaration.Status.PENDING).exclude(source=ConflictDeclaration.Source.SELF).exists()
    context = {"assignment": assignment, "known": known, "held": held, "form": form}
    return render(request, "evaluation/declare.html", context, status=422 if form.errors else 200)


def _after(declaration, user) -> str:
    if declaration.status == ConflictDeclaration.Status.CLEAR:
        if not permissions.can_open_assigned(user):
            return _("Your declaration is recorded.")
        return _("Your declaration is recorded. You may read and score this application.")
    if declaration.status == ConflictDeclaration.Status.PENDING:
        return _("Your declaration is recorded. The application stays closed to you until the head of division has ruled.")
    return _("Your declaration is recorded. You have stepped down from this application.")
