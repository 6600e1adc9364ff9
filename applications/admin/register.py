"""The register of labelled clusters in the administration site: to browse; it is changed on its own pages, which check and journal."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from applications.models import LabelledCluster, RegisteredPeriod
from clusters_portal.accounts.admin_rights import ReadOnlyAdminMixin
from clusters_portal.accounts.roles import Role

READERS = (Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.AUDITOR)


class PeriodInline(ReadOnlyAdminMixin, admin.TabularInline):
    model = RegisteredPeriod
    view_roles = READERS
    superusers = False
    fields = ("starts_on", "ends_on", "contract_reference", "call")


@admin.register(LabelledCluster)
class LabelledClusterAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    view_roles = READERS
    superusers = False
    list_display = ("name_fr", "acronym", "region", "nma_section", "labelled_on", "page")
    list_filter = ("region", "nma_section")
    search_fields = ("name_fr", "name_ar", "acronym")
    fields = ("name_fr", "name_ar", "acronym", "region", "nma_section", "labelled_on", "association", "remarks", "page")
    inlines = (PeriodInline,)

    @admin.display(description=_("register"))
    def page(self, cluster):
        """The page where it is changed."""
        return format_html('<a href="{}">{}</a>', reverse("applications:register_cluster", args=(cluster.pk,)), _("Open the page"))


@admin.register(RegisteredPeriod)
class RegisteredPeriodAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    view_roles = READERS
    superusers = False
    list_display = ("cluster", "starts_on", "ends_on", "contract_reference", "call")
    list_filter = ("call",)
    list_select_related = ("cluster", "call")
    search_fields = ("cluster__name_fr", "contract_reference")
    fields = ("cluster", "starts_on", "ends_on", "contract_reference", "call")
