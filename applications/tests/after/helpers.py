"""What these tests share: a deposited dossier, changed, deposited again, withdrawn."""

from datetime import timedelta

from django.urls import reverse

from applications.models import Application
from applications.services.deposit import deposit
from applications.services.drafts import save_step
from applications.steps import STEPS_BY_SLUG
from clusters_portal.lib import clock

from ..builders import DECLARATION, dossier_of, inputs_of

FORM = {**DECLARATION, "accept": "on", "other_documents": ""}
SECOND = timedelta(seconds=1)


def address(application, name, *args):
    return reverse(f"applications:{name}", args=[application.pk, *args])


def fresh(application):
    return Application.objects.get(pk=application.pk)


def change(application, actor, text="Autre accompagnement"):
    data = {**inputs_of()["start-up"], "startups-preparation": text}
    save_step(application=application, step=STEPS_BY_SLUG["start-up"], data=data, actor=actor)


def save_again(application, actor):
    """Save a step with what it already holds."""
    step = STEPS_BY_SLUG["territoire"]
    form = step.bind(dossier_of(application)).parts[0].form
    save_step(application=application, step=step, data=dict(form.data), actor=actor)


def again(application, actor, **kwargs):
    return deposit(application=application, declaration=DECLARATION, actor=actor, **kwargs)


def wordings(client):
    return [wording.text for _application, wording in client.get(reverse("applications:my_applications")).context["lines"]]


def dated(moment):
    return {"day": clock.format_day(moment), "time": clock.format_time(moment)}
