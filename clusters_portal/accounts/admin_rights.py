"""Rights in the administration site come from roles, as everywhere: Django's permission tables are not used."""

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import Http404
from simple_history.admin import SimpleHistoryAdmin

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

    def get_object(self, request, object_id, from_field=None):
        """Django takes an empty name of field in the address for the name of a field."""
        return super().get_object(request, object_id, from_field or None)

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


class HistoryAdmin(SimpleHistoryAdmin):
    """The earlier versions of a row; what is no identifier has none, and is not found."""

    def history_view(self, request, object_id, extra_context=None):
        self._check(object_id, self.model)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        self._check(object_id, self.model)
        self._check(version_id, self.model.history.model)
        return super().history_form_view(request, object_id, version_id, extra_context)

    def _check(self, text, model):
        try:
            model._meta.pk.to_python(unquote(text))
        except ValidationError:
            raise Http404 from None
