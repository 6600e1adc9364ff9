"""Evaluators' profiles to edit, likely conflicts and automatic runs to browse, in the administration site."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from clusters_portal.accounts.admin_rights import RoleAdminMixin
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from evaluation.admin.records import RecordAdmin
from evaluation.models import AppliedAssignmentRun, AssignmentRun, EvaluatorProfile, LikelyConflict
from evaluation.queries import barred_applications
from evaluation.services import evaluators

READERS = (Role.CASE_OFFICER, Role.COMMITTEE_CHAIR, Role.AUDITOR)


class ProfileForm(forms.ModelForm):
    """The profile; the commitment is not of a day to come."""

    def clean_confidentiality_signed_on(self):
        """Today at the latest."""
        day = self.cleaned_data["confidentiality_signed_on"]
        if day and day > clock.today():
            raise forms.ValidationError(_("The commitment cannot be signed in the future."))
        return day


@admin.register(EvaluatorProfile)
class EvaluatorProfileAdmin(RoleAdminMixin, admin.ModelAdmin):
    """Written by the same service as the page; never deleted: a profile without anything says nothing."""

    form = ProfileForm
    view_roles, change_roles = READERS, (Role.DIVISION_HEAD, Role.CASE_OFFICER)
    superusers = False
    list_display = ("user", "employer", "min_load", "max_load", "confidentiality_signed_on", "updated_at")
    list_select_related = ("user",)
    search_fields = ("user__last_name", "user__first_name", "user__email", "user__employer")
    fields = ("user", "expertise", "min_load", "max_load", "confidentiality_signed_on")

    def get_readonly_fields(self, request, obj=None):
        return ("user",) if obj else ()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "user":
            kwargs["queryset"] = evaluators.evaluators().filter(evaluator_profile=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("employer"), ordering="user__employer")
    def employer(self, profile):
        """As the account says."""
        return profile.user.employer

    def save_model(self, request, obj, form, change):
        values = {name: getattr(obj, name) for name in evaluators.FIELDS}
        saved = evaluators.save_profile(person=obj.user, actor=request.user, employer=obj.user.employer, **values)
        obj.pk, obj._state.adding = saved.pk, False


@admin.register(LikelyConflict)
class LikelyConflictAdmin(RecordAdmin):
    view_roles = (Role.DIVISION_HEAD, *READERS)
    list_display = ("evaluator", "application", "ground", "evidence", "found_at", "dismissed_at", "dismissed_by")
    list_filter = ("ground", "application__call")
    list_select_related = ("evaluator", "application__association", "dismissed_by")
    search_fields = ("evaluator__last_name", "evaluator__email", "application__number", "evidence")

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(evaluator=request.user)


class RunAdmin(RecordAdmin):
    """Runs tell who reads every dossier of a call: absent for whoever is barred from one of them."""

    view_roles = (Role.DIVISION_HEAD, *READERS)
    call = "call"

    def get_queryset(self, request):
        barred = Application.objects.filter(pk__in=barred_applications(request.user)).values("call")
        return admin.ModelAdmin.get_queryset(self, request).exclude(**{f"{self.call}__in": barred})


@admin.register(AssignmentRun)
class AssignmentRunAdmin(RunAdmin):
    list_display = ("call", "number", "created_at", "created_by", "seed", "solver", "page")
    list_filter = ("call",)
    list_select_related = ("call", "created_by")
    search_fields = ("sha256", "inputs_sha256", "call__number_prefix")
    fields = (
        "call",
        "number",
        "created_at",
        "created_by",
        "seed",
        "parameters",
        "cost",
        "solver",
        "code_version",
        "inputs_sha256",
        "sha256",
        "page",
    )

    def get_queryset(self, request):
        return super().get_queryset(request).defer("inputs", "result")

    @admin.display(description=_("proposal"))
    def page(self, run):
        """The page of the run."""
        address = reverse("evaluation:assignment_run", args=(run.call.slug, run.number))
        return format_html('<a href="{}">{}</a>', address, _("Open the page"))


@admin.register(AppliedAssignmentRun)
class AppliedAssignmentRunAdmin(RunAdmin):
    call = "run__call"
    list_display = ("run", "applied_at", "applied_by", "added", "removed")
    list_filter = ("run__call",)
    list_select_related = ("run__call", "applied_by")
