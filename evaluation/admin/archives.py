"""The archives asked for, in the administration site: to browse, never to write; their page hands them out."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from evaluation.admin.records import RecordAdmin
from evaluation.models import CallArchive
from evaluation.queries.dashboard import calls_to_archive


@admin.register(CallArchive)
class CallArchiveAdmin(RecordAdmin):
    """Absent for whoever is barred from a dossier of the call, like the archive itself."""

    list_display = ("call", "asked_by", "asked_at", "state", "entries", "left_out", "ended_at", "page")
    list_filter = ("state", "call")
    list_select_related = ("call", "asked_by")
    exclude = ("file",)

    def get_queryset(self, request):
        return admin.ModelAdmin.get_queryset(self, request).filter(call__in=calls_to_archive(request.user))

    @admin.display(description=_("Archive of the call"))
    def page(self, archive):
        """The page where it is downloaded."""
        return format_html('<a href="{}">{}</a>', reverse("evaluation:call_archive", args=(archive.call.slug,)), _("Open the page"))
