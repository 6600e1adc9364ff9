"""The schedule without a broker: what Celery's beat would send to a worker, `manage.py tick` runs itself.

The entries are those of `clusters_portal/celery.py`. The last run of each is in the database, and is claimed by whoever moves
it: two ticks at once run each entry once.
"""

import logging
from collections.abc import Iterator
from copy import copy
from datetime import UTC, datetime

from celery import current_app
from celery.schedules import maybe_schedule

from ..lib import clock
from .models import ScheduledRun

NEVER = datetime(2000, 1, 1, tzinfo=UTC)
logger = logging.getLogger(__name__)


def run_due() -> Iterator[tuple[str, bool]]:
    """Run each entry whose time has come, in this process; yields its name and whether it went well.

    A task that fails is logged and keeps none of the others from running; it has its next turn at its next time.
    """
    current_app.loader.import_default_modules()
    for name, entry in current_app.conf.beat_schedule.items():
        if not _claim(name, entry["schedule"]):
            continue
        try:
            current_app.tasks[entry["task"]](*entry.get("args", ()))
        except Exception:  # whatever a task raises
            logger.exception("The scheduled task %s failed", entry["task"])
            yield name, False
        else:
            yield name, True


def _claim(name, every) -> bool:
    """Whether this process is the one to run the entry now."""
    run, _created = ScheduledRun.objects.get_or_create(name=name, defaults={"last_run_at": NEVER})
    schedule = copy(maybe_schedule(every, app=current_app))
    schedule.nowfun = clock.now
    if not schedule.is_due(run.last_run_at).is_due:
        return False
    # The minute and not the second: cron is never quite on time, and a run each minute must not become one in two.
    minute = clock.now().replace(second=0, microsecond=0)
    return ScheduledRun.objects.filter(pk=run.pk, last_run_at=run.last_run_at).update(last_run_at=minute) == 1
