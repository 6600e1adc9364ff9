"""The writers of calls: load the shipped editions, copy one, change one while nobody relies on it."""

from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import (
    ActionCategory,
    Application,
    BudgetHeading,
    Call,
    Criterion,
    DocumentRequirement,
    IndicatorDefinition,
    StepGuidance,
)
from clusters_portal.audit import journal
from clusters_portal.lib import clock

from .editions import call_values, flatten

# Key of an edition file, and related name of the call, for each kind of row.
ROWS = {
    "document_requirements": DocumentRequirement,
    "action_categories": ActionCategory,
    "budget_headings": BudgetHeading,
    "indicator_definitions": IndicatorDefinition,
    "criteria": Criterion,
    "step_guidance": StepGuidance,
}
# Explanations and addresses: nobody is judged by them. Everything else is a term of the call.
OPEN_TEXTS = tuple(f"{name}_{code}" for name in ("title", "summary", "audience", "process") for code in ("fr", "ar", "en"))
OPEN_CONTACTS = tuple(f"contact_{name}" for name in ("service_fr", "service_ar", "address_fr", "address_ar", "phone", "email", "website"))
OPEN_LETTERS = ("appeal_fr", "appeal_ar")
ALWAYS_EDITABLE = (*OPEN_TEXTS, *OPEN_CONTACTS, *OPEN_LETTERS, "deadline_at", "results_published_at")
_S = Application.Status
BEFORE_COMMITTEE = (
    _S.IN_COMMITTEE, _S.SELECTED, _S.SELECTED_WITH_RESERVATIONS, _S.WAITING_LIST, _S.DEFERRED, _S.NOT_SELECTED,
)  # fmt: skip
NOT_COLUMNS_TO_COPY = ("id", "slug", "number_prefix", "year", "published_at", "results_published_at")


class TermsLocked(Exception):
    """A term of a call somebody relies on was about to change. `reasons`: field or kind of row → sentence."""

    def __init__(self, reasons: dict):
        self.reasons = reasons
        super().__init__(" ".join(str(reason) for reason in reasons.values()))


def load_edition(data: dict, *, actor=None, now) -> tuple[Call, bool]:
    """Create the call of an edition file with all its rows, once; returns it and whether it was created.

    A call that exists is left alone, rows included: what an administrator changed or removed stays so.
    """
    with transaction.atomic():
        existing = Call.objects.filter(slug=data["call"]["slug"]).first()
        if existing is not None:
            return existing, False
        call = Call(**call_values(data["call"], now=now))
        call.full_clean()
        call._history_user = actor
        call.save()
        for name, model in ROWS.items():
            model.objects.bulk_create(_rows(model, call, data[name]))
        journal.record("call.loaded", call, actor=actor)
    return call, True


def terms_locked(call: Call, *, now) -> str:
    """Why the terms of this call may not change any more, in words; "" while they may."""
    if call.published_at is not None and call.opens_at <= now:
        return _(
            "The call has opened: applicants rely on its terms, which can no longer be changed. Copy the call to prepare another edition."
        )
    if call.applications.exclude(number=None).exists():
        return _("Applications have been submitted to this call: its terms can no longer be changed.")
    return ""


def has_unnotified(call: Call) -> bool:
    """Is a dossier before the committee, or decided, whose people were not told yet?"""
    return call.applications.filter(status__in=BEFORE_COMMITTEE, notified_at=None).exists()


def refused_changes(call: Call, *, now) -> dict:
    """Fields of this changed, unsaved call that may not take their new value: name → why. Empty when it can be saved."""
    before = Call.objects.filter(pk=call.pk).first()
    reasons = {}
    if call.results_published_at and call.results_published_at <= call.deadline_at:
        reasons["results_published_at"] = _("Results are published after the deadline.")
    if before is None:
        return reasons
    if call.results_published_at and call.results_published_at != before.results_published_at and has_unnotified(before):
        reasons["results_published_at"] = _("Results are published once every application brought before the committee has its letter.")
    locked = terms_locked(before, now=now)
    changed = _changes(before, call)
    if locked:
        reasons |= {name: locked for name in changed if name not in ALWAYS_EDITABLE}
    if locked and "deadline_at" in changed:
        reasons["deadline_at"] = _("The deadline of a call that has opened is extended on its own page, with a published reason.")
    return reasons


