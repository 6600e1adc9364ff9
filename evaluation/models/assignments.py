"""Who judges what: conflict-of-interest declarations, likely conflicts to be checked, and assignments."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application

from .assignment_runs import AssignmentRun


class ConflictDeclaration(models.Model):
    """What is known of a person's interest in one dossier, one row per source: declared by the person before any access,
    raised by the applicant, or found by DPTC. Its status moves only through ``services.lifecycle``.
    """

    class Source(models.TextChoices):
        SELF = "self", _("Declared by the evaluator")
        APPLICANT = "applicant", _("Objection of the applicant")
        DETECTED = "detected", _("Found by DPTC")

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
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.SELF)
    declared_at = models.DateTimeField(_("declared on"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
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
            models.UniqueConstraint(fields=("evaluator", "application", "source"), name="conflict_one_per_person_application_and_source"),
            models.CheckConstraint(
                condition=Q(source="self", recorded_by__isnull=True) | (~Q(source="self") & Q(recorded_by__isnull=False)),
                name="conflict_of_another_source_has_its_recorder",
                violation_error_message=_("An interest that the evaluator did not declare names who recorded it."),
            ),
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


class LikelyConflict(models.Model):
    """A coincidence that needs a look before the machine assigns this person to this dossier. Found again at each act of DPTC;
    it is dismissed once, with a reason. ``evidence`` is the name or domain both sides share.
    """

    class Ground(models.TextChoices):
        EMPLOYER = "employer", _("Same employer")
        EMAIL_DOMAIN = "email_domain", _("Same e-mail domain")

    evaluator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("evaluator"))
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="likely_conflicts", verbose_name=_("application"))
    ground = models.CharField(_("ground"), max_length=12, choices=Ground)
    evidence = models.CharField(_("what both have in common"), max_length=255)
    found_at = models.DateTimeField(_("found on"))
    dismissed_at = models.DateTimeField(_("dismissed on"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("dismissed by")
    )
    dismissal_reason = models.TextField(_("reason of the dismissal"), blank=True)

    class Meta:
        verbose_name = _("likely conflict of interest")
        verbose_name_plural = _("likely conflicts of interest")
        ordering = ("application__number", "pk")
        constraints = [
            models.UniqueConstraint(fields=("evaluator", "application", "ground", "evidence"), name="likely_conflict_once"),
            models.CheckConstraint(
                condition=Q(dismissed_at__isnull=True, dismissed_by__isnull=True, dismissal_reason="")
                | (Q(dismissed_at__isnull=False, dismissed_by__isnull=False) & ~Q(dismissal_reason="")),
                name="likely_conflict_dismissed_with_author_and_reason",
                violation_error_message=_("Dismissing a likely conflict needs an author, a date and a reason."),
            ),
        ]

    def __str__(self):
        return f"{self.evaluator} · {self.application.number}"


class Assignment(models.Model):
    """One evaluator on one dossier. Its status moves only through ``services.lifecycle``."""

    class Origin(models.TextChoices):
        MANUAL = "manual", _("By hand")
        ALL_READ_ALL = "all_read_all", _("All read all")
        AUTO = "auto", _("Automatic")
        CSV = "csv", _("From a file")

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
    run = models.ForeignKey(
        AssignmentRun, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("automatic run")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("assigned by"))
    created_at = models.DateTimeField(_("assigned on"))

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("application__number", "pk")
        constraints = [
            models.UniqueConstraint(fields=("evaluator", "application"), name="assignment_once"),
            models.CheckConstraint(
                condition=Q(origin="auto", run__isnull=False) | (~Q(origin="auto") & Q(run__isnull=True)),
                name="assignment_automatic_names_its_run",
            ),
        ]

    def __str__(self):
        return f"{self.evaluator} · {self.application.number}"
