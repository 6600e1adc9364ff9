"""A call for projects is data: its terms are columns, its pieces, headings, indicators and criteria are rows.

Clauses are those of the 2026 cahier des charges unless said otherwise. No code asks which edition it is.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from clusters_portal.lib.bilingual import localized

PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class CallQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(published_at=None)

    def open_at(self, now):
        """Calls that take deposits at this moment: the deadline second itself is included."""
        return self.published().filter(opens_at__lte=now, deadline_at__gte=now.replace(microsecond=0))


class Call(models.Model):
    """One edition of the call."""

    class Severity(models.TextChoices):
        BLOCK = "block", _("Prevents the deposit")
        WARN = "warn", _("Warns, with acknowledgement")

    class SelfFinancingFormula(models.TextChoices):
        OWN_OVER_INCOME = "own_over_income", _("Own resources over total income")
        OWN_OVER_EXPENSES = "own_over_expenses", _("Own resources over total expenses")

    class DepositMode(models.TextChoices):
        ONLINE_PLUS_PAPER = "online_plus_paper", _("Online, then paper copies at the counter")
        ONLINE_ONLY = "online_only", _("Online only")
        PAPER_ONLY = "paper_only", _("Paper only")

    slug = models.SlugField(_("address"), unique=True)
    number_prefix = models.CharField(
        _("number prefix"), max_length=20, unique=True, help_text=_("Deposits are numbered after it: CL-2026-0007.")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    is_demonstration = models.BooleanField(_("demonstration edition"), default=False)
    title_fr = models.CharField(_("title (French)"), max_length=200)
    title_ar = models.CharField(_("title (Arabic)"), max_length=200, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    summary_fr = models.TextField(_("purpose (French)"), help_text=_("Markdown."))
    summary_ar = models.TextField(_("purpose (Arabic)"), blank=True)
    summary_en = models.TextField(_("purpose (English)"), blank=True)
    audience_fr = models.TextField(_("who may apply (French)"))
    audience_ar = models.TextField(_("who may apply (Arabic)"), blank=True)
    audience_en = models.TextField(_("who may apply (English)"), blank=True)
    process_fr = models.TextField(_("selection process (French)"))
    process_ar = models.TextField(_("selection process (Arabic)"), blank=True)
    process_en = models.TextField(_("selection process (English)"), blank=True)

    published_at = models.DateTimeField(_("published on"), null=True, blank=True)
    opens_at = models.DateTimeField(_("opens on"))
    deadline_at = models.DateTimeField(
        _("deadline"), help_text=_("Compared inclusively, to the second, on the server's clock (clause 2.2).")
    )
    results_published_at = models.DateTimeField(_("results published on"), null=True, blank=True)

    places = models.PositiveSmallIntegerField(
        _("places"),
        null=True,
        blank=True,
        help_text=_("Projects to be selected (clause 1.3); empty when the call document gives no number."),
    )
    waiting_list_enabled = models.BooleanField(_("waiting list"), default=True)
    new_allowed = models.BooleanField(_("new clusters may apply"), default=True)
    existing_allowed = models.BooleanField(_("existing clusters may apply"), default=False)
    existing_min_support_years = models.PositiveSmallIntegerField(
        _("years of support an existing cluster must have exceeded"),
        null=True,
        blank=True,
        help_text=_("Strictly more than this (2023 call)."),
    )
    min_members = models.PositiveSmallIntegerField(_("minimum members"), default=15)
    members_severity = models.CharField(_("members: severity"), max_length=5, choices=Severity, default=Severity.BLOCK)
    min_qualifying_percent = models.DecimalField(
        _("minimum industrial share (%)"), max_digits=5, decimal_places=2, default=60, validators=PERCENT
    )
    qualifying_severity = models.CharField(_("industrial share: severity"), max_length=5, choices=Severity, default=Severity.BLOCK)
    min_self_financing_percent = models.DecimalField(
        _("minimum self-financing, year 1 (%)"), max_digits=5, decimal_places=2, default=40, validators=PERCENT
    )
    self_financing_severity = models.CharField(_("self-financing: severity"), max_length=5, choices=Severity, default=Severity.BLOCK)
    self_financing_formula = models.CharField(
        _("self-financing formula"), max_length=20, choices=SelfFinancingFormula, default=SelfFinancingFormula.OWN_OVER_INCOME
    )
    base_year = models.PositiveSmallIntegerField(_("first contract year"), help_text=_("« Année 1 » of the budget."))
    deposit_mode = models.CharField(_("way of deposit"), max_length=20, choices=DepositMode, default=DepositMode.ONLINE_PLUS_PAPER)
    required_copies = models.PositiveSmallIntegerField(
        _("paper copies"), default=3, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    complement_allowed = models.BooleanField(
        _("complement requests"), default=False, help_text=_("Incomplete files are not accepted (clause 2.2).")
    )
    legalisation_max_age_months = models.PositiveSmallIntegerField(_("age of the legalisation (months)"), default=6)
    max_file_mb = models.PositiveSmallIntegerField(_("largest file (MB)"), default=20)
    max_total_mb = models.PositiveSmallIntegerField(_("all files (MB)"), default=200)
    min_evaluators = models.PositiveSmallIntegerField(_("evaluators per application"), default=3)
    declaration_version = models.CharField(_("declaration wording"), max_length=20, default="2026")

    contact_service_fr = models.CharField(_("contact service (French)"), max_length=250)
    contact_service_ar = models.CharField(_("contact service (Arabic)"), max_length=250, blank=True)
    contact_address_fr = models.CharField(_("contact address (French)"), max_length=250)
    contact_address_ar = models.CharField(_("contact address (Arabic)"), max_length=250, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=60, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_website = models.CharField(_("website"), max_length=120, blank=True)
    appeal_fr = models.TextField(
        _("means of appeal (French)"), blank=True, help_text=_("Printed at the foot of letters of refusal; empty, a neutral sentence is.")
    )
    appeal_ar = models.TextField(_("means of appeal (Arabic)"), blank=True)

    history = HistoricalRecords()
    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for projects")
        verbose_name_plural = _("calls for projects")
        ordering = ("-deadline_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(deadline_at__gt=F("opens_at")),
                name="call_deadline_after_opening",
                violation_error_message=_("The deadline comes after the opening."),
            ),
            models.CheckConstraint(
                condition=Q(places__isnull=True) | Q(places__gte=1),
                name="call_at_least_one_place",
                violation_error_message=_("There is at least one place, or none is announced."),
            ),
        ]

    def __str__(self):
        return localized(self, "title")

    def is_open(self, now) -> bool:
        return (
            self.published_at is not None and self.opens_at <= now and self.deadline_at.replace(microsecond=0) >= now.replace(microsecond=0)
        )

    def is_closed(self, now) -> bool:
        return now.replace(microsecond=0) > self.deadline_at.replace(microsecond=0)


class LabelledRow(models.Model):
    """A row of a call with a code, a label in three languages and a place in the list."""

    code = models.CharField(_("code"), max_length=40)
    label_fr = models.CharField(_("label (French)"), max_length=300)
    label_ar = models.CharField(_("label (Arabic)"), max_length=300, blank=True)
    label_en = models.CharField(_("label (English)"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        abstract = True
        ordering = ("position", "pk")

    def __str__(self):
        return localized(self, "label")


def one_code_per_call(name):
    return [
        models.UniqueConstraint(fields=("call", "code"), name=name, violation_error_message=_("This code is already used in the call."))
    ]


class DocumentRequirement(LabelledRow):
    """A piece the dossier must or may hold (clauses 2.2, 4 and 5; annex)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="document_requirements")
    help_fr = models.TextField(_("what it must be (French)"), blank=True)
    help_ar = models.TextField(_("what it must be (Arabic)"), blank=True)
    help_en = models.TextField(_("what it must be (English)"), blank=True)
    clause = models.CharField(_("clause"), max_length=20)
    required = models.BooleanField(_("required"), default=True)
    several = models.BooleanField(_("several files"), default=False)

    class Meta(LabelledRow.Meta):
        abstract = False
        verbose_name = _("required piece")
        verbose_name_plural = _("required pieces")
        constraints = one_code_per_call("requirement_code_unique")


