"""Sessions in the administration site: the rules of a call to write before the first opening; the rest to browse, never to write."""

from django.contrib import admin, messages
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from clusters_portal.accounts.admin_rights import HistoryAdmin, ReadOnlyAdminMixin, RoleAdminMixin
from clusters_portal.accounts.roles import COMMITTEE_ROLES, Role
from evaluation.models import (
    AgendaItem,
    Attendance,
    Ballot,
    BallotOption,
    CommitteeSession,
    JudgingTerms,
    SessionMember,
    Vote,
)
from evaluation.queries import barred_applications
from evaluation.services import terms
from evaluation.services.refusals import Refused

READ = (Role.DIVISION_HEAD, Role.COMMITTEE_CHAIR, Role.AUDITOR)


@admin.register(JudgingTerms)
class JudgingTermsAdmin(RoleAdminMixin, HistoryAdmin):
    """The committee's rules for a call, until a session of it was opened."""

    view_roles, change_roles = (Role.CASE_OFFICER, *COMMITTEE_ROLES, Role.AUDITOR), (Role.DIVISION_HEAD,)
    superusers = False
    list_display = ("call", "conflict_scope", "quorum_percent", "casting_vote", "secret_ballots", "score_publication")
    list_select_related = ("call",)

    def get_readonly_fields(self, request, obj=None):
        return ("call",) if obj else ()

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and terms.are_locked(obj.call))

    def has_delete_permission(self, request, obj=None):
        return False

    def revert_disabled(self, request, obj=None):
        """An earlier version is typed again, so that it passes the same checks."""
        return True

    def save_model(self, request, obj, form, change):
        try:
            terms.save(terms=obj, actor=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)


class SessionRecord(ReadOnlyAdminMixin, admin.ModelAdmin):
    """To read, for whoever reads every session."""

    view_roles = READ
    superusers = False


@admin.register(CommitteeSession)
class CommitteeSessionAdmin(SessionRecord):
    list_display = ("call", "number", "status", "scheduled_at", "opened_at", "closed_at", "page")
    list_filter = ("status", "call")
    list_select_related = ("call", "created_by")
    search_fields = ("call__number_prefix", "place")
    date_hierarchy = "scheduled_at"

    @admin.display(description=_("session"))
    def page(self, session):
        """The page of the session."""
        return format_html(
            '<a href="{}">{}</a>', reverse("evaluation:session", args=(session.call.slug, session.number)), _("Open the page")
        )


@admin.register(SessionMember)
class SessionMemberAdmin(SessionRecord):
    list_display = ("person", "capacity", "session", "exclusion_lifted_at")
    list_filter = ("capacity", "session__call")
    list_select_related = ("person", "session__call")
    search_fields = ("person__last_name", "person__email")


@admin.register(Attendance)
class AttendanceAdmin(SessionRecord):
    list_display = ("member", "move", "at", "recorded_by")
    list_filter = ("move", "member__session__call")
    list_select_related = ("member__person", "member__session__call", "recorded_by")
    search_fields = ("member__person__last_name",)
    date_hierarchy = "at"


@admin.register(AgendaItem)
class AgendaItemAdmin(SessionRecord):
    list_display = ("session", "position", "application", "title", "status", "opened_at", "closed_at")
    list_filter = ("status", "session__call")
    list_select_related = ("session__call", "application", "stand_in__person")
    search_fields = ("application__number", "title")

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(application__in=barred_applications(request.user))


class OptionInline(ReadOnlyAdminMixin, admin.TabularInline):
    """Options with their counts, once the vote is closed."""

    model = BallotOption
    view_roles = READ
    superusers = False
    extra = 0
    fields = readonly_fields = ("position", "code", "application", "counted", "elected")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("application", "ballot")

    @admin.display(description=_("votes"))
    def counted(self, option):
        """The count, which an open vote keeps to itself."""
        return option.count if option.ballot.status == Ballot.Status.CLOSED else "–"


@admin.register(Ballot)
class BallotAdmin(SessionRecord):
    list_display = ("item", "number", "question", "method", "status", "opened_at", "closed_at", "present", "winner")
    list_filter = ("status", "method", "item__session__call")
    list_select_related = ("item__application", "winner__application", "casting_option__application")
    search_fields = ("question", "item__application__number")
    inlines = (OptionInline,)

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(pk__in=hidden_ballots(request.user))


def hidden_ballots(user):
    """Votes on an item about, or between, dossiers this person must not know of."""
    barred = barred_applications(user)
    between = BallotOption.objects.filter(application__in=barred).values("ballot")
    return Ballot.objects.filter(Q(item__application__in=barred) | Q(pk__in=between)).order_by().values("pk")


@admin.register(Vote)
class VoteAdmin(SessionRecord):
    """Who voted; what, when the vote was named and is closed."""

    list_display = ("ballot", "member", "choice")
    list_filter = ("ballot__method", "ballot__item__session__call")
    list_select_related = ("ballot__item__application", "member__person", "option__application")
    fields = ("ballot", "member", "choice")
    search_fields = ("member__person__last_name", "ballot__question")

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(ballot__in=hidden_ballots(request.user))

    @admin.display(description=_("Choice"))
    def choice(self, vote):
        """Nothing to show of a secret vote; of a named one, once it is closed."""
        return str(vote.option) if vote.option_id and vote.ballot.status == Ballot.Status.CLOSED else "–"
