"""Accounts in the administration site. Roles are groups: nobody gives one to himself."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from ..audit import journal
from .admin_rights import RoleAdminMixin
from .models import User
from .roles import Role

# Groups are made by a migration and named by code: changing one here would take people's rights away.
admin.site.unregister(Group)
admin.site.site_header = _("Administration of the clusters portal")
admin.site.site_title = _("Clusters portal")
admin.site.index_title = _("Administration")


@admin.register(User)
class UserAdmin(RoleAdminMixin, DjangoUserAdmin):
    view_roles = (Role.AUDITOR,)
    change_roles = (Role.ADMINISTRATOR,)
    ordering = ("last_name", "first_name")
    list_display = ("email", "first_name", "last_name", "employer", "is_active")
    list_filter = ("groups", "is_active")
    search_fields = ("email", "first_name", "last_name", "employer")
    filter_horizontal = ("groups",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "employer", "language")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "first_name", "last_name", "usable_password", "password1", "password2")}),
    )

    def get_readonly_fields(self, request, obj=None):
        """Nobody changes his own roles, whatever his rights."""
        own = ("groups", "is_staff", "is_active") if obj is not None and obj.pk == request.user.pk else ()
        return (*super().get_readonly_fields(request, obj), *own)

    def has_delete_permission(self, request, obj=None):
        """People are deactivated: what they did stays attached to their name."""
        return False

    def save_related(self, request, form, formsets, change):
        before = _roles(form.instance) if change else ""
        super().save_related(request, form, formsets, change)
        after = _roles(form.instance)
        if before != after:
            journal.record("user.roles_changed", form.instance, actor=request.user, before=before, after=after)


def _roles(user) -> str:
    return ", ".join(sorted(user.groups.values_list("name", flat=True)))
