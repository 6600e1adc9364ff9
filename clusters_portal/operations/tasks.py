"""The sign that the schedule and its workers are alive."""

from celery import shared_task

from ..lib import clock
from ..notifications.models import ScheduledRun

HEARTBEAT = "heartbeat of the workers"


@shared_task(name="operations.heartbeat")
def heartbeat() -> None:
    """Sent every minute by the schedule, through the same queue as all the others: its age is that of the queue."""
    ScheduledRun.objects.update_or_create(name=HEARTBEAT, defaults={"last_run_at": clock.now()})
