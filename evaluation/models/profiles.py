"""What DPTC knows of an evaluator beyond the account: expertise, load, commitment to confidentiality."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications import reference
from clusters_portal.lib.fields import CodeListField


class EvaluatorProfile(models.Model):
    """Loads count the applications of one call. ``expertise`` holds sections of the NMA; the employer is on the account."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evaluator_profile", verbose_name=_("evaluator")
    )
    expertise = CodeListField(
        _("expertise"), choices_provider=reference.nma_section_choices, help_text=_("Sectors this person knows well.")
    )
    min_load = models.PositiveSmallIntegerField(_("least number of applications"), default=0, help_text=_("Per call."))
    max_load = models.PositiveSmallIntegerField(
        _("greatest number of applications"), null=True, blank=True, help_text=_("Per call. Empty: no limit.")
    )
    confidentiality_signed_on = models.DateField(_("confidentiality commitment signed on"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed on"), auto_now=True)

    class Meta:
        verbose_name = _("evaluator profile")
        verbose_name_plural = _("evaluator profiles")
        ordering = ("user__last_name", "user__first_name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(max_load__isnull=True) | Q(max_load__gte=F("min_load")),
                name="evaluator_loads_in_order",
                violation_error_message=_("The greatest number of applications is not below the least."),
            ),
        ]

    def __str__(self):
        return str(self.user)

    @property
    def sections(self) -> list:
        """The expertise in words."""
        names = dict(reference.nma_section_choices())
        return [names.get(code, code) for code in self.expertise]
