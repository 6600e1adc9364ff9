"""What these tests share: moments around the deadline, and everything the counter may write."""

from datetime import timedelta

from applications.models import Countersignature, LateDecision, PaperDeposit
from applications.services.counter import RegisterEntry
from applications.tests.factories import hand_in
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice, OutgoingMail


def at(moment):
    return clock.set_to(moment)


def after(application, seconds):
    """So many seconds after the deadline."""
    return clock.set_to(application.call.deadline_at + timedelta(seconds=seconds))


def written():
    """Everything the counter may write."""
    return [model.objects.count() for model in (PaperDeposit, Countersignature, LateDecision, AuditEntry, Notice, OutgoingMail)]


def late(application, **found):
    with after(application, 300):
        return hand_in(application, **found)


def entered_later(application, agent, *, number="12", minutes=30):
    return hand_in(application, agent=agent, register=RegisterEntry(number, clock.now() - timedelta(minutes=minutes)))
