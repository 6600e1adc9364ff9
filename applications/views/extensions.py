"""Extension of a deadline (S5): the one page that moves the deadline of an open call."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clusters_portal.lib import clock
from clusters_portal.lib.bilingual import localized

from ..forms.counter import ExtensionForm
from ..models import Holiday
from ..permissions import can_extend
from ..published import calls_readable_by
from ..rules.deadline import is_weekend
from ..services.extensions import ExtensionRefused, extend, people_told


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def call_extend(request, slug):
    """Say the new deadline and why; a day that is no working day is pointed out once, and kept if one insists."""
    call = get_object_or_404(calls_readable_by(request.user, clock.now()), slug=slug)
    permission = can_extend(request.user, call)
    if not permission:
        raise PermissionDenied(permission.reason)
    here = clock.local(call.deadline_at)
    form, status, closed_day = ExtensionForm(request.POST or None, initial={"time": here.strftime("%H:%M")}), 200, ""
    if request.method == "POST":
        status = 422
        # A day that is not even later is refused for that, whatever day it is.
        asks = form.is_valid() and form.new_deadline() > call.deadline_at and not form.cleaned_data["keep_closed_day"]
        closed_day = closed_day_warning(form.cleaned_data["day"]) if asks else ""
        if form.is_valid() and not closed_day:
            try:
                _extended(form, call, request.user)
                messages.success(
                    request, _("The deadline has been extended; the extension is published and everyone concerned has been told.")
                )
                return redirect("applications:call_detail", slug)
            except ExtensionRefused as refusal:
                for field, sentence in refusal.errors.items():
                    form.add_error(field or None, sentence)
                status = 409
    context = {
        "call": call, "form": form, "closed_day": closed_day, "told": people_told(call).count(),
        "is_closed": call.is_closed(clock.now()), "extensions": call.extensions.select_related("decided_by"),
    }  # fmt: skip
    return render(request, "applications/counter/extend.html", context, status=status)


def closed_day_warning(day) -> str:
    """Why this is no working day, in words; "" when it is one."""
    holiday = Holiday.objects.filter(day=day).first()
    if holiday is not None:
        name = localized(holiday, "label")
        if holiday.is_expected:
            return _("%(day)s should be a public holiday (%(name)s, to be confirmed).") % {"day": clock.format_day(day), "name": name}
        return _("%(day)s is a public holiday (%(name)s).") % {"day": clock.format_day(day), "name": name}
    return _("%(day)s is a Saturday or a Sunday.") % {"day": clock.format_day(day)} if is_weekend(day) else ""


def _extended(form, call, actor):
    reasons = {name: form.cleaned_data[name] for name in ("reason_fr", "reason_ar", "reason_en")}
    return extend(call=call, new_deadline=form.new_deadline(), actor=actor, **reasons)
