"""Who may see which application: a queryset per reader, empty for those who may see nothing."""

from django.conf import settings
from django.db.models import F, Q
from django.utils.module_loading import import_string

from clusters_portal.accounts.roles import Role, has_role

from ..models import Application
from ..models.content import OnePerApplication

# Who reads every submitted application. Evaluators and committee members read through `evaluation`, after their
# declaration of interests; a technical administrator reads no content (evaluation.md 1.3).
READERS_OF_SUBMITTED = (Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.COUNTER_AGENT, Role.AUDITOR)


def applications_visible_to(user):
    """Applications this person may open: his own in any state, submitted ones for DPTC and auditors."""
    if not user.is_authenticated or not user.is_active:
        return Application.objects.none()
    allowed = Q(collaborators__user=user)
    if has_role(user, *READERS_OF_SUBMITTED):
        allowed |= ~Q(status=Application.Status.DRAFT) & ~Q(pk__in=_barred(user))
    return Application.objects.filter(allowed).select_related("call", "association").distinct()


def own_applications(user):
    """Applications on which this person is the mandatary or an editor; each row knows the person's role on it."""
    found = Application.objects.filter(collaborators__user=user).select_related("call", "association")
    return found.annotate(reader_id=F("collaborators__user"), reader_role=F("collaborators__role"))


def with_single_rows(applications):
    """The same applications, each read together with its single rows (identity, strategy…): one query instead of six."""
    joined = [relation.name for relation in Application._meta.related_objects if issubclass(relation.related_model, OnePerApplication)]
    return applications.select_related(*joined)


def submitted_applications(user):
    """Applications DPTC and auditors work on; nothing for anyone else."""
    if not has_role(user, *READERS_OF_SUBMITTED):
        return Application.objects.none()
    found = Application.objects.exclude(status=Application.Status.DRAFT).exclude(pk__in=_barred(user))
    return found.select_related("call", "association", "assignee")


def _barred(user):
    """Identifiers of dossiers in which this person declared an interest: it beats every role. Asked of the judging floor by name."""
    return import_string(settings.BARRED_APPLICATIONS)(user)
