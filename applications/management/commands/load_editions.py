"""`manage.py load_editions`: the 2026, 2023 and demonstration calls, created once and never overwritten."""

from django.core.management.base import BaseCommand

from applications.services.calls import load_edition
from applications.services.editions import SHIPPED, read_edition
from clusters_portal.lib import clock


class Command(BaseCommand):
    help = "Create the calls shipped with the portal. A call that exists is left as it is."

    def handle(self, *args, **options):
        for name in SHIPPED:
            call, created = load_edition(read_edition(name), now=clock.now())
            if options["verbosity"]:
                self.stdout.write(f"  {call.slug}: {'created' if created else 'already there, left as it is'}")
