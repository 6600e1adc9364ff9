"""What DPTC and applicants write to each other, in the administration site: to browse, never to write."""

from django.contrib import admin

from applications.models import ComplementItem, ComplementRequest, Message
from clusters_portal.accounts.admin_rights import ReadOnlyAdminMixin

from .dossiers import DossierAdmin


@admin.register(Message)
class MessageAdmin(DossierAdmin):
    application = "application"
    list_display = ("application", "side", "author", "sent_at")
    list_filter = ("side", "application__call")
    list_select_related = ("application", "author")
    search_fields = ("application__number", "application__deposits__name_fr", "application__deposits__name_ar")
    date_hierarchy = "sent_at"
    fields = ("application", "side", "author", "sent_at", "body")


class ComplementItemInline(ReadOnlyAdminMixin, admin.TabularInline):
    model = ComplementItem
    view_roles = DossierAdmin.view_roles
    superusers = False
    fields = ("step", "part", "field", "requirement", "question")


@admin.register(ComplementRequest)
class ComplementRequestAdmin(DossierAdmin):
    application = "application"
    list_display = ("application", "asked_at", "due_at", "answered_at", "cancelled_at", "asked_by")
    list_filter = ("application__call",)
    list_select_related = ("application", "asked_by", "deposit")
    search_fields = ("application__number", "application__deposits__name_fr", "application__deposits__name_ar")
    date_hierarchy = "asked_at"
    fields = (
        "application", "deposit", "reason", "asked_by", "asked_at", "due_at", "answer", "answered_at",
        "cancelled_by", "cancelled_at", "cancel_reason",
    )  # fmt: skip
    inlines = (ComplementItemInline,)
