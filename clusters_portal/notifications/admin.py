"""The outbox and the schedule in the administration site: to see what does not leave, and send it again."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..accounts.admin_rights import ReadOnlyAdminMixin
from ..accounts.roles import Role
from . import outbox
from .models import OutgoingMail, ScheduledRun


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """Without the texts: they hold links of invitations, and what is said to one person."""

    list_display = ("created_at", "recipient", "subject", "state", "attempts", "next_attempt_at", "last_error")
    list_filter = ("state",)
    search_fields = ("recipient", "subject")
    date_hierarchy = "created_at"
    fields = ("recipient", "subject", "state", "attempts", "created_at", "next_attempt_at", "sent_at", "last_error")
    actions = ("send_again",)

    @admin.action(description=_("Send the failed mails again"), permissions=("view",))
    def send_again(self, request, queryset):
        count = 0
        for mail in queryset.filter(state=OutgoingMail.State.FAILED):
            try:
                outbox.send_again(mail=mail, actor=request.user)
                count += 1
            except outbox.NotFailed:  # somebody else was faster
                continue
        sentence = ngettext("%(count)d mail is sent again.", "%(count)d mails are sent again.", count)
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS if count else messages.WARNING)


@admin.register(ScheduledRun)
class ScheduledRunAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    view_roles = (Role.ADMINISTRATOR, Role.AUDITOR)
    list_display = ("name", "last_run_at")
