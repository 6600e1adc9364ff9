"""Dossiers that differ from a sample by the one thing a case is about, and pages read as a person reads them."""

import re
from copy import deepcopy
from html import unescape

from django.urls import reverse

from applications.demonstration.samples import form_data
from applications.services.documents import attach
from applications.services.drafts import save_step
from applications.steps import STEPS_BY_SLUG
from applications.tests.builders import DECLARATION, sample
from applications.tests.factories import make_application, make_call, pdf_file

DECLARED = {**DECLARATION, "accept": "on", "other_documents": ""}
NOT_READ = re.compile(r"<(script|style|svg|template)\b.*?</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def sample_with(name="b-hydrogene", *, members=None, income=None, expenses=None, **parts) -> dict:
    """A sample with other members, other amounts of year 1 ({heading: DH}) and other top-level parts."""
    changed = deepcopy(sample(name)) | parts
    if members is not None:
        changed["members"] = members
    for side, amounts in (("income_mad", income), ("expenses_mad", expenses)):
        for heading, amount in (amounts or {}).items():
            changed["budget"][side][heading][0] = amount
    return changed


def members(*, companies=0, others=0, potential=0) -> list[dict]:
    """Rows of a table of members, each a legal person of its own; only the companies qualify."""
    kinds = [("company", "engaged")] * companies + [("other", "engaged")] * others + [("company", "potential")] * potential
    return [member(f"Membre {number:03d}", category, engagement) for number, (category, engagement) in enumerate(kinds, 1)]


def member(name, category="company", engagement="engaged", ice="") -> dict:
    return {
        "name_fr": name, "name_ar": "", "category": category, "engagement": engagement, "ice": ice, "region": "MA-10", "nma_section": "C",
        "qualifies_60": category == "company", "representative": "", "size": "", "fee_mad": 50000,
    }  # fmt: skip


def filled(user, content=None, *, call=None, name="Cluster du cas", steps=None):
    """A draft whose every step and required piece is filled from `content` (a sample); `steps` adds inputs ({slug: {name: text}})."""
    application = make_application(call=call or make_call(), user=user, name=name)
    for slug, inputs in form_data(content or sample_with()).items():
        save_step(application=application, step=STEPS_BY_SLUG[slug], data={**inputs, **(steps or {}).get(slug, {})}, actor=user)
    for requirement in application.call.document_requirements.filter(required=True):
        attach(application=application, requirement=requirement, upload=pdf_file(f"{requirement.code}.pdf"), actor=user)
    return application


def address(name, application, *args) -> str:
    return reverse(f"applications:{name}", args=[application.pk, *args])


def read(page) -> str:
    """What the page says: no tags, one ordinary space between words."""
    text = TAG.sub(" ", NOT_READ.sub(" ", page.content.decode()))
    return " ".join(unescape(text).split())


def panel(client, application, slug="membres", typed=None) -> str:
    """What the live panel says of what is stored, or of what is typed in a step and not saved."""
    where = address("step_preview", application, slug)
    return read(client.get(where) if typed is None else client.post(where, typed))


def declare(client, application, **changes):
    """Send the declaration, which deposits."""
    return client.post(address("declare", application), {**DECLARED, **changes})


def standing_in_the_way(client, application) -> list[str]:
    """The sentences of « check your answers » on what forbids the deposit, spaces made ordinary."""
    page = client.get(address("check", application))
    return [" ".join(sentence.split()) for _address, _step, sentence in page.context["obstacles"]]
