"""Declarations, assignments, runs and decisions in the administration site: to browse, never to write."""

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from clusters_portal.accounts.admin_rights import ReadOnlyAdminMixin
from clusters_portal.accounts.roles import Role, has_role
from evaluation.models import Assignment, ConflictDeclaration, Decision, Ranking, RankingLine
from evaluation.queries import BEFORE_COMMITTEE, barred_applications


class RecordAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """Rows about dossiers; those barred to the reader by a declared interest are absent, as everywhere."""

    view_roles = (Role.DIVISION_HEAD, Role.AUDITOR)
    superusers = False

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(application__in=barred_applications(request.user))


@admin.register(ConflictDeclaration)
class ConflictDeclarationAdmin(RecordAdmin):
    view_roles = (Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.COMMITTEE_CHAIR, Role.AUDITOR)
    list_display = ("evaluator", "application", "interest", "kind", "source", "status", "declared_at", "ruled_by")
    list_filter = ("status", "interest", "source", "application__call")
    list_select_related = ("evaluator", "application__association", "ruled_by")
    search_fields = ("evaluator__last_name", "evaluator__email", "application__number")
    date_hierarchy = "declared_at"

    def get_exclude(self, request, obj=None):
        """What an evaluator wrote is promised to the head of division and auditors only."""
        own = obj is not None and obj.source == ConflictDeclaration.Source.SELF
        return ("text",) if own and not has_role(request.user, Role.DIVISION_HEAD, Role.AUDITOR) else ()

    def get_queryset(self, request):
        """What somebody else raised about the reader is not the reader's to read."""
        own = Q(evaluator=request.user) & ~Q(source=ConflictDeclaration.Source.SELF)
        return super().get_queryset(request).exclude(own)


@admin.register(Assignment)
class AssignmentAdmin(RecordAdmin):
    view_roles = (Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.COMMITTEE_CHAIR, Role.AUDITOR)
    list_display = ("evaluator", "application", "status", "origin", "created_by", "created_at", "page")
    list_filter = ("status", "origin", "application__call")
    list_select_related = ("evaluator", "application__association", "application__call", "created_by")
    search_fields = ("evaluator__last_name", "evaluator__email", "application__number")

    @admin.display(description=_("assignments"))
    def page(self, assignment):
        """The page where it is acted upon."""
        address = reverse("evaluation:call_assignments", args=(assignment.application.call.slug,))
        return format_html('<a href="{}">{}</a>', address, _("Open the page"))


@admin.register(Ranking)
class RankingAdmin(RecordAdmin):
    list_display = ("call", "number", "created_at", "created_by", "sha256", "page")
    list_filter = ("call",)
    list_select_related = ("call", "created_by", "grid__call")
    search_fields = ("sha256", "call__number_prefix")
    fields = ("call", "grid", "number", "created_at", "created_by", "places", "tie_rank", "sha256", "code_version", "page")

    def get_queryset(self, request):
        hidden = RankingLine.objects.filter(application__in=barred_applications(request.user)).values("ranking")
        return admin.ModelAdmin.get_queryset(self, request).exclude(pk__in=hidden).defer("inputs", "result")

    @admin.display(description=_("ranking"))
    def page(self, ranking):
        """The page of the run."""
        address = reverse("evaluation:ranking_run", args=(ranking.call.slug, ranking.number))
        return format_html('<a href="{}">{}</a>', address, _("Open the page"))


@admin.register(Decision)
class DecisionAdmin(RecordAdmin):
    view_roles = (Role.DIVISION_HEAD, Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.AUDITOR)
    list_display = ("application", "outcome", "adopted_rank", "decided_by", "decided_at")
    list_filter = ("outcome", "application__call")
    list_select_related = ("application__association", "decided_by")
    search_fields = ("application__number", "application__deposits__name_fr", "application__deposits__name_ar")
    date_hierarchy = "decided_at"

    def get_queryset(self, request):
        return super().get_queryset(request).filter(application__status__in=BEFORE_COMMITTEE)
