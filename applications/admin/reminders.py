"""Reminders in the administration site: that a person was told, and when. Not of which dossier: a draft is its authors' own."""

from django.contrib import admin

from applications.models import Reminder
from clusters_portal.accounts.admin_rights import ReadOnlyAdminMixin
from clusters_portal.accounts.roles import Role


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    view_roles = (Role.AUDITOR,)
    list_display = fields = ("sent_at", "user", "kind", "deadline_at")
    list_filter = ("kind", "deadline_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__last_name")
    date_hierarchy = "sent_at"
