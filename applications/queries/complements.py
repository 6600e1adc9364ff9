"""Complement requests: the one that stands on a dossier, and what it reopens."""

import re
from dataclasses import dataclass, field

from django.db.models import Q

from ..models import ComplementRequest
from ..models.years import YEAR_FIELDS

CELL_OF_A_YEAR = re.compile(rf"(.+)_(?:{'|'.join(YEAR_FIELDS)})")


@dataclass(frozen=True)
class Scope:
    """What may be changed: `parts` {(step slug, part key): names of the open fields, empty for the whole part}, `pieces` {keys}."""

    parts: dict = field(default_factory=dict)
    pieces: frozenset = frozenset()

    def of_step(self, slug) -> dict:
        """{part key: names of its open fields} of one step; {} when none of it is open."""
        return {part: names for (step, part), names in self.parts.items() if step == slug}

    def takes(self, slug, name) -> bool:
        """Is the input `name` of a step open? `strategy-vision`, `lines-staff_costs_y1`, `fees-0-amount`…"""
        for part, names in self.of_step(slug).items():
            if name == part or name.startswith(f"{part}-"):
                rest = name[len(part) + 1 :]
                cell = CELL_OF_A_YEAR.fullmatch(rest)
                if not names or rest in names or (cell and cell[1] in names):
                    return True
        return False


def request_of(application) -> ComplementRequest | None:
    """The request that stands on a dossier, whatever became of it; else the last one that was cancelled."""
    found = application.complement_requests.select_related("deposit", "answer", "asked_by", "cancelled_by")
    return min(found, key=lambda request: (request.cancelled_at is not None, -request.asked_at.timestamp()), default=None)


def standing_requests(keys) -> dict:
    """{application key: its request that was not cancelled}; one query."""
    return {r.application_id: r for r in ComplementRequest.objects.filter(application__in=keys, cancelled_at=None)}


def requests_in(state, now) -> Q:
    """The requests that are open, answered or overdue at a moment, as a condition."""
    start = now.replace(microsecond=0)  # the due second itself is included
    waiting = Q(answer=None, cancelled_at=None)
    return {"open": waiting & Q(due_at__gte=start), "overdue": waiting & Q(due_at__lt=start), "answered": Q(answer__isnull=False)}[state]


def scope_of(request) -> Scope:
    """What a request reopens. One query."""
    parts, pieces = {}, set()
    for item in request.items.all():
        if item.requirement_id:
            pieces.add(item.requirement_id)
        elif item.field:
            parts.setdefault((item.step, item.part), set()).add(item.field)
        else:
            parts[item.step, item.part] = set()
    return Scope({place: frozenset(names) for place, names in parts.items()}, frozenset(pieces))
