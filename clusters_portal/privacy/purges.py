"""How the data of this floor are forgotten, each as a `Purge` that the register names."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db.models import PROTECT, Exists, OuterRef
from django.db.models.functions import Coalesce
from django.urls import reverse

from ..accounts.models import User
from ..audit import journal
from ..lib.retention import Purge
from ..notifications import outbox
from ..notifications.models import Notice, OutgoingMail
from ..operations.models import FailedTask
from .models import DataRequest


def unattached():
    """People with no role, whom nothing names that must be kept: no dossier, no act, no entry of the journal."""
    found = User.objects.filter(groups=None, is_staff=False, is_superuser=False)
    for relation in User._meta.related_objects:
        if relation.on_delete is PROTECT:
            found = found.exclude(Exists(relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})))
    return found.annotate(used_at=Coalesce("last_login", "date_joined")).order_by("used_at")


def _forget_account(user) -> bool:
    journal.record("user.purged", user, actor=None)
    user.delete()
    return True


def _tell_account(user, day: datetime):
    outbox.tell(user, kind="account_unused", context={"day": day}, url=reverse("accounts:landing"))


def _erase_text(mail) -> bool:
    """The text goes, the proof that it was sent stays; so does a notice that was read."""
    if isinstance(mail, Notice):
        mail.delete()
    else:
        OutgoingMail.objects.filter(pk=mail.pk).update(body="")
    return True


def _told(before):
    mails = OutgoingMail.objects.filter(sent_at__lt=before).exclude(body="").order_by("pk")
    notices = Notice.objects.filter(read_at__lt=before).order_by("pk")
    return [*mails, *notices]


def _delete(row) -> bool:
    row.delete()
    return True


ACCOUNTS = Purge(
    due=lambda before: unattached().filter(used_at__lt=before).exclude(last_login=None),
    forget=_forget_account,
    since=lambda user: user.used_at,
    tell=_tell_account,
)
UNCONFIRMED = Purge(due=lambda before: unattached().filter(last_login=None, used_at__lt=before), forget=_forget_account)
MAILS = Purge(due=_told, forget=_erase_text)
SESSIONS = Purge(due=lambda before: UserSession.objects.filter(last_seen_at__lt=before).order_by("pk"), forget=_delete)
FAILURES = Purge(due=lambda before: FailedTask.objects.filter(retried_at__lt=before).order_by("pk"), forget=_delete)
REQUESTS = Purge(due=lambda before: DataRequest.objects.filter(answered_at__lt=before).order_by("pk"), forget=_delete)
