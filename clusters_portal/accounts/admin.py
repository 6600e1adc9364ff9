"""Accounts in the administration site. Roles are groups, given and taken by two people (`RoleGrant`), never edited here."""

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from . import role_grants
from .admin_rights import RoleAdminMixin
from .models import RoleGrant, User
from .roles import Role

# Groups are made by a migration and named by code: changing one here would take people's rights away.
admin.site.unregister(Group)
# One way in: the portal's own sign-in page, which counts failures and asks for the second factor.
admin.site.login = secure_admin_login(admin.site.login)
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
    readonly_fields = ("roles_held", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "employer", "language")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "roles_held")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "first_name", "last_name", "usable_password", "password1", "password2")}),
    )

    def get_readonly_fields(self, request, obj=None):
        """Nobody changes his own roles, whatever his rights."""
        own = ("is_staff", "is_active") if obj is not None and obj.pk == request.user.pk else ()
        return (*super().get_readonly_fields(request, obj), *own)

    def has_delete_permission(self, request, obj=None):
        """People are deactivated: what they did stays attached to their name."""
        return False

    @admin.display(description=_("roles"))
    def roles_held(self, user):
        """With the way to change them, in words: the field itself is closed to everybody."""
        labels = dict(Role.choices)
        held = ", ".join(str(labels.get(code, code)) for code in role_grants.roles_of(user)) or _("none")
        sentence = _("Roles are not edited here: one person proposes, another confirms, under “Roles to give or to take away”.")
        return format_html('{} – <a href="{}">{}</a>', held, reverse("admin:accounts_rolegrant_changelist"), sentence)


class RoleGrantForm(forms.ModelForm):
    """What is proposed; `actor` is set by the page."""

    actor = None

    class Meta:
        model = RoleGrant
        fields = ("person", "role", "withdraws", "reason")

    def clean(self):
        data = super().clean()
        if data.get("person") and data.get("role"):
            try:
                role_grants.check(person=data["person"], role=data["role"], withdraws=data["withdraws"], actor=self.actor)
            except role_grants.GrantRefused as refused:
                raise forms.ValidationError(str(refused)) from None
        return data


@admin.register(RoleGrant)
class RoleGrantAdmin(RoleAdminMixin, admin.ModelAdmin):
    """Administrators propose; another administrator or the head of division decides."""

    view_roles = (Role.DIVISION_HEAD, Role.AUDITOR)
    change_roles = (Role.ADMINISTRATOR,)
    form = RoleGrantForm
    autocomplete_fields = ("person",)
    list_display = ("person", "role", "withdraws", "state", "proposed_by", "proposed_at", "decided_by", "decided_at")
    list_filter = ("state", "role")
    list_select_related = ("person", "proposed_by", "decided_by")
    search_fields = ("person__email", "person__last_name", "reason")
    actions = ("confirm", "refuse")

    def get_form(self, request, obj=None, **kwargs):
        return type("RoleGrantForm", (super().get_form(request, obj, **kwargs),), {"actor": request.user})

    def save_model(self, request, obj, form, change):
        data = form.cleaned_data
        made = role_grants.propose(
            person=data["person"], role=data["role"], withdraws=data["withdraws"], reason=data["reason"], actor=request.user
        )
        obj.pk = made.pk

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_decide_permission(self, request):
        return self._holds(request.user, Role.ADMINISTRATOR, Role.DIVISION_HEAD)

    @admin.action(description=_("Confirm the chosen proposals"), permissions=("decide",))
    def confirm(self, request, queryset):
        self._decide(request, queryset, confirms=True)

    @admin.action(description=_("Refuse the chosen proposals"), permissions=("decide",))
    def refuse(self, request, queryset):
        self._decide(request, queryset, confirms=False)

    def _decide(self, request, queryset, *, confirms):
        for grant in queryset:
            try:
                role_grants.decide(grant=grant, confirms=confirms, actor=request.user)
            except role_grants.GrantRefused as refused:
                self.message_user(request, f"{grant}: {refused}", messages.ERROR)
            else:
                self.message_user(request, str(grant), messages.SUCCESS)
