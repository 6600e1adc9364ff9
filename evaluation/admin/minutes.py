"""Minutes, letters, publications, appeals and observations in the administration site: to browse, never to write.

Whoever declared an interest in a dossier finds neither its rows nor the minutes that name it.
"""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from clusters_portal.accounts.roles import Role
from evaluation.admin.records import RecordAdmin
from evaluation.models import (
    AgendaItem,
    Appeal,
    AppealAnswer,
    FactualFindings,
    Letter,
    Minutes,
    MinutesSignature,
    Observation,
    ObservationStep,
    RankingLine,
    ResultsPublication,
)
from evaluation.queries import barred_applications

WITH_OFFICERS = (Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.AUDITOR)


def calls_with_barred(user):
    """Calls of which this person may not read everything: a dossier of theirs is barred."""
    barred = barred_applications(user)
    of_rankings = RankingLine.objects.filter(application__in=barred).values_list("ranking__call", flat=True)
    of_agendas = AgendaItem.objects.filter(application__in=barred).values_list("session__call", flat=True)
    return {*of_rankings, *of_agendas}


class WholeCallAdmin(RecordAdmin):
    """Rows that speak of every dossier of a call: absent for whoever is barred from one. ``call_path`` leads to the call."""

    call_path = "call"

    def get_queryset(self, request):
        rows = admin.ModelAdmin.get_queryset(self, request)
        return rows.exclude(**{f"{self.call_path}__in": calls_with_barred(request.user)})


class BehindAdmin(RecordAdmin):
    """Rows that hang on a dossier through another row; ``application_path`` leads to the dossier."""

    application_path = ""

    def get_queryset(self, request):
        rows = admin.ModelAdmin.get_queryset(self, request)
        return rows.exclude(**{f"{self.application_path}__in": barred_applications(request.user)})


@admin.register(Minutes)
class MinutesAdmin(WholeCallAdmin):
    call_path = "session__call"
    list_display = ("session", "sequence", "created_at", "created_by", "sha256", "page")
    list_filter = ("session__call",)
    list_select_related = ("session__call", "created_by")
    search_fields = ("sha256", "session__call__number_prefix")
    fields = ("session", "sequence", "corrects", "correction_reason", "correction", "sha256", "created_at", "created_by", "page")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("corrects__session__call").defer("content")

    @admin.display(description=_("minutes"))
    def page(self, minutes):
        """The page where they are read and signed."""
        address = reverse("evaluation:minutes", args=(minutes.session.call.slug, minutes.session.number))
        return format_html('<a href="{}">{}</a>', address, _("Open the page"))


@admin.register(MinutesSignature)
class MinutesSignatureAdmin(WholeCallAdmin):
    call_path = "minutes__session__call"
    list_display = ("minutes", "signer", "capacity", "method", "signed_at", "sha256")
    list_filter = ("method", "capacity", "minutes__session__call")
    list_select_related = ("minutes__session__call", "signer")
    search_fields = ("sha256", "signer__last_name", "signer__email")
    exclude = ("scan",)


@admin.register(Letter)
class LetterAdmin(RecordAdmin):
    list_display = ("reference", "kind", "application", "issued_at", "issued_by", "sha256")
    list_filter = ("kind", "call")
    list_select_related = ("application__association", "issued_by", "call")
    search_fields = ("reference", "application__number", "sha256")
    date_hierarchy = "issued_at"


@admin.register(ResultsPublication)
class ResultsPublicationAdmin(WholeCallAdmin):
    list_display = ("call", "sequence", "published_at", "published_by", "sha256")
    list_filter = ("call",)
    list_select_related = ("call", "published_by")
    search_fields = ("sha256", "call__number_prefix")


@admin.register(Appeal)
class AppealAdmin(RecordAdmin):
    view_roles = WITH_OFFICERS
    list_display = ("number", "application", "kind", "filed_at", "filed_by", "page")
    list_filter = ("kind", "application__call")
    list_select_related = ("application__association", "filed_by")
    search_fields = ("number", "application__number")
    date_hierarchy = "filed_at"
    exclude = ("piece",)

    @admin.display(description=_("appeal"))
    def page(self, appeal):
        """The page where it is answered."""
        return format_html('<a href="{}">{}</a>', reverse("evaluation:appeal", args=(appeal.number,)), _("Open the page"))


@admin.register(AppealAnswer)
class AppealAnswerAdmin(BehindAdmin):
    view_roles = WITH_OFFICERS
    application_path = "appeal__application"
    list_display = ("appeal", "outcome", "answered_at", "answered_by")
    list_filter = ("outcome", "appeal__application__call")
    list_select_related = ("appeal", "answered_by")
    search_fields = ("appeal__number", "appeal__application__number")


@admin.register(ObservationStep)
class ObservationStepAdmin(WholeCallAdmin):
    view_roles = WITH_OFFICERS
    list_display = ("call", "opened_at", "opened_by", "due_at", "max_words")
    list_select_related = ("call", "opened_by")
    search_fields = ("call__number_prefix",)


@admin.register(FactualFindings)
class FactualFindingsAdmin(RecordAdmin):
    view_roles = WITH_OFFICERS
    list_display = ("application", "saved_at", "saved_by", "step")
    list_filter = ("application__call",)
    list_select_related = ("application__association", "saved_by", "step__call")
    search_fields = ("application__number",)


@admin.register(Observation)
class ObservationAdmin(BehindAdmin):
    """Once sent: a draft is its applicant's own."""

    view_roles = WITH_OFFICERS
    application_path = "findings__application"
    list_display = ("findings", "sent_at", "sent_by")
    list_filter = ("findings__application__call",)
    list_select_related = ("findings__application", "sent_by")
    search_fields = ("findings__application__number",)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(sent_at__isnull=False)
