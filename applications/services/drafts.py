"""Writing a draft: creating a dossier, saving a step, a row. A draft is saved in any state."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock

from ..forms.conflicts import fingerprint, rows_if_same
from ..models import Application, Association, Collaborator, RejectedInput, StepState
from ..permissions import can_edit
from ..queries import Dossier, noting_state, own_applications
from ..steps import read_with_step


class DraftRefused(Exception):
    """The draft may not be written by this person or in this state; `str()` is the reason, in words."""


class NotTheirs(DraftRefused):
    """Somebody else's dossier, or none: it takes as long to say for the one as for the other."""


class AlreadyStarted(DraftRefused):
    """The person already has a dossier of that name in the call: `application`. A form posted twice ends here."""

    def __init__(self, application):
        self.application = application
        super().__init__(_("You already have an application of that name in this call."))


class StaleStep(Exception):
    """Somebody saved the step since the page was opened. `state` is the StepState that stands."""

    def __init__(self, state):
        self.state = state
        super().__init__(f"{state.slug} is at version {state.version}")


class StaleRow(Exception):
    """Somebody changed the row since its page was opened. `row` is what stands."""

    def __init__(self, row):
        self.row = row
        super().__init__(f"{row._meta.label} {row.pk} was changed")


@dataclass(frozen=True)
class Saved:
    """What a save did: the step's state, and the inputs that could not be read (kept, shown beside their field)."""

    state: StepState
    bound: object
    errors: list


@transaction.atomic
def create_application(*, call, association_name: str, actor) -> Application:
    """Open a draft for a new association; the actor becomes its mandatary.

    Raises DraftRefused when the call is not open, AlreadyStarted when the actor already has a dossier of that name in
    this call: a form posted twice makes one dossier.
    """
    if not call.is_open(clock.now()):
        raise DraftRefused(_("This call is not open: no application can be started."))
    # The person's own row is the lock: two tabs posting at once come one after the other.
    get_user_model().objects.select_for_update().get(pk=actor.pk)
    twin = Application.objects.filter(call=call, collaborators__user=actor, association__name_fr__iexact=association_name).first()
    if twin is not None:
        raise AlreadyStarted(twin)
    association = Association.objects.create(name_fr=association_name)
    application = Application.objects.create(call=call, association=association, created_by=actor)
    Collaborator.objects.create(application=application, user=actor, role=Collaborator.Role.MANDATARY)
    journal.record("application.created", application, actor=actor, after=application.status)
    return application


@transaction.atomic
def save_step(*, application, step, data, actor, version: int | None = None) -> Saved:
    """Save what a browser sent for one step: everything readable in its column, the rest kept as typed.

    `data` maps input names to text (a QueryDict or a dict of lists). `version` is the one the page was opened with;
    None skips the check. Raises DraftRefused, StaleStep; not StaleStep when what is sent is exactly what stands, as when
    the answer to a save was lost and the save is sent again: nothing is written then.
    """
    locked = _lock(application, actor, step)
    try:
        state = _state(locked, step.slug, version, getattr(locked, "step_state", None))
    except StaleStep as stale:
        saved = _already_saved(locked, step, data, stale.state)
        if saved is None:
            raise
        return saved
    dossier = Dossier(locked)
    bound = step.bind(dossier, data)
    for part, writes in bound.writes():
        _write(locked, step, part, writes, kept_before=dossier.rejected)
    return Saved(_bump(state, actor), bound, bound.errors)


@transaction.atomic
def save_open_parts(*, application, step, parts: dict, data, actor, version: int | None = None) -> Saved:
    """Save a step of which only some parts are open; everything else `data` says is ignored. The caller has locked the dossier.

    `parts` is {part key: names of its open fields, empty for the whole part}. Raises StaleStep.
    """
    state = _state(application, step.slug, version)
    bound = step.bind(Dossier(application), data)
    for each in bound.parts:
        if each.key in parts and each.is_sent:
            _write(application, step, each.part, each.writes(parts[each.key]))
    return Saved(_bump(state, actor), bound, bound.errors)


@transaction.atomic
def save_row(*, application, step, part, row_id, data, actor, seen: str | None = None):
    """Save one row of a table edited on its own page; `row_id` None makes a new one. Returns (row, form).

    `seen` is the fingerprint of the row when its page was opened; None skips the check. A new row sent again because the
    answer was lost is the one that is there: last of the table, with the very same values. Raises DraftRefused, StaleRow,
    or the model's DoesNotExist for a row of somebody else's dossier.
    """
    locked = _lock(application, actor)
    dossier = Dossier(locked)
    row = part.model.objects.get(application=locked, pk=row_id) if row_id else _next_row(part, locked)
    if not row_id and seen and (sent_before := _sent_before(part, dossier, row, data)):
        return sent_before
    if row_id and seen is not None and seen != fingerprint(part.bind_row(dossier, row)):
        raise StaleRow(row)
    form = part.bind_row(dossier, row, data)
    _write(locked, step, part, part.writes_of_row(form), only_row=row_id or 0)
    _bump(_state(locked, step.slug), actor)
    return row, form


