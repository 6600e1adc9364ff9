import json
from datetime import date, timedelta
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from clusters_portal.audit import digest
from clusters_portal.lib import clock


def day_of(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}” is no day: write 2026-07-28.") from None


class Command(BaseCommand):
    help = "Writes the digest of one day of the journal as JSON (yesterday unless told), or compares one kept elsewhere with the journal."

    def add_arguments(self, parser):
        parser.add_argument("--day", help="the day in Casablanca, as 2026-07-28")
        parser.add_argument("--compare", metavar="FILE", type=Path, help="a digest written earlier")

    def handle(self, *args, day=None, compare=None, **options):
        try:
            if compare is not None:
                self._compare(compare)
                return
            found = digest.digest_of(day_of(day) if day else clock.today() - timedelta(days=1))
        except digest.NotSealedYet as waiting:
            raise CommandError(str(waiting)) from None
        self.stdout.write(json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False))

    def _compare(self, path):
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            fault = digest.difference(kept)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        except (ValueError, AttributeError):
            raise CommandError(f"{path} is no digest of the journal.") from None
        if fault:
            raise CommandError(fault)
        self.stdout.write(f"The journal of {kept['day']} is what it was.")
