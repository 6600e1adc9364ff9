"""What these tests share: a save as the script of the page sends it."""

from django.urls import reverse

from applications.demonstration.samples import rows
from applications.services.drafts import save_step
from applications.steps import STEPS_BY_SLUG

SCRIPT = {"HTTP_ACCEPT": "application/json"}
SEALED = "seal"


def address(application, slug="strategie"):
    return reverse("applications:step", args=[application.pk, slug])


def autosave(client, application, slug, data, version=0, **headers):
    return client.post(address(application, slug), {"version": str(version), **data}, **SCRIPT, **headers)


def save(application, actor, slug, data):
    return save_step(application=application, step=STEPS_BY_SLUG[slug], data=data, actor=actor)


def fees(*names):
    return rows("fees", [{"category": name} if isinstance(name, str) else name for name in names])
