"""Grids in the administration site: proposed, adopted by a dated minute, then read-only."""

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from clusters_portal.accounts.admin_rights import HistoryAdmin, ReadOnlyAdminMixin, RoleAdminMixin
from clusters_portal.accounts.reauthentication import confirmed
from clusters_portal.accounts.roles import Role
from evaluation.forms.grids import CriterionForm, GridForm
from evaluation.models import Grid, GridCriterion, LevelAnchor
from evaluation.rules.ties import STEP_SENTENCES
from evaluation.services import grids
from evaluation.services.refusals import Refused

READ = (Role.CASE_OFFICER, Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.AUDITOR)
CONFIGURE = (Role.DIVISION_HEAD,)


def _adopted(grid) -> bool:
    return grid is not None and grid.adopted_on is not None


class NewGridForm(forms.ModelForm):
    """A call without a grid, which gets the default proposal."""

    class Meta:
        model = Grid
        fields = ("call",)

    def clean_call(self):
        """A call has one first grid; later versions are copies."""
        reason = grids.why_not_create(self.cleaned_data["call"])
        if reason:
            raise forms.ValidationError(reason)
        return self.cleaned_data["call"]


class CriterionInline(RoleAdminMixin, admin.TabularInline):
    """Weights and thresholds, read-only from adoption on."""

    model = GridCriterion
    view_roles, change_roles = READ, CONFIGURE
    superusers = False
    extra = 0
    fields = ("position", "criterion", "weight", "threshold", "min_justification")
    readonly_fields = ("criterion",)
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("criterion")

    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not _adopted(obj)


@admin.register(Grid)
class GridAdmin(RoleAdminMixin, HistoryAdmin):
    """A grid is created as the default proposal, or as a copy of the last version, edited, then adopted."""

    view_roles, change_roles = READ, CONFIGURE
    superusers = False
    form = GridForm
    list_display = ("call", "version", "adopted_on", "adoption_reference", "locked_at", "due_on", "page")
    list_select_related = ("call",)
    list_filter = ("call",)
    actions = ("copy_versions",)
    readonly_fields = ("version", "copied_from", "adopted_on", "adoption_reference", "sha256", "locked_at", "created_at", "page")
    inlines = (CriterionInline,)
    thresholds = ("threshold_technical", "threshold_qualitative", "threshold_total")

    def get_fields(self, request, obj=None):
        if obj is None:
            return ("call",)
        if _adopted(obj) or not self.has_change_permission(request, obj):
            return ("call", *self.readonly_fields, "due_on", "ladder", *self.thresholds)
        return ("call", *self.readonly_fields, "due_on", "tie_ladder", *self.thresholds, "adopt_on", "adopt_reference")

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ()
        return ("call", *self.readonly_fields, "ladder", *(self.thresholds if _adopted(obj) else ()))

    @admin.display(description=_("tie ladder"))
    def ladder(self, grid):
        """Each step in words, in its order."""
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((STEP_SENTENCES[step],) for step in grid.tie_ladder)))

    @admin.display(description=_("page"))
    def page(self, grid):
        """The page where it is read."""
        address = reverse("evaluation:grid_version", args=(grid.call.slug, grid.version))
        return format_html('<a href="{}">{}</a>', address, _("Open the page"))

    @admin.action(description=_("Copy as a new version"), permissions=("change",))
    def copy_versions(self, request, queryset):
        """One further version per grid chosen."""
        for grid in queryset.select_related("call"):
            try:
                made = grids.copy(grid=grid, actor=request.user)
            except Refused as refusal:
                messages.error(request, f"{grid}: {refusal.message}")
            else:
                messages.success(request, _("Version %(version)d is made: change it, then have it adopted.") % {"version": made.version})

    def get_form(self, request, obj=None, change=False, **kwargs):
        """A new grid is asked for its call only."""
        return (
            super().get_form(request, obj, change, **kwargs) if obj else super().get_form(request, obj, change, form=NewGridForm, **kwargs)
        )

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Adopting binds: whoever does it here proves again who they are, as on the page of the grid."""
        change = super().change_view
        if request.POST.get("adopt_on") and self.has_change_permission(request):
            change, form_url = confirmed(change), request.path
        return change(request, object_id, form_url=form_url, extra_context=extra_context)

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
            total = grids.sum_of_weights(form.instance)
            if total != 100:
                said = _("The weights add up to %(total)d %%: they must make 100 %% before the grid is adopted.")
                messages.warning(request, said % {"total": total})
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
    form = CriterionForm
    fields = ("grid", "criterion", "step_slugs", "guidance_fr", "guidance_ar", "guidance_en")
    readonly_fields = ("grid", "criterion")
    inlines = (AnchorInline,)

    def has_change_permission(self, request, obj=None):
        return self._holds(request.user, *self.change_roles) and not (obj and _adopted(obj.grid))
