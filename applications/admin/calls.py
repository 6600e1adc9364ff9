"""Calls in the administration site. Every write goes through `services.calls`; terms lock when the call opens."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from applications.models import ActionCategory, BudgetHeading, Call, Criterion, DocumentRequirement, IndicatorDefinition, StepGuidance
from applications.services import calls
from clusters_portal.accounts.admin_rights import HistoryAdmin, RoleAdminMixin
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock

CONFIGURE = (Role.ADMINISTRATOR, Role.DIVISION_HEAD)
READ = (Role.CASE_OFFICER, Role.AUDITOR)
TERMS_FIELDS = [field.name for field in Call._meta.concrete_fields if field.name not in ("id", *calls.ALWAYS_EDITABLE)]


class CallForm(forms.ModelForm):
    def _post_clean(self):
        # After the model's own checks, when the instance carries what was typed.
        super()._post_clean()
        if self.errors:
            return
        for field, reason in calls.refused_changes(self.instance, now=clock.now()).items():
            self.add_error(field if field in self.fields else None, reason)


class CallRows(RoleAdminMixin, admin.TabularInline):
    """Rows of a call. They lock with its terms, except the guidance texts, by which nobody is judged."""

    view_roles, change_roles = READ, CONFIGURE
    extra = 0
    locks = True
    # Admin's own text areas are 610 pixels wide: three languages side by side would leave the screen.
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"cols": 16, "rows": 8})}}

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and self._unlocked(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._unlocked(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._unlocked(obj)

    def _unlocked(self, call):
        return not self.locks or call is None or not calls.terms_locked(call, now=clock.now())


class DocumentRequirementInline(CallRows):
    model = DocumentRequirement
    fields = ("position", "code", "label_fr", "label_ar", "label_en", "help_fr", "help_ar", "help_en", "clause", "required", "several")


class StepGuidanceInline(CallRows):
    model = StepGuidance
    fields = ("slug", "text_fr", "text_ar", "text_en", "is_determinant")
    locks = False


class ActionCategoryInline(CallRows):
    model = ActionCategory
    fields = ("position", "code", "label_fr", "label_ar", "label_en", "fundable")


class BudgetHeadingInline(CallRows):
    model = BudgetHeading
    fields = ("position", "side", "code", "label_fr", "label_ar", "label_en", "state_fundable", "needs_detail")


class IndicatorDefinitionInline(CallRows):
    model = IndicatorDefinition
    fields = ("position", "code", "label_fr", "label_ar", "label_en", "unit", "computed")


class CriterionInline(CallRows):
    model = Criterion
    fields = ("position", "block", "code", "label_fr", "label_ar", "label_en")


@admin.register(Call)
class CallAdmin(RoleAdminMixin, HistoryAdmin):
    view_roles, change_roles = READ, CONFIGURE
    form = CallForm
    list_display = ("number_prefix", "title_fr", "state", "deadline_at", "published_at", "is_demonstration")
    list_filter = ("year", "is_demonstration", "deposit_mode")
    search_fields = ("slug", "number_prefix", "title_fr", "title_ar", "title_en")
    date_hierarchy = "deadline_at"
    actions = ("copy_edition",)
    readonly_fields = ("lock", "extension")
    inlines = (
        DocumentRequirementInline,
        StepGuidanceInline,
        ActionCategoryInline,
        BudgetHeadingInline,
        IndicatorDefinitionInline,
        CriterionInline,
    )
    fieldsets = (
        (None, {"fields": ("lock", "slug", "number_prefix", "year", "is_demonstration", "title_fr", "title_ar", "title_en")}),
        (
            _("Dates"),
            {"fields": ("published_at", "opens_at", "deadline_at", "extension", "results_published_at"), "description": _("Morocco time.")},
        ),
        (
            _("Terms"),
            {
                "fields": (
                    "places",
                    "waiting_list_enabled",
                    "new_allowed",
                    "existing_allowed",
                    "existing_min_support_years",
                    ("min_members", "members_severity"),
                    ("min_qualifying_percent", "qualifying_severity"),
                    ("min_self_financing_percent", "self_financing_severity"),
                    "self_financing_formula",
                    "base_year",
                )
            },
        ),
        (
            _("Deposit and evaluation"),
            {
                "fields": (
                    "deposit_mode",
                    "required_copies",
                    "complement_allowed",
                    "legalisation_max_age_months",
                    "max_file_mb",
                    "max_total_mb",
                    "min_evaluators",
                    "declaration_version",
                )
            },
        ),
        (_("Public texts (Markdown)"), {"fields": calls.OPEN_TEXTS[3:]}),
        (_("Contact"), {"fields": calls.OPEN_CONTACTS}),
        (_("Letters"), {"fields": calls.OPEN_LETTERS}),
    )

    @admin.display(description=_("changes"))
    def lock(self, call):
        """Why the terms below are read-only, in words."""
        reason = calls.terms_locked(call, now=clock.now()) if call.pk else ""
        return reason or _("Everything may be changed until the call opens.")

    @admin.display(description=_("extension of the deadline"))
    def extension(self, call):
        """The one page that moves the deadline of an open call; until it opens the date is changed here."""
        now = clock.now()
        if not (call.pk and calls.terms_locked(call, now=now)):
            return _("Until the call opens, its deadline is changed here.")
        if call.is_closed(now):
            return _("The call has closed.")
        return format_html('<a href="{}">{}</a>', reverse("applications:call_extend", args=(call.slug,)), _("Extend the deadline"))

    @admin.display(description=_("state"))
    def state(self, call):
        now = clock.now()
        if call.published_at is None:
            return _("Not published")
        if call.opens_at > now:
            return _("Announced")
        return _("Open") if call.is_open(now) else _("Closed")

    @admin.action(description=_("Copy this edition"), permissions=["add"])
    def copy_edition(self, request, queryset):
        for call in queryset:
            copy = calls.copy_call(call=call, actor=request.user, now=clock.now())
            link = format_html('<a href="{}">{}</a>', reverse("admin:applications_call_change", args=(copy.pk,)), copy)
            text = _("New edition %(call)s: check its texts, dates and contact, then publish it.")
            messages.success(request, format_html(str(text).replace("%(call)s", "{}"), link))

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if obj is None or not calls.terms_locked(obj, now=clock.now()):
            return fields
        return (*fields, *TERMS_FIELDS, "deadline_at")

    def view_on_site(self, call):
        return reverse("applications:call_detail", args=(call.slug,))

    def has_delete_permission(self, request, obj=None):
        # One at a time, so that each is checked: `obj` is None for the bulk action.
        return obj is not None and super().has_delete_permission(request, obj) and not calls.terms_locked(obj, now=clock.now())

    def revert_disabled(self, request, obj=None):
        """History is read here; an earlier version is typed again, so that it passes the same checks."""
        return True

    def save_model(self, request, obj, form, change):
        before = Call.objects.filter(pk=obj.pk).first()
        form.terms_were_free = before is None or not calls.terms_locked(before, now=clock.now())
        try:
            calls.save_call(call=obj, actor=request.user, now=clock.now())
        except calls.TermsLocked as problem:  # the call opened between the check and the save
            raise PermissionDenied(str(problem)) from problem

    def save_formset(self, request, form, formset, change):
        if not formset.has_changed():
            formset.save()  # writes nothing; the admin's own log reads what it leaves behind
            return
        kind = next(name for name, model in calls.ROWS.items() if model is formset.model)
        try:
            with calls.changing_rows(
                call=form.instance, kind=kind, actor=request.user, now=clock.now(), terms_were_free=form.terms_were_free
            ):
                formset.save()
        except calls.TermsLocked as problem:
            raise PermissionDenied(str(problem)) from problem

    def delete_model(self, request, obj):
        calls.delete_call(call=obj, actor=request.user, now=clock.now())