def _sent_before(part, dossier, row, data):
    """(row, form) of the last row of the table when it says exactly what is sent for a new one, else None."""
    form = part.bind_row(dossier, row, data)
    last = part.model.objects.filter(application=dossier.application).order_by("-position", "-pk").first()
    if last is None or form.errors or any(getattr(last, name) != value for name, value in form.accepted.items()):
        return None
    return last, part.bind_row(dossier, last, data)


def restore_step(*, application, step, deposit, dossier) -> StepState:
    """Write back what the snapshot of a deposit keeps of one step; what was kept as typed goes. The caller holds the lock.

    Another tab cannot save over it, but nothing counts as saved since the deposit: the step says what was deposited.
    """
    values = deposit.content["steps"].get(step.slug, {})
    for part in step.parts:
        if part.key in values:
            _write(application, step, part, part.restored(dossier, values[part.key]))
    state = _state(application, step.slug)
    state.version += 1
    if state.saved_at is None or state.saved_at > deposit.received_at:
        state.saved_at, state.saved_by = deposit.received_at, deposit.deposited_by
    state.save()
    return state


def touch_step(*, application, slug, actor):
    """Count a change made elsewhere (a file) as a save of the step."""
    return _bump(_state(application, slug), actor)


def lock_draft(application, actor) -> Application:
    """The dossier's locked row, when this person may change it. Raises DraftRefused."""
    return _lock(application, actor)


def _lock(application, actor, step=None):
    """The locked row with the person's role on it; for a `step`, with the step's state and single rows too.

    Raises DraftRefused; for a step NotTheirs, without a look at the dossier, when it is none of the person's.
    """
    mine = own_applications(actor).filter(pk=application.pk)
    locked = mine.select_for_update(of=("self",)).first()
    if locked and step:
        # A query of its own: what was joined to the lock would be as it stood before the wait.
        locked = noting_state(read_with_step(mine, step), step.slug).first()
    if step and not locked:
        raise NotTheirs(_("This page does not exist, or you no longer have access to it."))
    locked = locked or Application.objects.select_related("call", "association").get(pk=application.pk)
    permission = can_edit(actor, locked)
    if not permission:
        raise DraftRefused(permission.reason)
    return locked


UNREAD = object()


def _state(application, slug, version=None, state=UNREAD):
    if state is UNREAD:
        state = StepState.objects.filter(application=application, slug=slug).select_related("saved_by").first()
    state = state or StepState(application=application, slug=slug, version=0)
    if version is not None and version != state.version:
        raise StaleStep(state)
    return state


def _already_saved(application, step, data, state):
    """What an earlier save of the very same values did, or None. New rows are given the numbers they got then."""
    ids = rows_if_same(step.bind(Dossier(application), data), step.bind(Dossier(application)))
    if ids is None:
        return None
    sent = data.copy()
    for row, pk in ids.items():
        sent[f"{row}-id"] = str(pk)
    bound = step.bind(Dossier(application), sent)
    return Saved(state, bound, bound.errors)


def _bump(state, actor):
    state.version += 1
    state.saved_at, state.saved_by = clock.now(), actor
    state.save()
    return state


def _next_row(part, application):
    last = part.model.objects.filter(application=application).order_by("-position").values_list("position", flat=True).first()
    return part.model(application=application, position=0 if last is None else last + 1)


def _write(application, step, part, writes, only_row=None, kept_before=None):
    """Store a part's rows, then what could not be read. One statement per table, whatever the number of rows.

    `kept_before` holds the keys of what could not be read so far, when the caller knows them.
    """
    _store(writes.save)
    _remove(writes.delete)
    if kept_before is None or any(key.startswith(f"{part.key}.") for key in kept_before):
        _forget_kept(application, step, part, only_row)
    RejectedInput.objects.bulk_create(
        RejectedInput(application=application, slug=step.slug, key=_key(part, row, name), raw=raw) for row, name, raw in writes.kept
    )


def _forget_kept(application, step, part, only_row):
    kept = RejectedInput.objects.filter(application=application, slug=step.slug, key__startswith=f"{part.key}.")
    if only_row is not None:
        kept = kept.filter(key__startswith=f"{part.key}.{only_row}.")
    kept.delete()


def _key(part, row, name):
    return f"{part.key}.{name}" if row is None else f"{part.key}.{row.pk}.{name}"


def _store(rows):
    if not rows:
        return
    model = type(rows[0])
    key = model._meta.pk
    columns = [field.name for field in model._meta.fields if not field.primary_key and not getattr(field, "auto_now_add", False)]
    new, known = [row for row in rows if row.pk is None], [row for row in rows if row.pk is not None]
    model.objects.bulk_create(new)
    model.objects.bulk_create(known, update_conflicts=True, unique_fields=[key.name], update_fields=columns)


def _remove(rows):
    if rows:
        type(rows[0]).objects.filter(pk__in=[row.pk for row in rows]).delete()
