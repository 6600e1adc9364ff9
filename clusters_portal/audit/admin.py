"""The journal in the administration site: read, search, never write."""

from django.contrib import admin

from ..accounts.roles import Role, has_role
from .models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    list_display = ("at", "actor_label", "action", "object_label", "before", "after")
    list_filter = ("action", "object_type")
    search_fields = ("actor_label", "object_label", "object_id", "note")
    date_hierarchy = "at"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return has_role(request.user, Role.AUDITOR) or request.user.is_superuser

    def has_module_permission(self, request):
        return self.has_view_permission(request)
