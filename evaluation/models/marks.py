"""What the database asks of every mark, given by one person or agreed by all."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluation.rules.scoring import HALF_POINT_SCALE, SCALE_MAX


def mark_constraints(prefix: str) -> list[models.CheckConstraint]:
    """``<prefix>_between_0_and_5`` and ``<prefix>_half_point`` on the column ``value``; NULL while no mark is given."""
    on_the_scale = Q(value__gte=0, value__lte=SCALE_MAX)
    return [
        models.CheckConstraint(
            condition=Q(value__isnull=True) | on_the_scale,
            name=f"{prefix}_between_0_and_5",
            violation_error_message=_("A mark lies between 0 and 5."),
        ),
        models.CheckConstraint(
            condition=Q(value__isnull=True) | ~on_the_scale | Q(value__in=HALF_POINT_SCALE),
            name=f"{prefix}_half_point",
            violation_error_message=_("A mark is a whole or half point."),
        ),
    ]
