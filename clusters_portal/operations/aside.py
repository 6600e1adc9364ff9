"""Starting work of minutes that nobody should wait behind.

With a broker it is a task like any other. Without one tasks run inline, and a page that answers after five minutes does not
answer: such a task then has a thread of this process. A process that stops takes it along, so what is started here must be
able to tell by its own rows that it was cut short.
"""

from threading import Thread

from django.conf import settings
from django.db import connections


def start(task, *args) -> None:
    """Run `task` (a Celery task; `args`: ids) without making the caller wait. Call it after the commit."""
    if settings.LONG_TASKS_IN_THREADS:
        Thread(target=_alone, args=(task, *args), name=task.name, daemon=True).start()
    else:
        task.delay(*args)


def _alone(task, *args) -> None:
    try:
        task.delay(*args)  # inline, with the signals of a task: a failure is noted like a worker's
    finally:
        connections.close_all()
