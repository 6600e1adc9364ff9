"""Grids in the administration site: proposed, adopted by a dated minute, then read-only."""

from django import forms
from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from clusters_portal.accounts.admin_rights import ReadOnlyAdminMixin, RoleAdminMixin
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from evaluation.models import Grid, GridCriterion, LevelAnchor
from evaluation.services import grids
from evaluation.services.refusals import Refused

READ = (Role.CASE_OFFICER, Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.AUDITOR)
CONFIGURE = (Role.DIVISION_HEAD,)


def _adopted(grid) -> bool:
    return grid is not None and grid.adopted_on is not None


class GridForm(forms.ModelForm):
    """The grid, and its adoption as two fields of their own: adopting is an act, not an edit."""

    adopt_on = forms.DateField(label=_("Adopt: date of the minutes"), required=False)
    adopt_reference = forms.CharField(label=_("Adopt: reference of the minutes"), required=False, max_length=120)

    def clean(self):
        """A new grid is the default proposal, and a call has one; an adoption has both its parts."""
        data = super().clean()
        if self.instance._state.adding and data.get("call"):
            reason = grids.why_not_create(data["call"])
            if reason:
                self.add_error("call", reason)
        if bool(data.get("adopt_on")) != bool(data.get("adopt_reference")):
            self.add_error("adopt_reference", _("An adopted grid has a date and the reference of the minutes."))
        if data.get("adopt_on") and data["adopt_on"] > clock.today():
            self.add_error("adopt_on", _("The minutes cannot be dated in the future."))
        return data


class CriterionInline(RoleAdminMixin, admin.TabularInline):
    """Weights and thresholds, read-only from adoption on."""

    model = GridCriterion
    view_roles, change_roles = READ, CONFIGURE
    superusers = False
    extra = 0
    fields = ("position", "criterion", "weight", "threshold", "min_justification", "step_slugs")
    readonly_fields = ("criterion",)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("criterion")

    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not _adopted(obj)


@admin.register(Grid)
class GridAdmin(RoleAdminMixin, SimpleHistoryAdmin):
    """A grid is created as the default proposal, edited, then adopted."""

    view_roles, change_roles = READ, CONFIGURE
    superusers = False
    form = GridForm
    list_display = ("call", "version", "adopted_on", "adoption_reference", "locked_at", "due_on")
    list_select_related = ("call",)
    list_filter = ("call",)
    readonly_fields = ("version", "adopted_on", "adoption_reference", "locked_at", "created_at")
    inlines = (CriterionInline,)
    edited = ("tie_ladder", "threshold_technical", "threshold_qualitative", "threshold_total")

    def get_fields(self, request, obj=None):
        if obj is None:
            return ("call",)
        adoption = () if _adopted(obj) or not self.has_change_permission(request, obj) else ("adopt_on", "adopt_reference")
        return ("call", *self.readonly_fields, "due_on", *self.edited, *adoption)

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ()
        return ("call", *self.readonly_fields, *(self.edited if _adopted(obj) else ()))

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False

    def revert_disabled(self, request, obj=None):
        """History is read here; an earlier version is typed again, so that it passes the same checks."""
        return True

    def save_model(self, request, obj, form, change):
        if change:
            grids.save_terms(grid=obj, actor=request.user)
        else:
            obj.pk = grids.create_default_grid(call=obj.call, actor=request.user).pk
            obj._state.adding = False
            obj.refresh_from_db()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        day, reference = form.cleaned_data.get("adopt_on"), form.cleaned_data.get("adopt_reference")
        if not (day and reference):
            return
        try:
            grids.adopt(grid=form.instance, adopted_on=day, reference=reference, actor=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)


class AnchorInline(RoleAdminMixin, admin.TabularInline):
    """What each level means for one criterion."""

    model = LevelAnchor
    view_roles, change_roles = READ, CONFIGURE
    superusers = False
    extra = 0
    fields = ("level", "text_fr", "text_ar", "text_en")
    readonly_fields = ("level",)

    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and _adopted(obj.grid))


@admin.register(GridCriterion)
class GridCriterionAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """Guidance and anchors of one criterion, until the grid is adopted."""

    view_roles, change_roles = READ, CONFIGURE
    superusers = False
    list_display = ("criterion", "grid", "weight", "threshold")
    list_select_related = ("criterion", "grid__call")
    list_filter = ("grid__call",)
    fields = ("grid", "criterion", "guidance_fr", "guidance_ar", "guidance_en")
    readonly_fields = ("grid", "criterion")
    inlines = (AnchorInline,)

    def has_change_permission(self, request, obj=None):
        return self._holds(request.user, *self.change_roles) and not (obj and _adopted(obj.grid))
