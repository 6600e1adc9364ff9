"""Who judges what: conflict-of-interest declarations and assignments."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application


class ConflictDeclaration(models.Model):
    """What a person declared about one dossier before any access to it. Its status moves only through ``services.lifecycle``."""

    class Interest(models.TextChoices):
        NONE = "none", _("No conflict of interest")
        POTENTIAL = "potential", _("Possible conflict of interest")
        DISQUALIFYING = "disqualifying", _("Conflict of interest: I step down")

    class Kind(models.TextChoices):
        EMPLOYMENT = "employment", _("Employment or office held, now or recently")
        FINANCIAL = "financial", _("Financial interest or paid service")
        FAMILY = "family", _("Family or close relation")
        COMPETITOR = "competitor", _("Competing project or organisation")
        OTHER = "other", _("Other")

    class Status(models.TextChoices):
        DECLARED = "declared", _("Declared")
        CLEAR = "clear", _("No conflict")
        PENDING = "pending", _("Waiting for a ruling")
        LIFTED = "lifted", _("Lifted")
        CONFIRMED = "confirmed", _("Recused")

    evaluator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflict_declarations", verbose_name=_("person")
    )
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="conflict_declarations", verbose_name=_("application")
    )
    interest = models.CharField(_("declaration"), max_length=15, choices=Interest)
    kind = models.CharField(_("kind of interest"), max_length=12, choices=Kind, blank=True)
    text = models.TextField(_("explanation"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DECLARED)
    declared_at = models.DateTimeField(_("declared on"))
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("ruled by")
    )
    ruled_at = models.DateTimeField(_("ruled on"), null=True, blank=True)
    ruling_reason = models.TextField(_("reason of the ruling"), blank=True)

    class Meta:
        verbose_name = _("conflict-of-interest declaration")
        verbose_name_plural = _("conflict-of-interest declarations")
        ordering = ("-declared_at",)
        constraints = [
            models.UniqueConstraint(fields=("evaluator", "application"), name="conflict_one_per_person_and_application"),
            models.CheckConstraint(
                condition=Q(interest="none") | (~Q(kind="") & ~Q(text="")),
                name="conflict_interest_is_explained",
                violation_error_message=_("An interest is declared with its kind and an explanation."),
            ),
            models.CheckConstraint(
                condition=~Q(status="clear") | Q(interest="none"),
                name="conflict_clear_only_without_interest",
                violation_error_message=_("Only a declaration without interest is clear."),
            ),
            models.CheckConstraint(
                condition=~Q(status="lifted") | (Q(ruled_by__isnull=False, ruled_at__isnull=False) & ~Q(ruling_reason="")),
                name="conflict_lifted_has_author_date_and_reason",
                violation_error_message=_("Lifting a conflict needs an author, a date and a reason."),
            ),
        ]

    def __str__(self):
        return f"{self.evaluator} · {self.application.number}"


class Assignment(models.Model):
    """One evaluator on one dossier. Its status moves only through ``services.lifecycle``."""

    class Origin(models.TextChoices):
        MANUAL = "manual", _("By hand")
        ALL_READ_ALL = "all_read_all", _("All read all")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Declaration awaited")
        ACCEPTED = "accepted", _("In progress")
        RECUSED = "recused", _("Recused")
        RELEASED = "released", _("Removed")

    evaluator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("evaluator")
    )
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("application"))
    origin = models.CharField(_("origin"), max_length=12, choices=Origin, default=Origin.MANUAL)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PROPOSED, db_index=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("assigned by"))
    created_at = models.DateTimeField(_("assigned on"))

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("application__number", "pk")
        constraints = [models.UniqueConstraint(fields=("evaluator", "application"), name="assignment_once")]

    def __str__(self):
        return f"{self.evaluator} · {self.application.number}"
