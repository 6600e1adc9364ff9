"""The purge of each night."""

from celery import shared_task

from . import purge


@shared_task(name="privacy.purge")
def purge_due() -> None:
    """Forget what the register says is no longer kept."""
    purge.run(apply=True)
