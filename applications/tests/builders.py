"""Fill a dossier from a sample file through the services, with inputs as a browser would send them."""

from functools import cache

from applications.demonstration.samples import form_data, read_sample
from applications.queries import Dossier
from applications.services.deposit import deposit
from applications.services.documents import attach
from applications.services.drafts import save_step
from applications.steps import STEPS_BY_SLUG

from . import stamp
from .factories import make_application, pdf_file

DECLARATION = {
    "version": "2026",
    "civility": "mr",
    "first_name": "Youssef",
    "last_name": "Tahiri",
    "quality_organisation": "Dirigeant",
    "quality_association": "Président",
    "association": "Cluster Fil-Atlas Textiles Techniques",
    "legal_form": "Association",
    "other_documents": [],
    "place": "Nouaceur",
    "date": "2026-07-20",
}


@cache
def sample(name: str = "a-textile") -> dict:
    return read_sample(name)


def inputs_of(name: str = "a-textile") -> dict:
    """{step slug: {input name: text or list of texts}} of a sample, as typed in the pages."""
    return form_data(sample(name))


def fill(application, *, actor, name: str = "a-textile", pieces: bool = True) -> None:
    """Save every step of the sample, and upload one page for each required piece."""
    fresh = stamp.is_fresh(application, actor)
    if fresh:
        _fill_fresh(application, actor, name)
    else:
        _save_steps(application, actor, name)
    if pieces and fresh:
        _attach_fresh(application, actor)
    elif pieces:
        _attach(application, actor)


def _save_steps(application, actor, name):
    for slug, data in inputs_of(name).items():
        save_step(application=application, step=STEPS_BY_SLUG[slug], data=data, actor=actor)


def _attach(application, actor):
    for requirement in application.call.document_requirements.filter(required=True):
        attach(application=application, requirement=requirement, upload=pdf_file(f"{requirement.code}.pdf"), actor=actor)


_stamps: dict = {}


def _fill_fresh(application, actor, name):
    """Eleven steps through the services take half a second, and a thousand tests ask for them: once, then from what they wrote."""
    key = name, stamp.terms_of(application.call)
    if key in _stamps:
        stamp.print_on(_stamps[key], application, actor)
    else:
        _save_steps(application, actor, name)
        _stamps[key] = stamp.take(application)


def _attach_fresh(application, actor):
    """Eight files cost as much again: read and checked by the service once, then written as it wrote them."""
    key = "pieces", stamp.terms_of(application.call)
    if key in _stamps:
        stamp.print_pieces(_stamps[key], application, actor)
    else:
        _attach(application, actor)
        _stamps[key] = stamp.take_pieces(application)


def filled_application(*, call=None, user, name: str = "a-textile"):
    """A complete, eligible draft."""
    application = make_application(call=call, user=user, name=sample(name)["association"]["name_fr"])
    fill(application, actor=user, name=name)
    return application


def deposited_application(*, call=None, user, name: str = "a-textile"):
    """(application, deposit) of a complete dossier."""
    application = filled_application(call=call, user=user, name=name)
    made = deposit(application=application, declaration=DECLARATION, actor=user)
    application.refresh_from_db()
    return application, made


def dossier_of(application) -> Dossier:
    return Dossier(type(application).objects.select_related("call", "association").get(pk=application.pk))
