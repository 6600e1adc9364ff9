from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from clusters_portal.operations.doctor import examine


class Command(BaseCommand):
    help = "Asks everything this server needs whether it is there and set, and says in words what is wrong and what to do."
    requires_system_checks = []  # their findings are part of the answer

    def handle(self, *args, **options):
        with translation.override("en"):
            self.report(examine())

    def report(self, found):
        for finding in found:
            mark = "ok    " if finding.well else "WRONG " if finding.vital else "advice"
            self.stdout.write(f"{mark}  {finding.name}: {finding.said}")
            if not finding.well and finding.remedy:
                self.stdout.write(f"        {finding.remedy}")
        wrong = [finding.name for finding in found if not finding.well and finding.vital]
        if wrong:
            raise CommandError(f"To put right: {', '.join(wrong)}.")
