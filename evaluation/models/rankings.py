"""A run of the ranking: evidence. Inserted once with its inputs, result, hash and the version of the rules."""

from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Call
from clusters_portal.audit.models import AppendOnlyModel

from .grids import Grid


class Ranking(AppendOnlyModel):
    """``inputs`` and ``result`` are canonical JSON; ``sha256`` is that of the document made of both."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="rankings", verbose_name=_("call"))
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="rankings", verbose_name=_("grid"))
    number = models.PositiveIntegerField(_("run"))
    created_at = models.DateTimeField(_("run on"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("run by"))
    places = models.PositiveIntegerField(_("places"), default=0, help_text=_("0 when the call announces no number."))
    tie_rank = models.PositiveIntegerField(_("rank shared across the last place"), null=True, blank=True)
    inputs = models.TextField(_("inputs"))
    result = models.TextField(_("result"))
    sha256 = models.CharField("SHA-256", max_length=64)
    code_version = models.CharField(_("version of the rules"), max_length=64)

    class Meta:
        verbose_name = _("ranking")
        verbose_name_plural = _("rankings")
        ordering = ("call", "-number")
        constraints = [
            models.UniqueConstraint(fields=("call", "number"), name="ranking_number_unique"),
            models.CheckConstraint(condition=~Q(sha256="") & ~Q(inputs="") & ~Q(result=""), name="ranking_is_complete"),
        ]

    def __str__(self):
        return f"{self.call} · {self.number}"


class RankingLine(AppendOnlyModel):
    """One dossier of a run, for lists. Scores here are cut at two decimals; the exact fractions are in ``exact_total`` and the result."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="lines", verbose_name=_("ranking"))
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="ranking_lines", verbose_name=_("application"))
    position = models.PositiveIntegerField(_("order"))
    rank = models.PositiveIntegerField(_("proposed rank"), null=True, blank=True)
    ex_aequo = models.BooleanField(_("ex æquo"), default=False)
    total = models.DecimalField(_("weighted score"), max_digits=5, decimal_places=2)
    exact_total = models.CharField(_("exact weighted score"), max_length=60)
    technical = models.DecimalField(_("technical block"), max_digits=5, decimal_places=2)
    qualitative = models.DecimalField(_("qualitative block"), max_digits=5, decimal_places=2)
    missed = models.CharField(_("thresholds not reached"), max_length=200, blank=True, help_text=_("Codes separated by spaces."))

    class Meta:
        verbose_name = _("line of the ranking")
        verbose_name_plural = _("lines of the ranking")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=("ranking", "application"), name="ranking_line_once"),
            models.CheckConstraint(
                condition=Q(rank__isnull=False, missed="") | (Q(rank__isnull=True) & ~Q(missed="")),
                name="ranking_line_below_threshold_has_no_rank",
            ),
            models.CheckConstraint(condition=Q(rank__isnull=True) | Q(rank__gte=1), name="ranking_line_rank_from_1"),
            models.CheckConstraint(condition=Q(total__gte=0, total__lte=100), name="ranking_line_total_0_to_100"),
        ]

    def __str__(self):
        return f"{self.rank or '—'} · {self.application.number}"

    @property
    def decimals(self) -> int:
        """Decimals that say the scores wholly: one on agreed half points, two (cut) in runs on means of marks."""
        return 1 if all(value * 10 == int(value * 10) for value in (self.total, self.technical, self.qualitative)) else 2

    @property
    def cut_from(self) -> str:
        """The weighted score as a fraction ("190/3") when no decimal says it wholly, else nothing."""
        return "" if 10 % Fraction(self.exact_total).denominator == 0 else self.exact_total
