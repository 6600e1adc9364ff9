"""What these tests share: writing a draft through the services: nothing typed is lost, nobody is overwritten unseen."""

from applications.services.drafts import (
    save_step,
)
from applications.steps import STEPS_BY_SLUG, progress_of

from ..builders import dossier_of


def save(application, actor, slug, data, version=None):
    return save_step(application=application, step=STEPS_BY_SLUG[slug], data=data, actor=actor, version=version)


def state_of(application, slug):
    return {line.step.slug: line for line in progress_of(dossier_of(application))}[slug]
