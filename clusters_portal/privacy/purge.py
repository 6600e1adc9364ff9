"""Forgetting what the register says is no longer kept: never a deposit, a mark, a decision nor the journal, which have no purge.

Each row goes in a transaction of its own: one that cannot go keeps no other from going, and has its next turn tomorrow.
"""

import logging
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.module_loading import import_string

from ..audit import journal
from ..lib import clock
from ..lib.retention import months_later
from .models import PurgeNotice, PurgeRun
from .register import REGISTER

BATCH = 2000  # rows of a class in one run; the rest the next day
logger = logging.getLogger(__name__)


@dataclass
class Counts:
    """Rows forgotten, rows whose people were told, rows that were due and could not go."""

    gone: int = 0
    told: int = 0
    kept: int = 0


def run(*, apply: bool) -> dict[str, Counts]:
    """{class: Counts} of what is due now. With `apply` it is done, and journalled when there was anything; else only counted."""
    now = clock.now()
    found = {}
    for treatment in REGISTER:
        if treatment.purge:
            purge = import_string(treatment.purge)
            found[treatment.code] = (_after_notice if treatment.notice_days else _at_once)(treatment, purge, now, apply=apply)
    if apply and any(any(asdict(counts).values()) for counts in found.values()):
        with transaction.atomic():
            counts = {code: asdict(each) for code, each in found.items()}
            made = PurgeRun.objects.create(at=now, counts=counts)
            journal.record("privacy.purged", made, actor=None, data=counts)
    return found


def _at_once(treatment, purge, now, *, apply) -> Counts:
    counts = Counts()
    for row in purge.due(months_later(now, -treatment.months))[:BATCH]:
        _forget(treatment, purge, row, counts, apply=apply)
    return counts


def _after_notice(treatment, purge, now, *, apply) -> Counts:
    """Told first; forgotten once the notice is over and nothing was done in between."""
    counts, notice = Counts(), timedelta(days=treatment.notice_days)
    end = months_later(now, -treatment.months)
    rows = list(purge.due(end + notice)[:BATCH])
    notices = PurgeNotice.objects.filter(data_class=treatment.code, object_id__in=[str(row.pk) for row in rows])
    told = dict(notices.values_list("object_id", "told_at"))
    for row in rows:
        since, at = purge.since(row), told.get(str(row.pk))
        if at is None or at < since:
            day = max(months_later(since, treatment.months), now + notice)
            counts.told += 1
            if apply:
                _tell(treatment, purge, row, day, now)
        elif at <= now - notice and since <= end:
            _forget(treatment, purge, row, counts, apply=apply)
    return counts


@transaction.atomic
def _tell(treatment, purge, row, day, now):
    purge.tell(row, day)
    PurgeNotice.objects.update_or_create(data_class=treatment.code, object_id=str(row.pk), defaults={"told_at": now})


def _forget(treatment, purge, row, counts, *, apply):
    gone = True
    if apply:
        key = str(row.pk)
        try:
            with transaction.atomic():
                gone = purge.forget(row)
                if gone:
                    PurgeNotice.objects.filter(data_class=treatment.code, object_id=key).delete()
        except (ProtectedError, RestrictedError, IntegrityError):  # attached to something that is kept
            gone = False
        except OSError:  # a file that cannot be removed now
            logger.exception("A row that is due could not be purged: %s %s", row._meta.label, key)
            gone = False
    counts.gone += gone
    counts.kept += not gone
