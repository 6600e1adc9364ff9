from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from clusters_portal.operations import backups


class Command(BaseCommand):
    help = "Puts a backup back in the place of the database and the files, then proves it: counts, journal, guards and hashes of files."
    requires_system_checks = []  # there may be no database yet

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--replace", action="store_true", help="yes, what the database holds now is lost")

    def handle(self, *args, folder, replace=False, **options):
        if not replace:
            raise CommandError("What the database holds now would be lost. Stop the servers and workers, then say --replace.")
        try:
            manifest = backups.put_back(folder)
        except backups.BackupFault as fault:
            raise CommandError(str(fault)) from None
        rows = sum(manifest["counts"].values())
        self.stdout.write(f"Restored and verified: {rows} rows, {len(manifest['files'])} files, the journal is intact.")
