"""What these tests share: accounts: login by e-mail, roles, where each role lands and what it sees, sign-up, and what pages never tell."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from clusters_portal.accounts.models import User

PASSWORD = "une-phrase-de-passe-longue"
LOGIN, SIGNUP, RESET = "/compte/login/", "/compte/signup/", "/compte/password/reset/"


def make(email="salma@example.com", *codes, verified=True, **fields):
    user = User.objects.create_user(email, PASSWORD, **fields)
    user.groups.set(Group.objects.filter(name__in=codes))
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    return user


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session
