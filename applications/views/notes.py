"""Internal notes and labels of one application (S2): beside what DPTC reads."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..forms.desk import NoteForm
from ..permissions import can_annotate
from ..queries import submitted_applications
from ..queries.desk import all_labels
from ..services.notes import NoteRefused, set_labels, write_note
from .reading import page_of_reading
from .worklist import listed_address


@login_required
@require_POST
def note_add(request, pk):
    """Add a note and come back to the notes; an empty one answers 422 beside the field."""
    application = _annotated_or_404(request.user, pk)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            write_note(application=application, body=form.cleaned_data["body"], actor=request.user)
            messages.success(request, _("The note has been added."))
            return redirect(_back(request, pk, "#notes"))
        except NoteRefused as refused:
            form.add_error("body", str(refused))
    return page_of_reading(request, pk, status=422, note_form=form)


@login_required
@require_POST
def labels_set(request, pk):
    """The labels ticked, and no others, are on the application from now on."""
    application = _annotated_or_404(request.user, pk)
    chosen = request.POST.getlist("label")
    set_labels(application=application, labels=[each for key, each in all_labels().items() if str(key) in chosen], actor=request.user)
    messages.success(request, _("The labels have been recorded."))
    return redirect(_back(request, pk))


def _annotated_or_404(user, pk):
    application = get_object_or_404(submitted_applications(user), pk=pk)
    permission = can_annotate(user)
    if not permission:
        raise PermissionDenied(permission.reason)
    return application


def _back(request, pk, place=""):
    return listed_address(request, "reading", pk) + place
