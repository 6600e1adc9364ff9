from django.core.management.base import BaseCommand
from django.utils import translation

from clusters_portal.accounts.demo import demo_logins


class Command(BaseCommand):
    help = "Prints the logins of the demonstration, one a line."

    def handle(self, *args, **options):
        with translation.override("fr"):
            logins = demo_logins()
        width = max((len(login["role"]) for login in logins), default=0)
        for login in logins:
            self.stdout.write(f"  {login['role']:<{width}}  {login['email']}  ({login['password']})")
        if not logins:
            self.stdout.write("  No demonstration account yet: run `manage.py load_demo`.")
