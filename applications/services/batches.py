"""One act on many dossiers (S1): each dossier is done, found so already, or refused with its reason; all of it is kept.

A batch is a row with an address of its own: what it did is read again without being done again.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock

from ..models import Application, Batch, Labelling
from ..permissions import can_annotate
from ..queries import submitted_applications
from .messages import MessageRefused, send

MOST = 200  # dossiers at once
DONE, UNCHANGED, REFUSED = "done", "unchanged", "refused"
Act = Batch.Act


class BatchRefused(Exception):
    """Nothing was done to any dossier; `str()` says why, in words."""


def assign_many(*, keys, assignee, actor) -> Batch:
    """Make `assignee` (None for nobody) responsible for these dossiers. Raises BatchRefused. A constant number of queries."""

    def act(found):
        readable = None
        if assignee is not None:
            readable = set(submitted_applications(assignee).filter(pk__in=[each.pk for each in found]).values_list("pk", flat=True))
        results, changed = {}, []
        for each in found:
            if each.assignee_id == (assignee.pk if assignee else None):
                results[each.pk] = UNCHANGED, _("Nothing to change.")
            elif readable is not None and each.pk not in readable:
                results[each.pk] = REFUSED, _("This person may not read this application and cannot be responsible for it.")
            else:
                results[each.pk] = DONE, _("Case officer: %(name)s.") % {"name": assignee or _("nobody")}
                changed.append((each, {"before": each.assignee or "", "after": assignee or ""}))
        moved = Application.objects.filter(pk__in=[each.pk for each, _values in changed])
        moved.update(assignee=assignee, updated_at=clock.now())
        journal.record_all("application.assigned", changed, actor=actor)
        return results

    return _run(Act.ASSIGN, keys, actor, act)


def add_label(*, keys, label, actor) -> Batch:
    """Put a label on these dossiers. Raises BatchRefused. A constant number of queries."""

    def act(found):
        if not label.is_active:
            raise BatchRefused(_("This label is no longer in use."))
        present = _labelled(found, label)
        missing = [each for each in found if each.pk not in present]
        now = clock.now()
        Labelling.objects.bulk_create(Labelling(application=each, label=label, added_by=actor, added_at=now) for each in missing)
        journal.record_all("label.added", [(each, {"after": label}) for each in missing], actor=actor)
        done = DONE, _("Label added: %(after)s.") % {"after": label}
        return {each.pk: (UNCHANGED, _("Nothing to change.")) if each.pk in present else done for each in found}

    return _run(Act.LABEL, keys, actor, act)


def remove_label(*, keys, label, actor) -> Batch:
    """Take a label off these dossiers. Raises BatchRefused. A constant number of queries."""

    def act(found):
        present = _labelled(found, label)
        Labelling.objects.filter(label=label, application__in=present).delete()
        journal.record_all("label.removed", [(each, {"before": label}) for each in found if each.pk in present], actor=actor)
        done = DONE, _("Label removed: %(before)s.") % {"before": label}
        return {each.pk: done if each.pk in present else (UNCHANGED, _("Nothing to change.")) for each in found}

    return _run(Act.UNLABEL, keys, actor, act)


def write_many(*, keys, body: str, actor) -> Batch:
    """Send one text to the people of each dossier, each in its own thread. Raises BatchRefused.

    Notices and mails grow with the people written to; the batch is all or nothing but for the refusals it names.
    """

    def act(found):
        results = {}
        for each in found:
            try:
                send(application=each, body=body, actor=actor, in_batch=True)
                results[each.pk] = DONE, _("The message has been sent.")
            except MessageRefused as refused:
                results[each.pk] = REFUSED, str(refused)
        return results

    return _run(Act.WRITE, keys, actor, act)


@transaction.atomic
def _run(act_name, keys, actor, act) -> Batch:
    """Lock what the person may act on, act, keep the outcome. What may not be seen is refused as what does not exist."""
    permission = can_annotate(actor)
    if not permission:
        raise BatchRefused(permission.reason)
    keys = list(dict.fromkeys(keys))
    if not keys:
        raise BatchRefused(_("Tick at least one application."))
    if len(keys) > MOST:
        raise BatchRefused(_("At most %(limit)d applications at once.") % {"limit": MOST})
    seen = submitted_applications(actor).filter(pk__in=keys).order_by().values_list("pk", flat=True)
    locked = Application.objects.select_for_update(of=("self",)).filter(pk__in=list(seen)).order_by("number")
    found = list(locked.select_related("association", "assignee"))
    if not found:
        raise BatchRefused(_("None of these applications was found. Nothing was done."))
    results = act(found)
    lines = [
        {"application": str(each.pk), "number": each.number, "result": results[each.pk][0], "sentence": str(results[each.pk][1])}
        for each in found
    ]  # fmt: skip
    absent = len(keys) - len(found)
    lines += [{"application": "", "number": "", "result": REFUSED, "sentence": _("This application was not found.")}] * absent
    return Batch.objects.create(actor=actor, act=act_name, made_at=clock.now(), outcome=lines)


def _labelled(found, label) -> set:
    return set(Labelling.objects.filter(label=label, application__in=found).values_list("application", flat=True))
