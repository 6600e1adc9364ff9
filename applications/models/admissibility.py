"""Recevabilité: DPTC's formal check of one deposit (clause 2.2), by two persons, with reasons of law and fact (loi 03-01)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clusters_portal.audit.models import AppendOnlyError, AppendOnlyModel

from .deposits import Deposit

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class UntilValidated(models.QuerySet):
    """Rows of a check that may change until a second person has validated it; `model.CHECK` is the way to the check."""

    def _refuse_validated(self):
        if self.filter(**{f"{self.model.CHECK}validated_at__isnull": False}).exists():
            raise AppendOnlyError(f"{self.model.__name__} rows are never changed once the check is validated.")

    def update(self, **kwargs):
        self._refuse_validated()
        return super().update(**kwargs)

    def delete(self):
        self._refuse_validated()
        return super().delete()

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for check in {row.check_key for row in objs}:
            refuse_validated(check, self.model)
        return super().bulk_create(objs, *args, **kwargs)


class UntilValidatedModel(models.Model):
    """`save` and `delete` are refused once the check is validated: from then on it is evidence."""

    CHECK = ""
    objects = UntilValidated.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self._refuse_validated()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        self._refuse_validated()
        return super().delete(*args, **kwargs)

    def _refuse_validated(self):
        refuse_validated(self.check_key, type(self))


def refuse_validated(check_key, model):
    """Raises AppendOnlyError when the check of this key is validated."""
    if AdmissibilityCheck.objects.filter(pk=check_key, validated_at__isnull=False).exists():
        raise AppendOnlyError(f"{model.__name__} rows are never changed once the check is validated.")


class AdmissibilityCheck(UntilValidatedModel):
    """One check of one deposit: prepared (`proposed_at` empty), waiting for the second person, then validated for good.

    `draft` is {item: [finding, reason]} as the officer typed it; `version` counts the saves and tells two officers apart.
    `record` is what the letter says, frozen at the validation, and `sha256` its fingerprint.
    """

    class Outcome(models.TextChoices):
        ADMISSIBLE = "admissible", _("Admissible")
        INADMISSIBLE = "inadmissible", _("Inadmissible")

    deposit = models.OneToOneField(Deposit, on_delete=models.PROTECT, related_name="admissibility", verbose_name=_("deposit"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    reasons_fact = models.TextField(_("Reasons of fact"), blank=True)
    reasons_law = models.TextField(_("Reasons of law"), blank=True, help_text=_("Clause of the cahier des charges or text relied on."))
    companies = models.PositiveIntegerField(
        _("Qualifying companies, as counted by DPTC"), null=True, blank=True, help_text=_("Empty: the number in the application stands.")
    )
    companies_reason = models.TextField(_("Reason of this number"), blank=True)
    draft = models.JSONField(_("lines being prepared"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    checked_by = models.ForeignKey(**PERSON, verbose_name=_("prepared by"))
    updated_at = models.DateTimeField(_("changed on"), auto_now=True)
    proposed_by = models.ForeignKey(**PERSON, verbose_name=_("proposed by"), null=True, blank=True)
    proposed_at = models.DateTimeField(_("proposed on"), null=True, blank=True)
    validated_by = models.ForeignKey(**PERSON, verbose_name=_("validated by"), null=True, blank=True)
    validated_at = models.DateTimeField(_("validated on"), null=True, blank=True)
    record = models.TextField(_("frozen decision"), blank=True, help_text=_("Canonical JSON."))
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)

    class Meta:
        verbose_name = _("admissibility check")
        verbose_name_plural = _("admissibility checks")
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed_at__isnull=True) | ~Q(outcome="inadmissible") | (~Q(reasons_fact="") & ~Q(reasons_law="")),
                name="inadmissible_has_reasons",
                violation_error_message=_("An inadmissible application needs reasons of fact and of law."),
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True, proposed_at__isnull=True)
                | (Q(proposed_by__isnull=False, proposed_at__isnull=False) & ~Q(outcome="")),
                name="admissibility_proposal_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(proposed_at__isnull=True) | Q(companies__isnull=True) | ~Q(companies_reason=""),
                name="admissibility_companies_have_reason",
                violation_error_message=_("A corrected number of companies needs a reason."),
            ),
            models.CheckConstraint(
                condition=Q(validated_by__isnull=True, validated_at__isnull=True)
                | (Q(validated_by__isnull=False, validated_at__gte=F("proposed_at"), proposed_by__isnull=False) & ~Q(record="")),
                name="admissibility_validated_after_proposed",
            ),
            models.CheckConstraint(
                condition=Q(validated_by__isnull=True) | ~Q(validated_by=F("proposed_by")),
                name="admissibility_second_person",
                violation_error_message=_("Who proposed does not validate: a second person does."),
            ),
        ]

    def __str__(self):
        return f"{self.deposit.number} · {self.get_outcome_display() or '—'}"

    @property
    def check_key(self):
        return self.pk

    @property
    def is_proposed(self) -> bool:
        """Does it wait for the second person?"""
        return self.proposed_at is not None and self.validated_at is None

    @property
    def is_validated(self) -> bool:
        return self.validated_at is not None


class AdmissibilityLine(UntilValidatedModel):
    """One piece or one threshold of a proposal: what the rules propose, nothing where they cannot know, and what the officer found."""

    CHECK = "check_record__"

    class Finding(models.TextChoices):
        CONFORMING = "conforming", _("Conforming")
        NON_CONFORMING = "non_conforming", _("Not conforming")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")

    check_record = models.ForeignKey(AdmissibilityCheck, on_delete=models.CASCADE, related_name="lines")
    item = models.CharField(_("checked point"), max_length=60, help_text="piece:<code> or rule:<name>")
    proposed = models.CharField(_("proposed"), max_length=15, choices=Finding, blank=True)
    finding = models.CharField(_("finding"), max_length=15, choices=Finding, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("admissibility line")
        verbose_name_plural = _("admissibility lines")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("check_record", "item"), name="admissibility_item_once"),
            models.CheckConstraint(
                condition=Q(finding="") | Q(finding=models.F("proposed")) | ~Q(reason=""),
                name="admissibility_override_has_reason",
                violation_error_message=_("Departing from what the rules propose needs a reason."),
            ),
        ]

    def __str__(self):
        return self.item

    @property
    def check_key(self):
        return self.check_record_id


class AdmissibilityReturn(AppendOnlyModel):
    """A proposal sent back, with its reason: what had been proposed and by whom stays known."""

    check_record = models.ForeignKey(AdmissibilityCheck, on_delete=models.PROTECT, related_name="returns")
    outcome = models.CharField(_("outcome proposed"), max_length=12, choices=AdmissibilityCheck.Outcome)
    proposed_by = models.ForeignKey(**PERSON, verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed on"))
    returned_by = models.ForeignKey(**PERSON, verbose_name=_("sent back by"))
    returned_at = models.DateTimeField(_("sent back on"))
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("proposal sent back")
        verbose_name_plural = _("proposals sent back")
        ordering = ("-returned_at", "-pk")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="admissibility_return_has_reason")]

    def __str__(self):
        return f"{self.check_record_id} · {self.get_outcome_display()}"
