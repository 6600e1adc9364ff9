"""What these tests share: the head of division, and a form sent to a page of the desk."""

from django.urls import reverse

from applications.tests.factories import make_user
from clusters_portal.accounts.roles import Role

URL = "/instruction/"


def head():
    return make_user(roles=[Role.DIVISION_HEAD])


def send(client, name, data, *args, query=""):
    return client.post(reverse(f"applications:{name}", args=args) + query, data)
