"""What the tests of complement requests share: a deposited dossier of a closed call that allows them, and a request."""

from datetime import timedelta

from applications.models import Call
from applications.services.complements import Asked, ask
from applications.steps import STEPS_BY_SLUG
from clusters_portal.lib import clock

from .builders import DECLARATION, deposited_application
from .factories import make_call
from .staff_fixtures import officer

OVERALL, PIECE, FEES, LINE = "strategie.strategy.overall", "piece:ADM_RI", "gouvernance.fees", "budget.lines.staff_costs"
STRATEGY = STEPS_BY_SLUG["strategie"]
NEW = {"strategy-overall": "Une stratégie complétée."}
SOON = timedelta(days=1)
FORM = {**DECLARATION, "accept": "on", "other_documents": ""}


def closed_deposit(user, *, slug="appel-essai", complement_allowed=True):
    """(application, deposit) of a call that closed a minute ago."""
    call = make_call(slug, complement_allowed=complement_allowed)
    application, made = deposited_application(call=call, user=user)
    closed = (clock.now() - timedelta(minutes=1)).replace(microsecond=0)
    Call.objects.filter(pk=call.pk).update(deadline_at=closed)
    return type(application).objects.select_related("call", "association").get(pk=application.pk), made


def ask_for(application, *keys, days=10, actor=None, question="Merci de préciser."):
    """A request of a case officer, due in `days` days to the second."""
    due_at = (clock.now() + timedelta(days=days)).replace(microsecond=0)
    items = [Asked(key, question) for key in keys or (OVERALL, PIECE)]
    return ask(application=application, items=items, reason="Le dossier est à compléter.", due_at=due_at, actor=actor or officer())


def requirement(application, code):
    return application.call.document_requirements.get(code=code)
