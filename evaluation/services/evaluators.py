"""The people who evaluate, and what DPTC records of them."""

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role, has_role
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text
from evaluation.models import EvaluatorProfile
from evaluation.rules import commitment
from evaluation.services.refusals import Refused

FIELDS = ("expertise", "min_load", "max_load", "confidentiality_signed_on")

UNSEEN = object()


def evaluators():
    """Active people with the evaluator role, by name."""
    return User.objects.filter(is_active=True, groups__name=Role.EVALUATOR).order_by("last_name", "first_name", "pk")


def profile_of(person) -> EvaluatorProfile:
    """The profile of an evaluator, not saved yet when nothing was ever recorded."""
    return EvaluatorProfile.objects.filter(user=person).first() or EvaluatorProfile(user=person)


@transaction.atomic
def sign_commitment(*, actor) -> EvaluatorProfile:
    """Sign the commitment of confidentiality for oneself, today: from now on what one is assigned to opens. Journals the text
    signed, in the language it was read in. Signed already, nothing changes.

    Raises Refused: not an evaluator.
    """
    actor = User.objects.select_for_update().get(pk=actor.pk)
    if not has_role(actor, Role.EVALUATOR):
        raise Refused(_("%(person)s is not an evaluator.") % {"person": actor}, "not_evaluator")
    profile = profile_of(actor)
    if profile.confidentiality_signed_on is None:
        profile.confidentiality_signed_on = clock.today()
        profile.save()
        text = [str(paragraph) for paragraph in commitment.PARAGRAPHS]
        after = str(profile.confidentiality_signed_on)
        journal.record("evaluator.commitment", profile, actor=actor, after=after, data={"language": get_language(), "text": text})
    return profile


@transaction.atomic
def save_profile(
    *, person, actor, employer, expertise, min_load, max_load, confidentiality_signed_on, seen_signed_on=UNSEEN
) -> EvaluatorProfile:
    """Record an evaluator's employer, expertise (section codes), loads per call and signed commitment. Journals what changed.

    ``seen_signed_on``: the signature the page showed; signed meanwhile by the evaluator, it is not erased by that page.
    Raises Refused: not an evaluator, loads out of order, a commitment dated in the future, or signed meanwhile.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if not has_role(person, Role.EVALUATOR):
        raise Refused(_("%(person)s is not an evaluator.") % {"person": person}, "not_evaluator")
    if max_load is not None and max_load < (min_load or 0):
        raise Refused(_("The greatest number of applications is smaller than the least: change one of them."), "loads")
    if confidentiality_signed_on and confidentiality_signed_on > clock.today():
        raise Refused(_("The commitment cannot be signed in the future."), "future")
    profile = profile_of(person)
    if seen_signed_on not in (UNSEEN, profile.confidentiality_signed_on):
        raise Refused(_("The commitment was signed or changed since this page was opened: read it again."), "signed_meanwhile")
    before = _said(profile, person)
    values = (tuple(expertise or ()), min_load or 0, max_load, confidentiality_signed_on)
    for name, value in zip(FIELDS, values, strict=True):
        setattr(profile, name, value)
    person.employer = clean_text(employer, multiline=False)[:150]
    after = _said(profile, person)
    if profile.pk is None or after != before:
        profile.save()
        person.save(update_fields=["employer"])
        changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        journal.record("evaluator.profile", profile, actor=actor, data=changes)
    return profile


def _said(profile, person) -> dict:
    """The profile in plain texts, for the journal."""
    return {"employer": person.employer, **{name: _text(getattr(profile, name)) for name in FIELDS}}


def _text(value) -> str:
    return " ".join(value) if isinstance(value, (tuple, list)) else "" if value is None else str(value)
