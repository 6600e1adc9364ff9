"""What the applicant writes, as typed columns, in the order of clause 6 of the cahier des charges.

Every column accepts being empty: a draft is saved in any state. What is required is said once, by the step's form.
Labels and help texts stand here and nowhere else.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications import reference
from clusters_portal.lib.fields import CodeListField

from .applications import Application
from .calls import Criterion
from .years import FiveYears


class OnePerApplication(models.Model):
    """One row per dossier, made when the step is first saved."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="%(class)s", primary_key=True)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self._meta.verbose_name} · {self.application_id}"


class Row(models.Model):
    """A row of a table of the dossier, in the order the applicant gave."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="%(class)ss")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ("position", "pk")

    def __str__(self):
        return f"{self._meta.verbose_name} {self.position}"


class Identity(OnePerApplication):
    """Clause 6, 1.1 and clauses 3.1 and 5: the association's legal identity."""

    class ApplicantType(models.TextChoices):
        NEW = "new", _("New cluster: never labelled nor funded by the Fonds d'Appui aux Clusters")
        EXISTING = "existing", _("Existing cluster, labelled in an earlier edition")

    class ReceiptType(models.TextChoices):
        PROVISIONAL = "provisional", _("Provisional receipt")
        FINAL = "final", _("Final receipt")

    class SectorType(models.TextChoices):
        INDUSTRIAL = "industrial", _("Industrial")
        TECHNOLOGICAL = "technological", _("Technological")
        SPECIFIC = "specific", _("Specific")

    acronym = models.CharField(_("Acronym"), max_length=30, blank=True)
    applicant_type = models.CharField(_("Your cluster is"), max_length=10, choices=ApplicantType, blank=True, default=ApplicantType.NEW)
    legal_form = models.CharField(
        _("Legal form"),
        max_length=120,
        blank=True,
        default="Association (dahir du 15 novembre 1958, loi n° 75-00)",
        help_text=_("The call is open to associations under loi n° 75-00 (clause 3.1)."),
    )
    constitution_date = models.DateField(
        _("Date of constitution"), null=True, blank=True, help_text=_("Day of the founding general assembly, for example 16/05/2024.")
    )
    receipt_type = models.CharField(_("Receipt for the filing of the statutes"), max_length=11, choices=ReceiptType, blank=True)
    receipt_number = models.CharField(_("Number of the receipt"), max_length=60, blank=True)
    receipt_date = models.DateField(_("Date of the receipt"), null=True, blank=True)
    receipt_authority = models.CharField(
        _("Authority that delivered it"), max_length=150, blank=True, help_text=_("For example: Préfecture de Nouaceur.")
    )
    legalisation_date = models.DateField(
        _("Date of the legalisation of the statutes"), null=True, blank=True, help_text=_("The call asks for a recent date (clause 5).")
    )
    address = models.CharField(_("Address of the head office"), max_length=250, blank=True)
    region = models.CharField(_("Region"), max_length=6, choices=reference.region_choices, blank=True)
    province = models.CharField(_("Prefecture or province"), max_length=4, choices=reference.province_choices, blank=True)
    website = models.CharField(_("Website"), max_length=200, blank=True)
    sector_type = models.CharField(_("Kind of sector"), max_length=13, choices=SectorType, blank=True)
    sector_justification = models.CharField(_("If “specific”: say in what way"), max_length=500, blank=True)
    nma_section = models.CharField(
        _("Main sector"),
        max_length=1,
        choices=reference.nma_section_choices,
        blank=True,
        help_text=_("Section of the Moroccan nomenclature of activities (NMA 2010)."),
    )
    nma_division = models.CharField(_("Division"), max_length=2, blank=True, help_text=_("Two digits, for example 13 for textiles."))
    themes = models.TextField(
        _("Sector and themes"),
        max_length=3000,
        blank=True,
        help_text=_("Main activities, importance of the sector, strategic justification."),
    )

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")


class Officer(Row):
    """Clause 6, 1.1: governance and contacts."""

    class Function(models.TextChoices):
        PRESIDENT = "president", _("President")
        VICE_PRESIDENT = "vice_president", _("Vice-president")
        TREASURER = "treasurer", _("Treasurer")
        DIRECTOR = "director", _("Director")

    function = models.CharField(_("Function"), max_length=15, choices=Function, blank=True)
    first_name = models.CharField(_("First name"), max_length=80, blank=True)
    last_name = models.CharField(_("Last name"), max_length=80, blank=True)
    quality = models.CharField(_("Title in the association"), max_length=120, blank=True)
    organisation = models.CharField(_("Organisation"), max_length=150, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=20, blank=True, help_text=_("For example 06 12 34 56 78."))

    class Meta(Row.Meta):
        abstract = False
        verbose_name = _("officer")
        verbose_name_plural = _("officers")


