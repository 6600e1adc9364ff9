"""A13: what happened to a dossier, the latest first, in sentences, as its people or as DPTC may read it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters_portal.lib import clock
from clusters_portal.lib.bilingual import localized

from ..queries.history import entries_about
from ..steps import STEPS_BY_SLUG
from .table import APPLICANTS, DPTC, STAFF, TOLD

__all__ = ["APPLICANTS", "STAFF", "Event", "timeline_of"]


@dataclass(frozen=True)
class Event:
    """One line. `who` is a name, or the office that acted; `details` are further lines (the reasons of a refusal)."""

    at: datetime
    action: str
    sentence: str
    who: str
    details: tuple = ()


def timeline_of(application, *, audience: str, now) -> list[Event]:
    """Events of a dossier for one audience, the latest first. One query for DPTC, four for its people.

    Its people also read when steps were saved, one line per day and person; a decision only once it is notified.
    """
    everything = audience == STAFF or application.notified_at is not None
    actions = [action for action, told in TOLD.items() if audience in told.to and (everything or not told.when_notified)]
    pieces = _pieces(application) if audience == APPLICANTS else {}
    entries = [entry for entry in entries_about(application, actions) if TOLD[entry.action].when(entry, audience)]
    officials = _officials(entries) if audience == APPLICANTS else frozenset()
    found = [_event(entry, audience, pieces, officials) for entry in entries]
    if audience == APPLICANTS:
        found += _saves(application)
        found.sort(key=lambda event: event.at, reverse=True)
    return found


def _event(entry, audience, pieces, officials):
    told = TOLD[entry.action]
    sentence = told.sentence(entry) if callable(told.sentence) else told.sentence
    values = told.values(entry)
    if "piece" in values:
        values["piece"] = pieces.get(values["piece"], values["piece"])
    return Event(
        at=entry.at,
        action=entry.action,
        sentence=str(sentence) % values if values else str(sentence),
        who=_who(entry, told, audience, officials),
        details=tuple(str(line) for line in told.details(entry)),
    )


def _who(entry, told, audience, officials):
    """Applicants know the office that acted, never the officer."""
    if entry.actor_id is None:
        return _("The portal")
    if audience == STAFF:
        return entry.actor_label
    office = told.by(entry) if callable(told.by) else told.by
    return str(office or (DPTC if entry.actor_id in officials else entry.actor_label))


def _officials(entries) -> frozenset:
    """Those of the actors who work on the call: an officer may enter what an applicant brought on paper."""
    actors = {entry.actor_id for entry in entries}
    return frozenset(get_user_model().objects.filter(pk__in=actors, groups__isnull=False).values_list("pk", flat=True))


def _pieces(application) -> dict:
    return {piece.code: localized(piece, "label") for piece in application.call.document_requirements.all()}


def _saves(application) -> list[Event]:
    """The last save of each step, one line per day and person: hundreds of them make one draft."""
    states = [state for state in application.step_states.select_related("saved_by") if state.slug in STEPS_BY_SLUG]
    order = sorted(states, key=lambda state: (clock.today(state.saved_at), state.saved_by_id, state.saved_at))
    found = []
    for _key, group in groupby(order, key=lambda state: (clock.today(state.saved_at), state.saved_by_id)):
        group = list(group)
        sentence = ngettext("%(count)d step saved.", "%(count)d steps saved.", len(group)) % {"count": len(group)}
        labels = tuple(str(STEPS_BY_SLUG[state.slug].label) for state in group)
        found.append(Event(group[-1].saved_at, "step.saved", sentence, str(group[-1].saved_by), labels))
    return found
