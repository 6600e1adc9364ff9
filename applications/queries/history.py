"""What the journal says of one dossier: entries about it and about what hangs on it."""

from django.db.models import CharField, Q
from django.db.models.functions import Cast

from clusters_portal.audit.models import AuditEntry

from ..models import AdmissibilityCheck, ComplementRequest, Deposit, LateDecision, Message, PaperDeposit

# What hangs on a dossier and may be the object of an entry, with the way back to the dossier.
HANGING = {
    AdmissibilityCheck: "deposit__application",
    ComplementRequest: "application",
    Deposit: "application",
    LateDecision: "paper__application",
    Message: "application",
    PaperDeposit: "application",
}


def entries_about(application, actions):
    """Journal entries of these actions about a dossier, what hangs on it, or its call since it exists; the latest first.

    One query.
    """
    about = Q(object_type=application._meta.label_lower, object_id=str(application.pk))
    about |= Q(object_type=application.call._meta.label_lower, object_id=str(application.call_id), at__gte=application.created_at)
    for model, way in HANGING.items():
        keys = model._default_manager.filter(**{way: application.pk}).order_by().annotate(key=Cast("pk", CharField())).values("key")
        about |= Q(object_type=model._meta.label_lower, object_id__in=keys)
    return AuditEntry.objects.filter(about, action__in=actions).order_by("-at", "-id")
