"""Rights in the administration site come from roles, as everywhere: Django's permission tables are not used."""

from .roles import has_role


class RoleAdminMixin:
    """A ModelAdmin or inline for the holders of some roles.

    `view_roles` may read, `change_roles` may read and write. `superusers` is False for contents of dossiers: whoever
    configures the portal has no title to read them.
    """

    view_roles: tuple = ()
    change_roles: tuple = ()
    superusers = True

    def has_view_permission(self, request, obj=None):
        return self._holds(request.user, *self.view_roles, *self.change_roles)

    def has_add_permission(self, request, obj=None):
        return self._holds(request.user, *self.change_roles)

    def has_change_permission(self, request, obj=None):
        return self._holds(request.user, *self.change_roles)

    def has_delete_permission(self, request, obj=None):
        return self._holds(request.user, *self.change_roles)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def _holds(self, user, *roles):
        return (self.superusers and user.is_active and user.is_superuser) or has_role(user, *roles)


class ReadOnlyAdminMixin(RoleAdminMixin):
    """For `view_roles`, to read: what is shown has its own page where it is acted upon."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
