"""Labels, which the head of division prepares; notes, views and batches of DPTC's desk, to browse."""

from django.contrib import admin

from applications.models import Batch, Label, Note, SavedView
from clusters_portal.accounts.admin_rights import ReadOnlyAdminMixin, RoleAdminMixin
from clusters_portal.accounts.roles import Role

from .dossiers import DossierAdmin

READERS = (Role.DIVISION_HEAD, Role.AUDITOR)


@admin.register(Label)
class LabelAdmin(RoleAdminMixin, admin.ModelAdmin):
    view_roles = (Role.AUDITOR,)
    change_roles = (Role.DIVISION_HEAD,)
    superusers = False
    list_display = ("text_fr", "text_ar", "tone", "is_active")
    list_filter = ("tone", "is_active")
    search_fields = ("text_fr", "text_ar")

    def has_delete_permission(self, request, obj=None):
        """A label that is on a dossier is put out of use instead."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.labellings.exists())


@admin.register(Note)
class NoteAdmin(DossierAdmin):
    application = "application"
    list_display = ("application", "author", "written_at")
    list_filter = ("application__call",)
    list_select_related = ("application__association", "author")
    search_fields = ("application__number", "application__deposits__name_fr", "application__deposits__name_ar")
    date_hierarchy = "written_at"
    fields = ("application", "author", "written_at", "body")


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """Views shared with everyone; one's own are one's own."""

    view_roles = READERS
    superusers = False
    list_display = ("name", "owner", "created_at")
    list_select_related = ("owner",)
    search_fields = ("name",)
    fields = ("name", "owner", "query", "created_at")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(is_shared=True)


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """Who did what to how many. The lines are read where they were made: they may name what a reader may not see."""

    view_roles = READERS
    superusers = False
    list_display = ("act", "actor", "made_at")
    list_filter = ("act",)
    list_select_related = ("actor",)
    date_hierarchy = "made_at"
    fields = ("act", "actor", "made_at")
