"""The advice on runs in the administration site: to browse, never to write; absent for whoever is barred from a dossier of the run."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from evaluation.admin.records import RecordAdmin
from evaluation.models import RankingAdvice, RankingLine
from evaluation.queries import barred_applications


@admin.register(RankingAdvice)
class RankingAdviceAdmin(RecordAdmin):
    list_display = ("ranking", "created_at", "seed", "sha256", "page")
    list_filter = ("ranking__call",)
    list_select_related = ("ranking__call",)
    search_fields = ("sha256", "ranking__sha256", "ranking__call__number_prefix")
    fields = ("ranking", "created_at", "seed", "sha256", "code_version", "page")

    def get_queryset(self, request):
        hidden = RankingLine.objects.filter(application__in=barred_applications(request.user)).values("ranking")
        return admin.ModelAdmin.get_queryset(self, request).exclude(ranking__in=hidden).defer("content", "badges")

    @admin.display(description=_("advice"))
    def page(self, advice):
        """The page where it is read."""
        address = reverse("evaluation:advice", args=(advice.ranking.call.slug, advice.ranking.number))
        return format_html('<a href="{}">{}</a>', address, _("Open the page"))
