"""What is said beside a run of the ranking: agreement, severity, robustness. Computed once from the run's own inputs, then kept."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clusters_portal.audit.models import AppendOnlyModel

from .rankings import Ranking


class RankingAdvice(AppendOnlyModel):
    """``content`` and ``badges`` are canonical JSON; ``sha256`` is that of the document made of both and of the run's hash.

    ``badges`` stands apart because the ranking's page shows it without loading the rest. The seed comes from the run's hash:
    nobody chooses it.
    """

    ranking = models.OneToOneField(Ranking, on_delete=models.PROTECT, related_name="advice", verbose_name=_("ranking"))
    created_at = models.DateTimeField(_("computed on"))
    seed = models.BigIntegerField(_("seed of the draws"))
    content = models.TextField(_("figures"))
    badges = models.TextField(_("robustness of the ranks"))
    sha256 = models.CharField("SHA-256", max_length=64)
    code_version = models.CharField(_("version of the rules"), max_length=64)

    class Meta:
        verbose_name = _("advice on a ranking")
        verbose_name_plural = _("advice on rankings")
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(condition=~Q(sha256="") & ~Q(content="") & ~Q(badges=""), name="ranking_advice_is_complete"),
        ]

    def __str__(self):
        return str(self.ranking)
