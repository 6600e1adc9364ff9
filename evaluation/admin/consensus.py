"""Consensus reports in the administration site: to browse, never to write; those barred to the reader are absent."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from clusters_portal.accounts.roles import Role
from evaluation.admin.records import RecordAdmin
from evaluation.models import Consensus, ConsensusApproval, ConsensusScore
from evaluation.queries import readable_consensuses

READ = (Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.AUDITOR)


@admin.register(Consensus)
class ConsensusAdmin(RecordAdmin):
    view_roles = READ
    list_display = ("application", "status", "round", "rapporteur", "moderator", "saved_at", "closed_at", "page")
    list_filter = ("status", "application__call")
    list_select_related = ("application__association", "rapporteur", "moderator")
    search_fields = ("application__number", "rapporteur__last_name", "rapporteur__email")
    date_hierarchy = "opened_at"

    def get_queryset(self, request):
        return admin.ModelAdmin.get_queryset(self, request).filter(pk__in=readable_consensuses(request.user).values("pk"))

    @admin.display(description=_("consensus"))
    def page(self, consensus):
        """The page where it is worked on."""
        return format_html('<a href="{}">{}</a>', reverse("evaluation:consensus", args=(consensus.application_id,)), _("Open the page"))


class PartAdmin(RecordAdmin):
    """Rows of a report, for whoever reads the report."""

    view_roles = READ

    def get_queryset(self, request):
        return admin.ModelAdmin.get_queryset(self, request).filter(consensus__in=readable_consensuses(request.user).values("pk"))


@admin.register(ConsensusScore)
class ConsensusScoreAdmin(PartAdmin):
    list_display = ("consensus", "criterion", "value")
    list_filter = ("consensus__application__call",)
    list_select_related = ("consensus__application", "criterion__criterion")
    search_fields = ("consensus__application__number", "criterion__criterion__code")


@admin.register(ConsensusApproval)
class ConsensusApprovalAdmin(PartAdmin):
    list_display = ("consensus", "round", "evaluator", "answer", "answered_at")
    list_filter = ("answer", "consensus__application__call")
    list_select_related = ("consensus__application", "evaluator")
    search_fields = ("consensus__application__number", "evaluator__last_name", "evaluator__email")
