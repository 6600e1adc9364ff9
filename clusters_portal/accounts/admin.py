"""Accounts in the administration site. Roles are groups, given and taken by two people (`RoleGrant`), never edited here."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ..audit import journal
from . import role_grants, support
from .admin_rights import RoleAdminMixin
from .models import RoleGrant, User
from .roles import Role
from .two_people_admin import TwoPeopleAdmin

# Groups are made by a migration and named by code: changing one here would take people's rights away.
admin.site.unregister(Group)
# Secrets of second factors, addresses to mark as verified, keys of sessions: each opens somebody else's account.
admin.site.unregister((EmailAddress, Authenticator, UserSession))
# One way in: the portal's own sign-in page, which counts failures and asks for the second factor.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = _("Administration of the clusters portal")
admin.site.site_title = _("Clusters portal")
admin.site.index_title = _("Administration")


class AccountForm(forms.ModelForm):
    """A new account has no password: its person chooses one, by the link he is sent."""

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "employer", "language")

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def save(self, commit=True):
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class UserAdmin(RoleAdminMixin, admin.ModelAdmin):
    """Nobody sets the password, the address or the second factor of somebody else: whoever could would sign in as him."""

    view_roles = (Role.AUDITOR,)
    change_roles = (Role.ADMINISTRATOR,)
    ordering = ("last_name", "first_name")
    list_display = ("email", "first_name", "last_name", "employer", "is_active")
    list_filter = ("groups", "is_active")
    search_fields = ("email", "first_name", "last_name", "employer")
    readonly_fields = ("email", "roles_held", "last_login", "date_joined")
    fieldsets = (
        (_("Person"), {"fields": ("email", "first_name", "last_name", "employer", "language")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "roles_held")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": AccountForm.Meta.fields}),)
    actions = ("send_reset_link", "sign_out_everywhere")

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if obj else self.add_fieldsets

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **kwargs) if obj else AccountForm

    def get_readonly_fields(self, request, obj=None):
        """Nobody changes his own roles, whatever his rights."""
        own = ("is_staff", "is_active") if obj is not None and obj.pk == request.user.pk else ()
        return (*self.readonly_fields, *own) if obj else ()

    def save_model(self, request, obj, form, change):
        """Journalled, with what was changed; a new person is sent the link to choose a password."""
        changed = {name: str(form.cleaned_data[name]) for name in form.changed_data}
        super().save_model(request, obj, form, change)
        if change:
            journal.record("user.changed", obj, actor=request.user, data=changed)
        else:
            journal.record("user.created", obj, actor=request.user, data=changed)
            support.send_reset_link(request, obj)

    def has_delete_permission(self, request, obj=None):
        """People are deactivated: what they did stays attached to their name."""
        return False

    @admin.action(description=_("Send a link to choose a new password"), permissions=("change",))
    def send_reset_link(self, request, queryset):
        for user in queryset:
            sent = support.send_reset_link(request, user)
            sentence = _("A link was sent to %(address)s.") if sent else _("%(address)s: a closed account is sent nothing.")
            self.message_user(request, sentence % {"address": user.email}, messages.SUCCESS if sent else messages.WARNING)

    @admin.action(description=_("Sign out everywhere"), permissions=("change",))
    def sign_out_everywhere(self, request, queryset):
        for user in queryset:
            support.sign_out_everywhere(user=user, actor=request.user)
            self.message_user(request, _("%(address)s is signed out everywhere.") % {"address": user.email}, messages.SUCCESS)

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
class RoleGrantAdmin(TwoPeopleAdmin):
    """Administrators propose; another administrator or the head of division decides."""

    form = RoleGrantForm
    list_display = ("person", "role", "withdraws", "state", "proposed_by", "proposed_at", "decided_by", "decided_at")
    list_filter = ("state", "role")
    search_fields = ("person__email", "person__last_name", "reason")

    def save_model(self, request, obj, form, change):
        data = form.cleaned_data
        made = role_grants.propose(
            person=data["person"], role=data["role"], withdraws=data["withdraws"], reason=data["reason"], actor=request.user
        )
        obj.pk = made.pk

    def decide(self, act, *, confirms, actor):
        role_grants.decide(grant=act, confirms=confirms, actor=actor)
