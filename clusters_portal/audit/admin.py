"""The journal in the administration site: read, filter, search, take away; never write."""

from django.contrib import admin
from django.http import HttpResponse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from ..accounts.roles import Role, has_role
from ..lib.tabular_writing import csv_text
from .models import AuditEntry

COLUMNS = ("id", "at", "actor_label", "action", "object_type", "object_id", "object_label", "before", "after", "note", "seal__hash")


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    list_display = ("at", "actor_label", "action", "object_label", "told", "is_sealed")
    list_filter = ("action", "object_type")
    list_select_related = ("seal",)
    search_fields = ("actor_label", "object_label", "object_id", "note")
    search_help_text = _("Name of a person, number of a dossier, identifier, words of a note.")
    date_hierarchy = "at"
    show_full_result_count = False  # the journal only grows
    actions = ("take_away",)

    @admin.display(description=_("details"))
    def told(self, entry):
        """What it was, what it became, and the note: the name of the file that was read, the reason that was given."""
        change = " → ".join(filter(None, (entry.before, entry.after)))
        return Truncator(" · ".join(filter(None, (change, entry.note)))).chars(120)

    @admin.display(description=_("sealed"), boolean=True)
    def is_sealed(self, entry):
        return hasattr(entry, "seal")

    @admin.action(description=_("Download the chosen entries (CSV)"), permissions=("view",))
    def take_away(self, request, queryset):
        rows = queryset.order_by("id").values_list(*COLUMNS)
        text = csv_text([COLUMNS, *([cell.isoformat() if hasattr(cell, "isoformat") else cell for cell in row] for row in rows)])
        return HttpResponse(
            text, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="journal.csv"'}
        )

    def get_object(self, request, object_id, from_field=None):
        """Django takes an empty name of field in the address for the name of a field."""
        return super().get_object(request, object_id, from_field or None)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return has_role(request.user, Role.AUDITOR) or request.user.is_superuser

    def has_module_permission(self, request):
        return self.has_view_permission(request)
