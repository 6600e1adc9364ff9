"""What a save answers, to a browser and to the script that saves while one types; what a conflict offers to choose."""

from django.http import JsonResponse
from django.utils.translation import gettext as _

from applications.forms.conflicts import CHOICE, choose, compare
from applications.queries import Dossier
from clusters_portal.lib import clock
from clusters_portal.lib.wire import refusal


def chosen(find, step, data, version):
    """The data sent, after the answers given on the page of a conflict. They count only against the version then shown.

    `find()` fetches the dossier: a save without a conflict has no need of it.
    """
    if not any(name.startswith(CHOICE) for name in data):
        return data
    application = find()
    dossier = Dossier(application)
    state = dossier.step_states.get(step.slug)
    if state is None or state.version != version:
        return data
    return choose(data, compare(step.bind(dossier, data), step.bind(Dossier(application))))


def conflict_of(application, step, data, stale, bound):
    """What the page of a conflict shows: who saved, when, and both values of what differs."""
    typed = data["typed"].split() if "typed" in data else None
    return {"state": stale.state, "differences": compare(bound, step.bind(Dossier(application)), typed=typed)}


def saved_answer(saved, url) -> JsonResponse:
    """`rows`: {prefix of the row: its number}; `errors`: the inputs kept as typed; `url`: where a person would be led."""
    rows = {form.prefix: str(form.instance.pk) for part in saved.bound.parts if part.is_sent for form in getattr(part, "row_forms", [])}
    errors = [
        {"id": form[name].id_for_label or f"div_{form[name].auto_id}", "messages": list(messages)}
        for part in saved.bound.parts
        for form in part.forms()
        for name, messages in form.errors.items()
        if name in form.fields
    ]
    said = _("Saved at %(time)s") % {"time": clock.format_time(saved.state.saved_at)}
    return JsonResponse(
        {"version": saved.state.version, "saved_at": saved.state.saved_at, "said": said, "rows": rows, "errors": errors, "url": url}
    )


def conflict_answer(stale, user) -> JsonResponse:
    """Somebody saved meanwhile. Both values are shown by the page the form leads to when it is sent as it is."""
    values = {"name": stale.state.saved_by, "time": clock.format_time(stale.state.saved_at)}
    if stale.state.saved_by_id == user.pk:
        sentence = _("Not saved: you changed this page at %(time)s in another tab or on another device.") % values
    else:
        sentence = _("Not saved: %(name)s changed this page at %(time)s.") % values
    return refusal("conflict", sentence, status=409)
