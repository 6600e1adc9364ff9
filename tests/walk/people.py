"""People of a browser walk: an account with a verified address, and the gesture of signing in."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from clusters_portal.accounts.models import User

PASSWORD = "un-mot-de-passe-solide"


def make_person(email, *, role=None, first_name="Prénom", last_name="Nom", is_staff=False) -> User:
    user = User.objects.create_user(email, PASSWORD, first_name=first_name, last_name=last_name, is_staff=is_staff)
    if role is not None:
        # A test with real transactions empties every table at its end, the groups made by the migration included.
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(page, user):
    """Type address and password on the sign-in page; lands on the person's own work list."""
    page.goto("/compte/login/")
    page.locator('input[name="login"]').fill(user.email)
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator('input[name="password"]').press("Enter")
    page.wait_for_url(lambda url: "/compte/login/" not in url)


def prove_again(page):
    """Type the password where the portal asks for it before an act that binds; nothing when it does not ask."""
    if "/reauthenticate/" in page.url:
        page.locator('input[name="password"]').fill(PASSWORD)
        page.locator('input[name="password"]').press("Enter")
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)