class Territory(OnePerApplication):
    """Clause 6, 1.1: territory (core and potential perimeters) and history."""

    core_regions = CodeListField(
        _("Regions of the core perimeter"), choices_provider=reference.region_choices, help_text=_("Where the member companies are.")
    )
    core_provinces = CodeListField(_("Prefectures and provinces of the core perimeter"), choices_provider=reference.province_choices)
    core_text = models.TextField(
        _("Geographical perimeter of the core"),
        max_length=3000,
        blank=True,
        help_text=_("Member companies: where they are, how close to each other."),
    )
    potential_regions = CodeListField(_("Regions of the potential perimeter"), choices_provider=reference.region_choices)
    potential_text = models.TextField(
        _("Perimeter of the productive agglomeration"),
        max_length=3000,
        blank=True,
        help_text=_("The potential field of future cooperation."),
    )
    history = models.TextField(
        _("History"),
        max_length=5000,
        blank=True,
        help_text=_("Genesis of the cluster, roots in the territory, joint initiatives already under way."),
    )

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")


class Governance(OnePerApplication):
    """Clause 6, section 2."""

    organisation = models.TextField(_("Internal organisation of the association"), max_length=5000, blank=True)
    membership_terms = models.TextField(_("How members join the governance body"), max_length=5000, blank=True)

    class Meta:
        verbose_name = _("governance")
        verbose_name_plural = _("governances")


class BoardMember(Row):
    """Clause 5 (table signed by every member of the board) and clause 6, section 2."""

    first_name = models.CharField(_("First name"), max_length=80, blank=True)
    last_name = models.CharField(_("Last name"), max_length=80, blank=True)
    quality = models.CharField(_("Title in the organisation"), max_length=120, blank=True)
    organisation = models.CharField(_("Organisation"), max_length=150, blank=True)
    function = models.CharField(_("Function on the board"), max_length=120, blank=True)
    from_company = models.BooleanField(
        _("Represents a company"), default=False, help_text=_("Company leaders play a driving role in the governance (clause 3.2).")
    )

    class Meta(Row.Meta):
        abstract = False
        verbose_name = _("board member")
        verbose_name_plural = _("board members")


class FeeRule(Row):
    """Clause 6, section 2: membership fees and how they are computed."""

    category = models.CharField(_("Category of members"), max_length=150, blank=True)
    rule = models.CharField(_("How it is computed"), max_length=300, blank=True, help_text=_("For example: flat yearly fee."))
    amount = models.DecimalField(_("Yearly amount (DH)"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta(Row.Meta):
        abstract = False
        verbose_name = _("fee rule")
        verbose_name_plural = _("fee rules")


class Strategy(OnePerApplication):
    """Clause 6, 3.1: five-year strategy."""

    overall = models.TextField(_("Overall strategy of the cluster"), max_length=8000, blank=True)
    technologies_markets = models.TextField(_("Technologies and markets aimed at"), max_length=8000, blank=True)
    positioning = models.TextField(_("National and international competitive position"), max_length=8000, blank=True)

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")


class StrategySeries(FiveYears):
    """Clause 6, 3.1: the five-year targets and forecasts, one row per series."""

    class Code(models.TextChoices):
        RD_PROJECTS = "rd_projects", _("R&D projects")
        FUNDS_RAISED = "funds_raised", _("Funds raised (DH)")
        EXPORT_SHARE = "export_share", _("Export market share (%)")
        MEMBERS = "members_forecast", _("Number of members")
        FEES = "fees_forecast", _("Membership fees (DH)")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="strategyseries")
    code = models.CharField(max_length=20, choices=Code)

    class Meta:
        verbose_name = _("strategy series")
        verbose_name_plural = _("strategy series")
        constraints = [models.UniqueConstraint(fields=("application", "code"), name="strategy_series_once")]

    def __str__(self):
        return self.get_code_display()


class CriterionArgument(models.Model):
    """Part 3 of the dossier (clause 4): what the applicant says to one published criterion. Optional."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="arguments")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(max_length=2000, blank=True)

    class Meta:
        verbose_name = _("argument on a criterion")
        verbose_name_plural = _("arguments on criteria")
        constraints = [models.UniqueConstraint(fields=("application", "criterion"), name="argument_once_per_criterion")]

    def __str__(self):
        return str(self.criterion)
