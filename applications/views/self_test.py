"""P3: would we be eligible? Figures in, each rule's verdict out, by the rules that judge the deposit. GET writes nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from applications.forms.creation import CreateForm
from applications.forms.self_test import PRIVATE_PART, SelfTestForm
from applications.published import calls_readable_by
from applications.queries import terms_of
from applications.rules import eligibility
from applications.services.drafts import AlreadyStarted, DraftRefused
from applications.services.self_test import start_from_self_test
from clusters_portal.lib import clock


@require_safe
@vary_on_headers("HX-Request")
def self_test(request, slug):
    """The form with its verdicts; the fragment alone while somebody types. The figures stand in the address, nowhere else."""
    now = clock.now()
    call = get_object_or_404(calls_readable_by(request.user, now), slug=slug)
    form = SelfTestForm(request.GET or None, call=call)
    context = {"call": call, "form": form, "is_open": call.is_open(now), **(_result(form, request.GET) if form.is_bound else {})}
    fragment = request.htmx and not request.htmx.history_restore_request
    return render(request, "applications/public/_self_test_result.html" if fragment else "applications/public/self_test.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def self_test_carry(request, slug):
    """Open a dossier whose budget starts with the figures of the test. Posted twice, it leads to the same draft."""
    now = clock.now()
    call = get_object_or_404(calls_readable_by(request.user, now), slug=slug)
    if request.user.roles:
        raise PermissionDenied(_("People who work on the call cannot apply to it with the same account."))
    sent = request.POST if request.method == "POST" else None
    form, test, refusal = CreateForm(sent), SelfTestForm(request.GET if sent is None else sent, call=call), ""
    if sent is not None and form.is_valid():
        try:
            return _start(request, call, form.cleaned_data["name"], test)
        except AlreadyStarted as twin:
            messages.info(request, _("You already have an application of that name in this call: it was left as it is."))
            return redirect("applications:task_list", twin.application.pk)
        except DraftRefused as refused:
            refusal = str(refused)
    context = {
        "call": call,
        "form": form,
        "test": test,
        "carried": _carried(test),
        "told": _told(test),
        "refusal": refusal,
        "is_open": call.is_open(now),
    }
    return render(request, "applications/public/self_test_carry.html", context, status=409 if refusal else 200)


def _result(form, query):
    verdicts = eligibility.evaluate(form.facts(), terms_of(form.call), deadline=form.call.deadline_at)
    return {
        "verdicts": verdicts,
        "blocking": eligibility.blocking(verdicts),
        "errors": [(f"#{form[name].id_for_label}", text) for name, text in _error_sentences(form)],
        "query": query.urlencode(),
    }


def _error_sentences(form):
    for name, texts in form.errors.items():
        for text in texts:
            yield name, _("{label}: {error}").format(label=form[name].label, error=text)


def _start(request, call, name, test):
    amounts = {heading.code: test.figures[f"y1_{heading.code}"] for heading in test.headings}
    private_part = test.figures.get(PRIVATE_PART)
    identity = {field: text for field, text, _shown in _told(test)}
    made = start_from_self_test(
        call=call, association_name=name, amounts=amounts, private_part=private_part, actor=request.user, identity=identity
    )
    messages.success(request, _("Your application is open. It holds what the self-test was told."))
    return redirect("applications:task_list", made.pk)


def _told(test):
    """[(field, text as one types it, text to read)] of what was said of the association, the readable part."""
    kind, founded = test.figures["applicant_type"], test.figures["constitution_date"]
    found = [("applicant_type", kind, dict(test.fields["applicant_type"].choices).get(kind, ""))] if kind else []
    return found + ([("constitution_date", f"{founded:%d/%m/%Y}", clock.format_day(founded))] if founded else [])


def _carried(test):
    """(bound field, amount) of the figures that will be written in the new dossier."""
    names = [name for name in test.fields if name.startswith("y1_") or name == PRIVATE_PART]
    return [(test[name], test.figures[name]) for name in names if test.figures[name] is not None]
