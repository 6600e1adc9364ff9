from zipfile import BadZipFile

from django.core.management.base import BaseCommand, CommandError

from clusters_portal.lib.zip_manifest import first_fault, manifest_of
from evaluation.services.archive import is_sealed


class Command(BaseCommand):
    help = "Checks every entry of the archive of a call against its manifest; exits with an error naming the first bad one."

    def add_arguments(self, parser):
        parser.add_argument("zip", help="the archive, as it was downloaded")

    def handle(self, *args, **options):
        path = options["zip"]
        fault = first_fault(path)
        if fault:
            raise CommandError(fault)
        try:
            manifest, _sha256 = manifest_of(path)
            sha256, known = is_sealed(path)
        except (BadZipFile, KeyError, ValueError, OSError) as error:
            raise CommandError(f"{path}: the manifest cannot be read ({error}).") from error
        self.stdout.write(f"Archive intact: {len(manifest['entries'])} entries, {len(manifest['left_out'])} left out.")
        for row in [*manifest["left_out"], *manifest["altered"]]:
            self.stdout.write(f"  {row['path']}: {row['reason']}")
        self.stdout.write(f"Manifest {sha256}: {'recorded in the journal.' if known else 'NOT in the journal of this portal.'}")
