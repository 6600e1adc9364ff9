"""A spreadsheet put in the register: read, shown row by row, then entered. What was shown travels signed with the page."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clusters_portal.lib.tabular import TableRefused, read_file

from ..forms.register import RegisterFileForm
from ..imports.register import DAYS, UnreadableRegister, name_key, read_register
from ..services import register as service
from .register import keeper_or_403, known_spans

SALT = "applications.register_import"
AGE = 6 * 3600  # seconds between what was shown and its entry


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_import(request):
    """The file, then what it would enter, then its entry."""
    keeper_or_403(request.user)
    if "rows" in request.POST:
        return _enter(request)
    form = RegisterFileForm(request.POST, request.FILES) if request.method == "POST" else RegisterFileForm()
    context, status = {"form": form}, 200
    if request.method == "POST" and form.is_valid():
        try:
            tables = read_file(form.cleaned_data["file"], name=form.cleaned_data["file"].name)
            rows = read_register(tables[0], {name_key(name): spans for name, spans in known_spans().items()})
        except (TableRefused, UnreadableRegister) as refusal:
            form.add_error("file", str(refusal))
        else:
            good = [row.values for row in rows if not row.errors]
            context |= {"rows": rows, "good": len(good), "signed": _signed(good, request.user)}
    if request.method == "POST" and form.errors:
        status = 422
    return render(request, "applications/register/import.html", context, status=status)


def _enter(request):
    try:
        rows = _unsigned(request.POST["rows"], request.user)
        entered = service.apply_import(rows=rows, actor=request.user)
    except signing.BadSignature:
        messages.error(request, _("This preview is too old: read the file again."))
        return redirect("applications:register_import")
    except service.RegisterRefused as refusal:
        messages.error(request, _("Nothing was entered: %(reason)s") % {"reason": refusal})
        return redirect("applications:register_import")
    messages.success(request, _("%(count)d clusters and periods were entered.") % {"count": entered})
    return redirect("applications:register")


def _signed(rows, user) -> str:
    """The good rows as text only this portal can have written, for this person."""
    plain = [{name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()} for row in rows]
    return signing.dumps([user.pk, plain], salt=SALT, compress=True)


def _unsigned(text, user) -> list:
    owner, rows = signing.loads(text, salt=SALT, max_age=AGE)
    if owner != user.pk:
        raise signing.BadSignature("shown to another person")
    return [
        {name: date.fromisoformat(value) if name in DAYS and value else (None if name in DAYS else value) for name, value in row.items()}
        for row in rows
    ]