class StepGuidance(models.Model):
    """The cahier des charges' own sentence above one step of the form (clause 6), and whether it is « déterminant »."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="step_guidance")
    slug = models.SlugField(_("step"))
    text_fr = models.TextField(_("guidance (French)"))
    text_ar = models.TextField(_("guidance (Arabic)"), blank=True)
    text_en = models.TextField(_("guidance (English)"), blank=True)
    is_determinant = models.BooleanField(
        _("determinant criterion"), default=False, help_text=_("In bold in the original document (clause 6): to be filled in by DPTC.")
    )

    class Meta:
        verbose_name = _("step guidance")
        verbose_name_plural = _("step guidance")
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("call", "slug"), name="guidance_step_unique")]

    def __str__(self):
        return self.slug


class ActionCategory(LabelledRow):
    """A kind of action of the plan; five can be paid by the Fonds d'Appui aux Clusters (clause 6.1)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="action_categories")
    fundable = models.BooleanField(_("fundable"), default=True)

    class Meta(LabelledRow.Meta):
        abstract = False
        verbose_name = _("action category")
        verbose_name_plural = _("action categories")
        constraints = one_code_per_call("action_category_code_unique")


class BudgetHeading(LabelledRow):
    """A line of the five-year budget canvas (clause 6.2); starred lines are not paid by the State's grant."""

    class Side(models.TextChoices):
        EXPENSE = "expense", _("Expenses")
        INCOME = "income", _("Income")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="budget_headings")
    side = models.CharField(_("side"), max_length=7, choices=Side)
    state_fundable = models.BooleanField(_("payable by the State's grant"), default=True)
    needs_detail = models.BooleanField(
        _("to be specified"), default=False, help_text=_("« à préciser »: detail rows must add up to the line.")
    )

    class Meta(LabelledRow.Meta):
        abstract = False
        verbose_name = _("budget heading")
        verbose_name_plural = _("budget headings")
        constraints = one_code_per_call("budget_heading_code_unique")


class IndicatorDefinition(LabelledRow):
    """A performance indicator over five years, annual and never summed (clause 6, section 7)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="indicator_definitions")
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    computed = models.BooleanField(_("computed from the budget"), default=False)

    class Meta(LabelledRow.Meta):
        abstract = False
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = one_code_per_call("indicator_code_unique")


class Criterion(LabelledRow):
    """A published criterion of appreciation (clause 7.2). Weights belong to the adopted grid, not to the call."""

    class Block(models.TextChoices):
        TECHNICAL = "technical", _("Technical analysis")
        QUALITATIVE = "qualitative", _("Qualitative analysis")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="criteria")
    block = models.CharField(_("block"), max_length=12, choices=Block)

    class Meta(LabelledRow.Meta):
        abstract = False
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = one_code_per_call("criterion_code_unique")
