"""How what was never submitted is forgotten, each as a `Purge` that the register of processing names.

A deposit, a paper file, a message or any other evidence on a dossier keeps the whole of it.
"""

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce
from django.urls import reverse

from clusters_portal.audit import journal
from clusters_portal.audit.models import AppendOnlyModel
from clusters_portal.lib.retention import Purge
from clusters_portal.notifications import outbox

from ..models import Application, Document, ImportDraft, Invitation, RemovedRow


def forgettable():
    """Drafts on which nothing was ever evidence, of calls that have closed."""
    found = Application.objects.filter(status=Application.Status.DRAFT, number=None).select_related("call", "association")
    for relation in Application._meta.related_objects:
        if issubclass(relation.related_model, AppendOnlyModel):
            found = found.exclude(Exists(relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})))
    return found.order_by("call__deadline_at", "pk")


def _forget_draft(application) -> bool:
    """The dossier, what hangs on it and its files. The files first: those whose rows were gone would be lost in the storage."""
    locked = Application.objects.select_for_update(of=("self",)).filter(pk=application.pk)
    if not forgettable().filter(pk__in=locked.values_list("pk", flat=True)).exists():
        return False  # deposited while we were coming
    documents = list(Document.objects.filter(application=application))
    for document in documents:
        document.file.delete(save=False)
    journal.record("application.purged", application, actor=None, data={"files": len(documents)})
    association = application.association
    application.delete()
    if not association.applications.exists():
        association.delete()
    return True


def _tell_people(application, day):
    context = {"association": application.association, "call": application.call, "day": day}
    for person in application.collaborators.select_related("user"):
        outbox.tell(person.user, kind="draft_unused", context=context, url=reverse("applications:archive", args=[application.pk]))


def _delete(row) -> bool:
    row.delete()
    return True


def _ended(before):
    """Invitations that were never accepted, and ended before that moment."""
    ended = Coalesce("revoked_at", "expires_at")
    return Invitation.objects.filter(accepted_at=None).alias(ended=ended).filter(ended__lt=before).order_by("pk")


def _put_aside(before):
    return [*ImportDraft.objects.filter(created_at__lt=before).order_by("pk"), *RemovedRow.objects.filter(removed_at__lt=before)]


DRAFTS = Purge(
    due=lambda before: forgettable().filter(call__deadline_at__lt=before),
    forget=_forget_draft,
    since=lambda application: application.call.deadline_at,
    tell=_tell_people,
)
INVITATIONS = Purge(due=_ended, forget=_delete)
IMPORTS = Purge(due=_put_aside, forget=_delete)
