"""What takes two people, in the administration site: a list, a form to propose, two actions to decide."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from . import two_people
from .admin_rights import RoleAdminMixin
from .reauthentication import asked, is_confirmed
from .roles import Role


class TwoPeopleAdmin(RoleAdminMixin, admin.ModelAdmin):
    """Administrators propose; another administrator or the head of division decides, once asked again who he is.

    A subclass gives `form` (which reads `actor`), `save_model` and `decide(act, confirms=, actor=)`.
    """

    view_roles = (Role.DIVISION_HEAD, Role.AUDITOR)
    change_roles = (Role.ADMINISTRATOR,)
    autocomplete_fields = ("person",)
    list_select_related = ("person", "proposed_by", "decided_by")
    actions = ("confirm", "refuse")

    def get_form(self, request, obj=None, **kwargs):
        return type("ProposalForm", (super().get_form(request, obj, **kwargs),), {"actor": request.user})

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_decide_permission(self, request):
        return self._holds(request.user, Role.ADMINISTRATOR, Role.DIVISION_HEAD)

    @admin.action(description=_("Confirm the chosen proposals"), permissions=("decide",))
    def confirm(self, request, queryset):
        return self._decide(request, queryset, confirms=True)

    @admin.action(description=_("Refuse the chosen proposals"), permissions=("decide",))
    def refuse(self, request, queryset):
        return self._decide(request, queryset, confirms=False)

    def _decide(self, request, queryset, *, confirms):
        if not is_confirmed(request):
            return asked(request)
        for act in queryset:
            try:
                self.decide(act, confirms=confirms, actor=request.user)
            except two_people.Refused as refused:
                self.message_user(request, f"{act}: {refused}", messages.ERROR)
            else:
                self.message_user(request, str(act), messages.SUCCESS)
        return None
