"""`manage.py tick`: run what is due, without a broker. Once a minute from cron, or beside a server."""

import os
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from clusters_portal.notifications.schedule import run_due

EVERY = 60  # seconds


class Command(BaseCommand):
    help = "Run the scheduled tasks that are due: waiting mails, reminders, nightly checks. Two at once do no harm."

    def add_arguments(self, parser):
        help_text = "start again every minute, as long as this process is the one that started the command"
        parser.add_argument("--beside", type=int, metavar="PID", help=help_text)

    def handle(self, *args, beside=None, **options):
        if beside is None:
            failed = self._tick(options["verbosity"])
            if failed:
                raise CommandError(f"These tasks failed, the log says why: {', '.join(failed)}")
            return
        try:
            while os.getppid() == beside:
                close_old_connections()
                self._tick(options["verbosity"])
                self._wait(beside)
        except KeyboardInterrupt:
            return

    def _tick(self, verbosity) -> list[str]:
        done = list(run_due())
        if verbosity:
            for name, went_well in done:
                self.stdout.write(f"{name}: {'done' if went_well else 'failed'}")
        return [name for name, went_well in done if not went_well]

    def _wait(self, beside):
        """A minute, looking once a second whether the server is still there."""
        for _second in range(EVERY):
            if os.getppid() != beside:
                return
            time.sleep(1)
