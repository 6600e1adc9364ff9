"""Recevabilité (S3): one person prepares and proposes, line by line; a second validates or sends back."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clusters_portal.accounts.reauthentication import confirmed

from ..filters import received_by
from ..forms.admissibility import AdmissibilityForm, SendBackForm
from ..permissions import can_check_admissibility, can_validate_admissibility
from ..queries import closed_files, submitted_applications
from ..queries.shared_members import shared_members
from ..rules.admissibility import board_share
from ..services import admissibility_acts as acts
from ..services.admissibility import AdmissibilityRefused, Written, declared_companies, engaged_members, proposals
from .worklist import listed_address

# Fields of the form beside its lines.
FIELDS = ("outcome", "reasons_fact", "reasons_law", "companies", "companies_reason")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def admissibility(request, pk):
    """The form while it is prepared, the proposal while it waits, then what was decided, to read."""
    application = get_object_or_404(submitted_applications(request.user), pk=pk)
    check = acts.check_of(application.current_deposit)
    if request.method != "POST" and check and (check.is_proposed or check.is_validated):
        return _read(request, application, check)
    permission = can_check_admissibility(request.user, application)
    if not permission:
        raise PermissionDenied(permission.reason)
    if request.method != "POST":
        return _form_page(request, application, check, _form_of(application, check))
    form = _posted_form(request, application)
    conflict = None
    if form.is_valid():
        proposing = "propose" in request.POST
        act, version = (acts.propose if proposing else acts.prepare), form.cleaned_data["version"] or 0
        try:
            act(application=application, written=_written(form), version=version, actor=request.user)
            messages.success(request, _("The proposal waits for a second person.") if proposing else _("What you prepared has been saved."))
            return redirect(listed_address(request, "admissibility", pk))
        except acts.AdmissibilityConflict as refusal:
            conflict = refusal.check
            form = _posted_form(request, application, version=conflict.version if conflict else 0)
            form.add_error(None, str(refusal))
        except AdmissibilityRefused as refusal:
            form.refuse(refusal.errors)
    return _form_page(request, application, check, form, conflict=conflict)


@login_required
@require_POST
def admissibility_validate(request, pk):
    """The second person decides, once confirmed: what was read is validated, or nothing when it is no longer that."""
    done = _("The decision has been recorded and the applicant has been told.")
    application = get_object_or_404(submitted_applications(request.user), pk=pk)
    check = acts.check_of(application.current_deposit)
    if check is not None and check.validated_by_id == request.user.pk:  # a second click, or another tab
        messages.success(request, done)
        return redirect(listed_address(request, "admissibility", pk))
    return confirmed(_second_act)(request, _to_act_upon(request.user, pk), partial(acts.validate, actor=request.user), done)


@login_required
@require_POST
def admissibility_send_back(request, pk):
    act = partial(acts.send_back, reason=request.POST.get("reason", ""), actor=request.user)
    return _second_act(request, _to_act_upon(request.user, pk), act, _("The proposal has been sent back."))


def _to_act_upon(user, pk):
    application = get_object_or_404(submitted_applications(user), pk=pk)
    permission = can_check_admissibility(user, application)
    if not permission:
        raise PermissionDenied(permission.reason)
    return application


def _second_act(request, application, act, done):
    version = request.POST.get("version", "")
    try:
        act(application=application, version=int(version) if version.isdecimal() and len(version) < 10 else -1)
        messages.success(request, done)
        return redirect(listed_address(request, "admissibility", application.pk))
    except AdmissibilityRefused as refusal:
        check, back = acts.check_of(application.current_deposit), SendBackForm(request.POST)
        if check is None or not check.is_proposed:
            messages.error(request, _("This check has changed since you opened it. Nothing was recorded."))
            return redirect(listed_address(request, "admissibility", application.pk))
        back.is_valid()
        back.errors.clear()
        for name, sentence in refusal.errors.items():
            back.add_error(name or None, sentence)
        conflict = isinstance(refusal, acts.AdmissibilityConflict)
        return _read(request, application, check, back=back, status=409 if conflict else 422)


# --- Preparing ----------------------------------------------------------------------------------------------------
def _form_of(application, check):
    """The form as it was kept, or as the rules propose it; nothing kept yet, what was written before a complement."""
    written = acts.written_in(check) if check else acts.carried_over(application)
    initial = {name: getattr(written, name) for name in FIELDS}
    initial["version"] = check.version if check else 0
    return AdmissibilityForm(
        initial=initial, proposals=proposals(application.current_deposit, written.companies), findings=written.findings
    )


def _posted_form(request, application, version=None):
    """What was typed; `version` replaces the one of the page, so that saving again is done knowingly."""
    data = request.POST.copy()
    if version is not None:
        data["version"] = version
    typed = data.get("companies", "").strip()
    engaged = engaged_members(application.current_deposit)
    companies = int(typed) if typed.isdecimal() and len(typed) < 10 and int(typed) <= engaged else None
    return AdmissibilityForm(data, proposals=proposals(application.current_deposit, companies))


def _written(form) -> Written:
    return Written(findings=form.findings(), **{name: form.cleaned_data.get(name) for name in FIELDS})


def _form_page(request, application, check, form, *, conflict=None):
    deposit = application.current_deposit
    context = {
        "application": application, "deposit": deposit, "form": form, "groups": _groups(form, deposit), "check": check,
        "closed": closed_files(request.user, application, deposit.content["documents"]),
        "shared": shared_members(deposit, received_by(request.user)),
        "returned": check.returns.select_related("returned_by").first() if check else None,
        "board": board_of(deposit), "engaged": engaged_members(deposit), "declared": declared_companies(deposit),
        "conflict": conflict, "differences": _differences(form, conflict) if conflict else [],
    }  # fmt: skip
    status = 409 if conflict else 422 if form.is_bound else 200
    return render(request, "applications/staff/admissibility.html", context, status=status)


def _differences(form, check) -> list:
    """[(title, what was typed, what is kept)] of the lines and fields that differ from the check as it stands."""
    form.is_valid()
    kept, typed, found = acts.written_in(check), _written(form), []
    for line, _label, finding, _reason in form.lines():
        words, sides = dict(finding.field.choices), [side.findings.get(line.item, ("", "")) for side in (typed, kept)]
        found.append((line.title, *(_said(words, *side) for side in sides)))
    for name in FIELDS:
        words, sides = dict(getattr(form.fields[name], "choices", ())), [getattr(side, name) for side in (typed, kept)]
        found.append((form.fields[name].label, *(str(words.get(side, "" if side is None else side)) for side in sides)))
    return [row for row in found if row[1] != row[2]]


def _said(words, finding, reason) -> str:
    return " – ".join(str(part) for part in (words.get(finding, ""), reason) if part)


def _groups(form, deposit) -> list:
    """[(code, title, lines)]: the pieces with their files, then what the rules judged, then the paper file."""
    files = _files_by_item(deposit)
    lines = [(*line, files.get(line[0].item, [])) for line in form.lines()]
    groups = [
        ("pieces", _("Documents of the file"), [line for line in lines if line[0].item.startswith("piece:")]),
        ("rules", _("Thresholds and conditions"), [line for line in lines if line[0].item.startswith(("rule:", "statutes:"))]),
        ("paper", _("Paper file"), [line for line in lines if line[0].item.startswith("paper:")]),
    ]
    return [group for group in groups if group[2]]


def board_of(deposit):
    """How many seats of the board companies hold (3.2), from the frozen dossier."""
    return board_share(deposit.content["steps"].get("gouvernance", {}).get("board", []))


def checked_lines(check, file_url) -> list:
    """[(what the rules say of the line, or None; the line of the check; [(file of the piece, its address)])] in the order of the
    check. `file_url(id)` is the address of a file on this floor.
    """
    found, files = {line.item: line for line in proposals(check.deposit, check.companies)}, _files_by_item(check.deposit)
    return [(found.get(line.item), line, [(file, file_url(file["id"])) for file in files.get(line.item, [])]) for line in check.lines.all()]


def _files_by_item(deposit) -> dict:
    """{item of the check: files of the piece it is about}, as the deposit keeps them."""
    files = {}
    for document in deposit.content["documents"]:
        files.setdefault(f"piece:{document['requirement']}", []).append(document)
    return files


# --- Reading ------------------------------------------------------------------------------------------------------
def _read(request, application, check, *, back=None, status=200):
    """The proposal with the second person's two acts, or the decision with its letter."""
    validating = can_validate_admissibility(request.user, application, check) if check.is_proposed else None
    context = {
        "application": application, "deposit": check.deposit, "check": check, "validating": validating,
        "lines": checked_lines(check, lambda file: reverse("applications:document_download", args=[file])),
        "closed": closed_files(request.user, application, check.deposit.content["documents"]),
        "may_send_back": check.is_proposed and can_check_admissibility(request.user, application), "form": back or SendBackForm(),
        "board": board_of(check.deposit), "returns": check.returns.select_related("returned_by", "proposed_by"),
    }  # fmt: skip
    return render(request, "applications/staff/admissibility_result.html", context, status=status)
