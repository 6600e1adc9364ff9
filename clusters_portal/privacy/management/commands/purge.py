"""`manage.py purge`: what the register says is no longer kept. Counts only, unless told to `--apply`."""

from django.core.management.base import BaseCommand

from clusters_portal.privacy import purge


class Command(BaseCommand):
    help = "Count what is due to be forgotten, by class of data; with --apply forget it and tell people what comes next."

    def add_arguments(self, parser):
        parser.add_argument("--apply", action="store_true", help="do it: without this nothing changes")

    def handle(self, *args, apply=False, **options):
        for code, counts in purge.run(apply=apply).items():
            self.stdout.write(f"{code}: {counts.gone} gone, {counts.told} told, {counts.kept} kept" if apply else
                              f"{code}: {counts.gone} would go, {counts.told} would be told")  # fmt: skip
        if not apply:
            self.stdout.write("Nothing was changed. Run again with --apply to do it.")
