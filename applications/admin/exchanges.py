"""What DPTC and applicants write to each other, in the administration site: to browse, never to write."""

from django.contrib import admin

from applications.models import Message

from .dossiers import DossierAdmin


@admin.register(Message)
class MessageAdmin(DossierAdmin):
    application = "application"
    list_display = ("application", "side", "author", "sent_at")
    list_filter = ("side", "application__call")
    list_select_related = ("application__association", "author")
    search_fields = ("application__number", "application__association__name_fr")
    date_hierarchy = "sent_at"
    fields = ("application", "side", "author", "sent_at", "body")
