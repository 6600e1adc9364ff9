from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from evaluation import demonstration


class Command(BaseCommand):
    help = "Loads the demonstration once: people of every role, dossiers, evaluations. A second run changes nothing."

    def handle(self, *args, **options):
        if not settings.DEMO_MODE:
            raise CommandError("DEMO_MODE is off: fictitious people and dossiers are never loaded into a real portal.")
        if demonstration.load():
            self.stdout.write("Demonstration loaded.")
        else:
            self.stdout.write("The demonstration is already there: nothing changed.")