def save_call(*, call: Call, actor, now) -> Call:
    """Insert or update a call, journalled with each value before and after. Raises TermsLocked."""
    with transaction.atomic():
        before = Call.objects.select_for_update().filter(pk=call.pk).first()
        reasons = refused_changes(call, now=now)
        if reasons:
            raise TermsLocked(reasons)
        call._history_user = actor
        call.save()
        if before is None:
            journal.record("call.created", call, actor=actor)
        elif changes := _changes(before, call):
            journal.record("call.changed", call, actor=actor, data=changes)
    return call


@contextmanager
def changing_rows(*, call: Call, kind: str, actor, now, terms_were_free: bool = False):
    """Write rows of one kind (a key of ROWS) of a call inside the block; journalled. Raises TermsLocked before it.

    `terms_were_free`: the transaction around it found the terms free, then saved the call with dates that open it.
    """
    with transaction.atomic():
        locked = terms_locked(Call.objects.select_for_update().get(pk=call.pk), now=now)
        if locked and not terms_were_free and kind != "step_guidance":
            raise TermsLocked({kind: locked})
        yield
        journal.record("call.rows_changed", call, actor=actor, note=kind)


def delete_call(*, call: Call, actor, now) -> None:
    """Remove a call nobody relies on, rows included. Raises TermsLocked."""
    with transaction.atomic():
        locked = terms_locked(Call.objects.select_for_update().get(pk=call.pk), now=now)
        if locked:
            raise TermsLocked({"call": locked})
        journal.record("call.deleted", call, actor=actor)
        call.delete()


def copy_call(*, call: Call, actor, now, year: int | None = None) -> Call:
    """A new, unpublished edition with the terms and rows of `call`, its dates moved to `year`.

    Without `year`: the first year after both the call's own and the present one. Names that carry the year follow it.
    """
    year = year or max(call.year, clock.local(now).year) + 1
    values = {field.attname: getattr(call, field.attname) for field in Call._meta.concrete_fields if field.name not in NOT_COLUMNS_TO_COPY}
    values |= {name: _renewed(values[name], call.year, year) for name in ("title_fr", "title_ar", "title_en")}
    with transaction.atomic():
        new = Call(
            **values
            | {
                "slug": _free("slug", _renewed_code(call.slug, call.year, year)),
                "number_prefix": _free("number_prefix", _renewed_code(call.number_prefix, call.year, year)),
                "year": year,
                "base_year": call.base_year + year - call.year,
                "opens_at": _moved(call.opens_at, year - call.year),
                "deadline_at": _moved(call.deadline_at, year - call.year),
            }
        )
        new._history_user = actor
        new.save()
        for name, model in ROWS.items():
            model.objects.bulk_create([_copied(row, new) for row in getattr(call, name).all()])
        journal.record("call.copied", new, actor=actor, note=call.slug)
    return new


def _rows(model, call, rows):
    has_position = any(field.name == "position" for field in model._meta.concrete_fields)
    for number, row in enumerate(rows, start=1):
        values = flatten(row) | ({"position": number} if has_position else {})
        yield model(call=call, **values)


def _copied(row, call):
    row.pk, row.call = None, call
    row._state.adding = True
    return row


def _changes(before, after) -> dict:
    pairs = {field.name: (getattr(before, field.attname), getattr(after, field.attname)) for field in Call._meta.concrete_fields}
    return {name: [str(old), str(new)] for name, (old, new) in pairs.items() if old != new}


def _renewed(text, old_year, new_year):
    return text.replace(str(old_year), str(new_year))


def _renewed_code(text, old_year, new_year):
    renewed = _renewed(text, old_year, new_year)
    return renewed if renewed != text else f"{text}-{new_year}"


def _free(field, wanted):
    """`wanted`, else the first of wanted-2, wanted-3… no call has."""
    candidate, number = wanted, 2
    while Call.objects.filter(**{field: candidate}).exists():
        candidate, number = f"{wanted}-{number}", number + 1
    return candidate


def _moved(moment, years):
    """The same day and wall-clock time in Morocco, `years` later; 29 February becomes 28."""
    here = clock.local(moment)
    day = 28 if (here.month, here.day) == (2, 29) else here.day
    return here.replace(year=here.year + years, day=day)
