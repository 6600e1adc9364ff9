"""Noting a task that failed for good, and running it again."""

import logging

import structlog
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, transaction
from kombu.exceptions import OperationalError

from ..audit import journal
from ..lib import clock
from .models import FailedTask

logger = logging.getLogger(__name__)


class AlreadyRetried(Exception):
    """Somebody else was faster."""


class QueueAway(Exception):
    """The broker does not answer: the task stays among those to run again."""


def note(sender, task_id=None, exception=None, args=None, kwargs=None, **_rest) -> None:
    """Receiver of Celery's `task_failure`, sent once no further attempt will be made. Arguments are ids and short texts."""
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64]
    logger.error("task %s failed: %r", sender.name, exception)
    try:
        with transaction.atomic():
            FailedTask.objects.create(
                name=sender.name, args=list(args or ()), kwargs=dict(kwargs or {}), error=f"{type(exception).__name__}: {exception}"[:2000],
                request_id=request_id, failed_at=clock.now(),
            )  # fmt: skip
    except (DatabaseError, TypeError):  # the database is what failed, or an argument no JSON can hold: the log has it
        logger.exception("the failure of %s could not be noted", sender.name)


@transaction.atomic
def run_again(*, task: FailedTask, actor) -> FailedTask:
    """Send a failed task once more; a new failure is a new row. Journalled. Raises AlreadyRetried, or QueueAway: nothing changed then.

    Where tasks run inline it runs after the commit.
    """
    locked = FailedTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if locked.retried_at is not None:
        raise AlreadyRetried
    locked.retried_at, locked.retried_by = clock.now(), actor
    locked.save(update_fields=["retried_at", "retried_by"])
    journal.record("task.run_again", locked, actor=actor, note=locked.error, data={"args": locked.args})
    current_app.loader.import_default_modules()
    task = current_app.tasks[locked.name]
    if settings.CELERY_TASK_ALWAYS_EAGER:
        transaction.on_commit(lambda: task.delay(*locked.args, **locked.kwargs))
        return locked
    try:  # before the commit: either both are kept or none. Tasks bear to be run once too often
        task.delay(*locked.args, **locked.kwargs)
    except OperationalError as error:
        raise QueueAway from error
    return locked
