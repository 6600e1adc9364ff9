"""Carrying the self-test into a dossier: the only moment at which its figures are stored."""

from django.db import transaction

from clusters_portal.lib.amounts import plain_amount

from ..models import Application
from ..rules.facts import OWN_RESOURCE_DETAILED_LINE, PRIVATE
from ..steps import STEPS_BY_CODE
from .drafts import create_application, save_step

BUDGET, IDENTITY = STEPS_BY_CODE["budget"], STEPS_BY_CODE["identity"]


@transaction.atomic
def start_from_self_test(*, call, association_name: str, amounts: dict, private_part, actor, identity: dict) -> Application:
    """Open a draft whose budget of year 1 holds `amounts` ({heading code: DH or None}) and the private part of other income.

    `identity` is {field of the association: text as one types it}, "" where nothing was said.

    Raises what `drafts.create_application` raises: an existing dossier is never written over.
    """
    application = create_application(call=call, association_name=association_name, actor=actor)
    data = {f"lines-{code}_y1": plain_amount(amount) for code, amount in amounts.items() if amount is not None}
    if private_part:
        data |= {"details-TOTAL": "1", "details-0-heading": OWN_RESOURCE_DETAILED_LINE, "details-0-nature": PRIVATE}
        data["details-0-y1"] = plain_amount(private_part)
    if data:
        save_step(application=application, step=BUDGET, data=data, actor=actor)
    told = {f"identity-{name}": text for name, text in identity.items() if text}
    if told:
        told["association-name_fr"] = application.association.name_fr  # a step is saved whole
        save_step(application=application, step=IDENTITY, data=told, actor=actor)
    return application
