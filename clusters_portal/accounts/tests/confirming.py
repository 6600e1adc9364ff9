"""For tests of acts that ask again who one is (`accounts.reauthentication.confirmed`)."""

import time

from django.contrib.auth import SESSION_KEY


def just_confirmed(client):
    """Whoever is signed in has proved again who they are a moment ago, as allauth notes it. Returns the client."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = session[SESSION_KEY]
    session.save()
    return client
