"""Five annual values on one row: the canvas of the call document has years 1 to 5 everywhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _

YEARS = (1, 2, 3, 4, 5)
YEAR_FIELDS = tuple(f"y{year}" for year in YEARS)


class FiveYears(models.Model):
    """Typed columns y1..y5. NULL means not answered; 0 is an answer (control B1)."""

    y1 = models.DecimalField(_("Year 1"), max_digits=12, decimal_places=2, null=True, blank=True)
    y2 = models.DecimalField(_("Year 2"), max_digits=12, decimal_places=2, null=True, blank=True)
    y3 = models.DecimalField(_("Year 3"), max_digits=12, decimal_places=2, null=True, blank=True)
    y4 = models.DecimalField(_("Year 4"), max_digits=12, decimal_places=2, null=True, blank=True)
    y5 = models.DecimalField(_("Year 5"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def amounts(self) -> tuple:
        return tuple(getattr(self, name) for name in YEAR_FIELDS)
