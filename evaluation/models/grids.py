"""The scoring grid of a call: weights, thresholds, level anchors and tie ladder, adopted by a dated minute, then locked."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from applications.models import Call, Criterion
from clusters_portal.lib.bilingual import localized
from evaluation.rules.scoring import HALF_POINT_SCALE, SCALE_MAX
from evaluation.rules.ties import DEFAULT_LADDER, UnknownStep, check_ladder


def default_ladder():
    """The proposed ladder (evaluation.md 1.4-5), as a list for the JSON column."""
    return list(DEFAULT_LADDER)


def validate_ladder(value):
    """A list of known steps, each once."""
    try:
        check_ladder(tuple(value))
    except (UnknownStep, TypeError) as error:
        raise ValidationError(_("The tie ladder names an unknown step or the same step twice.")) from error


def _points(label):
    """A threshold in weighted points (0–100), or none."""
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )


def _within_0_and_100(field):
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0, f"{field}__lte": 100})


class GridQuerySet(models.QuerySet):
    def adopted(self):
        """Grids adopted by a dated minute."""
        return self.exclude(adopted_on=None)


class Grid(models.Model):
    """One version of a call's grid. Nothing of it changes once ``locked_at`` is set; a new version is a copy."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="grids", verbose_name=_("call"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    tie_ladder = models.JSONField(_("tie ladder"), default=default_ladder, blank=True, validators=[validate_ladder])
    threshold_technical = _points(_("threshold of the technical block (weighted points)"))
    threshold_qualitative = _points(_("threshold of the qualitative block (weighted points)"))
    threshold_total = _points(_("threshold of the total (points out of 100)"))
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    adoption_reference = models.CharField(_("reference of the minutes"), max_length=120, blank=True)
    sha256 = models.CharField(_("SHA-256 of the adopted grid"), max_length=64, blank=True, editable=False)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("copied from"), editable=False
    )
    due_on = models.DateField(_("evaluations expected by"), null=True, blank=True, help_text=_("May change while the grid is locked."))
    locked_at = models.DateTimeField(_("locked since"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("created by"), editable=False
    )

    history = HistoricalRecords()
    objects = GridQuerySet.as_manager()

    class Meta:
        verbose_name = _("scoring grid")
        verbose_name_plural = _("scoring grids")
        ordering = ("call", "-version")
        constraints = [
            models.UniqueConstraint(fields=("call", "version"), name="grid_version_unique"),
            models.CheckConstraint(
                condition=Q(adopted_on__isnull=True, adoption_reference="") | (Q(adopted_on__isnull=False) & ~Q(adoption_reference="")),
                name="grid_adoption_has_reference",
                violation_error_message=_("An adopted grid has a date and the reference of the minutes."),
            ),
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True) | Q(adopted_on__isnull=False),
                name="grid_locked_only_when_adopted",
                violation_error_message=_("Only an adopted grid can be used for scoring."),
            ),
            models.CheckConstraint(
                condition=_within_0_and_100("threshold_technical")
                & _within_0_and_100("threshold_qualitative")
                & _within_0_and_100("threshold_total"),
                name="grid_thresholds_between_0_and_100",
                violation_error_message=_("A threshold lies between 0 and 100."),
            ),
        ]

    def __str__(self):
        return f"{self.call} · v{self.version}"

    @property
    def is_locked(self) -> bool:
        """True once a mark relies on this grid."""
        return self.locked_at is not None


class GridCriterion(models.Model):
    """A published criterion with its weight in this grid. ``position`` is also its priority in the tie ladder."""

    grid = models.ForeignKey(Grid, on_delete=models.CASCADE, related_name="criteria", verbose_name=_("grid"))
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+", verbose_name=_("criterion"))
    position = models.PositiveSmallIntegerField(_("priority"), default=0)
    weight = models.PositiveSmallIntegerField(_("weight (percent)"), default=10)
    threshold = models.DecimalField(_("threshold (0 to 5)"), max_digits=2, decimal_places=1, null=True, blank=True)
    min_justification = models.PositiveSmallIntegerField(_("minimum length of the justification (characters)"), default=20)
    step_slugs = models.JSONField(_("steps of the application it concerns"), default=list, blank=True)
    guidance_fr = models.TextField(_("guidance (French)"), blank=True)
    guidance_ar = models.TextField(_("guidance (Arabic)"), blank=True)
    guidance_en = models.TextField(_("guidance (English)"), blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("criterion of the grid")
        verbose_name_plural = _("criteria of the grid")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=("grid", "criterion"), name="grid_criterion_unique"),
            models.CheckConstraint(
                condition=Q(weight__lte=100),
                name="grid_criterion_weight_at_most_100",
                violation_error_message=_("A weight is at most 100 percent."),
            ),
            models.CheckConstraint(
                condition=Q(threshold__isnull=True) | Q(threshold__in=HALF_POINT_SCALE),
                name="grid_criterion_threshold_half_point",
                violation_error_message=_("A threshold is a half point between 0 and 5."),
            ),
        ]

    def __str__(self):
        return f"{self.criterion.code} · {self.weight} %"


class LevelAnchor(models.Model):
    """What a whole mark means for one criterion: the text shown beside the level."""

    grid_criterion = models.ForeignKey(GridCriterion, on_delete=models.CASCADE, related_name="anchors", verbose_name=_("criterion"))
    level = models.PositiveSmallIntegerField(_("level"))
    text_fr = models.CharField(_("meaning (French)"), max_length=300)
    text_ar = models.CharField(_("meaning (Arabic)"), max_length=300, blank=True)
    text_en = models.CharField(_("meaning (English)"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("level anchor")
        verbose_name_plural = _("level anchors")
        ordering = ("level",)
        constraints = [
            models.UniqueConstraint(fields=("grid_criterion", "level"), name="anchor_level_unique"),
            models.CheckConstraint(
                condition=Q(level__lte=SCALE_MAX),
                name="anchor_level_on_the_scale",
                violation_error_message=_("A level lies between 0 and 5."),
            ),
        ]

    def __str__(self):
        return f"{self.level} · {localized(self, 'text')}"
