"""Submitted dossiers in the administration site: to browse, never to write. Daily work has its own pages.

A platform administrator reads no content (evaluation.md 1.3), and a draft belongs to its authors alone.
"""

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from applications.models import AdmissibilityCheck, AdmissibilityLine, AdmissibilityReturn, Application, Deposit
from applications.queries import submitted_applications
from clusters_portal.accounts.admin_rights import ReadOnlyAdminMixin
from clusters_portal.accounts.roles import Role
from clusters_portal.lib.bilingual import localized


class DossierAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """Rows of submitted applications; `application` is the path from a row to its application, "" for itself."""

    view_roles = (Role.DIVISION_HEAD, Role.AUDITOR)
    superusers = False
    application = ""

    def get_queryset(self, request):
        seen = submitted_applications(request.user)
        if not self.application:
            return super().get_queryset(request).filter(pk__in=seen.values("pk")).select_related("call")
        return super().get_queryset(request).filter(**{f"{self.application}__in": seen.values("pk")})


@admin.register(Application)
class ApplicationAdmin(DossierAdmin):
    list_display = ("number", "name", "call", "status", "deposited_at", "assignee", "reading")
    list_filter = ("status", "call")
    list_select_related = ("call", "assignee")
    search_fields = ("number", "deposits__name_fr", "deposits__name_ar", "deposits__acronym")
    date_hierarchy = "deposited_at"
    fields = ("number", "call", "name", "status", "deposited_at", "assignee", "reading")

    def get_queryset(self, request):
        last = Deposit.objects.filter(application=OuterRef("pk")).order_by("-sequence")
        return (
            super()
            .get_queryset(request)
            .annotate(name_fr=Subquery(last.values("name_fr")[:1]), name_ar=Subquery(last.values("name_ar")[:1]))
        )

    @admin.display(description=_("association"), ordering="name_fr")
    def name(self, application):
        """As deposited: the live name may be a change nobody has deposited yet."""
        return localized(application, "name")

    @admin.display(description=_("application"))
    def reading(self, application):
        address = reverse("applications:reading", args=(application.pk,))
        return format_html('<a href="{}">{}</a>', address, _("Read the application"))


@admin.register(Deposit)
class DepositAdmin(DossierAdmin):
    application = "application"
    list_display = ("number", "sequence", "name_fr", "received_at", "deposited_by", "region", "nma_section")
    list_filter = ("application__call", "region", "nma_section")
    list_select_related = ("deposited_by",)
    search_fields = ("number", "name_fr", "name_ar", "acronym", "sha256")
    date_hierarchy = "received_at"
    fields = (
        "number",
        "sequence",
        "received_at",
        "deadline_at",
        "deposited_by",
        "name_fr",
        "name_ar",
        "acronym",
        "region",
        "nma_section",
        "sha256",
        "snapshot",
    )

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        # The frozen dossier weighs: only the page of one deposit reads it.
        return queryset if request.resolver_match.url_name.endswith("_change") else queryset.defer("snapshot")


class AdmissibilityLineInline(ReadOnlyAdminMixin, admin.TabularInline):
    model = AdmissibilityLine
    view_roles = DossierAdmin.view_roles
    superusers = False
    fields = ("item", "proposed", "finding", "reason")


class AdmissibilityReturnInline(ReadOnlyAdminMixin, admin.TabularInline):
    model = AdmissibilityReturn
    view_roles = DossierAdmin.view_roles
    superusers = False
    fields = ("outcome", "proposed_by", "proposed_at", "returned_by", "returned_at", "reason")


@admin.register(AdmissibilityCheck)
class AdmissibilityCheckAdmin(DossierAdmin):
    application = "deposit__application"
    list_display = ("deposit", "outcome", "proposed_by", "validated_by", "validated_at")
    list_filter = ("outcome", "deposit__application__call")
    list_select_related = ("deposit", "proposed_by", "validated_by")
    search_fields = ("deposit__number", "deposit__name_fr", "deposit__name_ar")
    date_hierarchy = "validated_at"
    fields = (
        "deposit",
        "outcome",
        "reasons_fact",
        "reasons_law",
        "companies",
        "companies_reason",
        "checked_by",
        "version",
        ("proposed_by", "proposed_at"),
        ("validated_by", "validated_at"),
        "sha256",
    )
    inlines = (AdmissibilityLineInline, AdmissibilityReturnInline)
