"""The sign that the schedule and its workers are alive."""

from celery import shared_task

from ..derived import queues
from ..lib import clock
from ..notifications.models import ScheduledRun

SIGN = "sign of life of the queue "


@shared_task(name="operations.heartbeat")
def heartbeat(queue: str = queues.DEFAULT) -> None:
    """Sent every minute by the schedule through each queue, like its other tasks: its age is that of the queue."""
    ScheduledRun.objects.update_or_create(name=SIGN + queue, defaults={"last_run_at": clock.now()})
