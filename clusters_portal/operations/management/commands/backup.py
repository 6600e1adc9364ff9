from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from clusters_portal.operations import backups


class Command(BaseCommand):
    help = "Writes a backup into a new folder: the database, the private files, and a manifest with their hashes and the counts of rows."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, help="a folder that does not exist yet (DATA_DIR/backups/<date> unless told)")
        parser.add_argument("--check", action="store_true", help="only check that every part of an existing backup is whole")

    def handle(self, *args, folder=None, check=False, **options):
        folder = folder or backups.default_folder()
        try:
            manifest = backups.read(folder) if check else backups.make(folder)
        except backups.BackupFault as fault:
            raise CommandError(str(fault)) from None
        said = "is whole" if check else "written"
        rows = sum(manifest["counts"].values())
        self.stdout.write(f"Backup {said}: {folder} ({manifest['database']}, {rows} rows, {len(manifest['files'])} files).")
