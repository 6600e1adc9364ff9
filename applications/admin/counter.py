"""Evidence of the counter and of the deadlines, to browse; public holidays, to keep."""

from django.contrib import admin

from applications.models import DeadlineExtension, Holiday, LateDecision, PaperDeposit
from clusters_portal.accounts.admin_rights import ReadOnlyAdminMixin, RoleAdminMixin

from .calls import CONFIGURE, READ
from .dossiers import DossierAdmin


@admin.register(PaperDeposit)
class PaperDepositAdmin(DossierAdmin):
    application = "application"
    list_display = ("receipt_number", "application", "received_at", "copies", "copies_required", "is_late", "register_number", "agent")
    list_filter = ("is_late", "application__call")
    list_select_related = ("application", "agent")
    search_fields = ("receipt_number", "register_number", "depositor_name", "application__number", "deposit__name_fr", "deposit__name_ar")
    date_hierarchy = "received_at"
    exclude = ("deposit",)


@admin.register(LateDecision)
class LateDecisionAdmin(DossierAdmin):
    application = "paper__application"
    list_display = ("paper", "accepted", "decided_by", "decided_at")
    list_filter = ("accepted", "paper__application__call")
    list_select_related = ("paper", "decided_by")
    search_fields = ("paper__receipt_number", "paper__application__number", "reason")
    date_hierarchy = "decided_at"


@admin.register(DeadlineExtension)
class DeadlineExtensionAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """Read here; a deadline is extended on its own page, reached from the call."""

    view_roles = (*CONFIGURE, *READ)
    list_display = ("call", "old_deadline_at", "new_deadline_at", "decided_by", "published_at")
    list_filter = ("call",)
    list_select_related = ("call", "decided_by")
    search_fields = ("call__title_fr", "reason_fr", "reason_ar")
    date_hierarchy = "published_at"


@admin.register(Holiday)
class HolidayAdmin(RoleAdminMixin, admin.ModelAdmin):
    view_roles, change_roles = READ, CONFIGURE
    list_display = ("day", "label_fr", "label_ar", "is_expected")
    list_filter = ("is_expected",)
    search_fields = ("label_fr", "label_ar", "label_en")
    date_hierarchy = "day"
