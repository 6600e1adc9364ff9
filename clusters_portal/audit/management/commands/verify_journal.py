from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from clusters_portal.audit import journal, triggers
from clusters_portal.audit.models import AuditEntry


class Command(BaseCommand):
    help = "Seals what is not sealed yet and checks the whole journal and its guards; exits with an error naming the first bad row."

    def handle(self, *args, **options):
        while journal.seal():
            pass
        fault = journal.first_fault()
        if fault:
            raise CommandError(fault)
        unguarded = sorted({table for table, _kind in triggers.missing(connection)})
        if unguarded:
            raise CommandError(f"The database no longer refuses changes of {', '.join(unguarded)}: “manage.py migrate” puts that right.")
        self.stdout.write(f"Journal intact: {AuditEntry.objects.count()} entries.")
