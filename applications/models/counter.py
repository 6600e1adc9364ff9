"""The counter (S4; clause 2.2): paper files delivered by hand against an acknowledgement, and what was decided of a late one."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clusters_portal.audit.models import AppendOnlyModel

from .applications import Application
from .calls import Call
from .deposits import Deposit

AGENT = {"on_delete": models.PROTECT, "related_name": "+"}


class AcknowledgementCounter(models.Model):
    """Last acknowledgement given in a call, locked in the transaction that gives the next one."""

    call = models.OneToOneField(Call, on_delete=models.CASCADE, primary_key=True, related_name="acknowledgement_counter")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("counter of acknowledgements")
        verbose_name_plural = _("counters of acknowledgements")

    def __str__(self):
        return str(self.last)


class PaperDeposit(AppendOnlyModel):
    """A paper file received over the counter: legal date of a call that asks for paper. Evidence, never changed.

    `received_at` is the moment of delivery; `entered_at` the server's. They differ only for an entry made later from the
    numbered paper register, which needs a second agent's countersignature.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="paper_deposits", verbose_name=_("application"))
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="paper_deposits", verbose_name=_("deposit it repeats"))
    receipt_number = models.CharField(_("acknowledgement number"), max_length=40, unique=True)
    received_at = models.DateTimeField(_("received on"))
    entered_at = models.DateTimeField(_("entered on"))
    deadline_at = models.DateTimeField(_("deadline at that time"))
    is_late = models.BooleanField(_("late"))
    register_number = models.CharField(_("number in the paper register"), max_length=40, blank=True)
    copies = models.PositiveSmallIntegerField(_("copies"), validators=[MinValueValidator(1), MaxValueValidator(20)])
    copies_required = models.PositiveSmallIntegerField(_("copies required at that time"))
    depositor_name = models.CharField(_("name of the depositor"), max_length=150)
    depositor_quality = models.CharField(_("quality of the depositor"), max_length=150, blank=True)
    all_pages_signed = models.BooleanField(_("all pages signed and stamped"))
    fingerprint_matches = models.BooleanField(_("the fingerprint printed on the pages is that of the deposit"), null=True)
    is_sealed = models.BooleanField(_("sealed envelope"))
    remarks = models.TextField(_("remarks"), blank=True)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, **AGENT, verbose_name=_("counter agent"))

    class Meta:
        verbose_name = _("paper deposit")
        verbose_name_plural = _("paper deposits")
        ordering = ("-received_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(received_at__lte=F("entered_at")), name="paper_received_before_entered",
                violation_error_message=_("A paper file is entered after it was received."),
            ),
            models.CheckConstraint(condition=Q(copies__gte=1), name="paper_at_least_one_copy"),
            models.CheckConstraint(
                condition=Q(received_at=F("entered_at")) | ~Q(register_number=""), name="paper_entered_later_has_register_number",
                violation_error_message=_("What is entered after the hour it was received bears its number in the paper register."),
            ),
            models.UniqueConstraint(
                fields=("deposit",), condition=Q(register_number=""), name="paper_recorded_once_per_deposit",
                violation_error_message=_("The paper file of this deposit has already been recorded."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.receipt_number

    @property
    def from_register(self) -> bool:
        """Entered afterwards, from the numbered paper register: counts once a second agent has countersigned."""
        return bool(self.register_number)

    @property
    def is_effective(self) -> bool:
        return not self.from_register or hasattr(self, "countersignature")


class WalkIn(models.Model):
    """A file brought to the counter by an association that has no application online: who to write to, and who received it."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="walk_in")
    contact_name = models.CharField(_("contact person"), max_length=150)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, **AGENT, verbose_name=_("counter agent"))

    class Meta:
        verbose_name = _("file without an online application")
        verbose_name_plural = _("files without an online application")

    def __str__(self):
        return f"{self.application} · {self.contact_name}"


class Countersignature(AppendOnlyModel):
    """A second agent confirms an entry made later from the paper register."""

    paper = models.OneToOneField(PaperDeposit, on_delete=models.PROTECT, related_name="countersignature")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, **AGENT, verbose_name=_("second agent"))
    signed_at = models.DateTimeField(_("signed on"))

    class Meta:
        verbose_name = _("countersignature")
        verbose_name_plural = _("countersignatures")

    def __str__(self):
        return f"{self.paper} · {self.agent}"


class LateDecision(AppendOnlyModel):
    """What the head of division decided of a late paper file: human and reasoned, never silent."""

    paper = models.OneToOneField(PaperDeposit, on_delete=models.PROTECT, related_name="late_decision", verbose_name=_("paper deposit"))
    accepted = models.BooleanField(_("accepted"))
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, **AGENT, verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided on"))

    class Meta:
        verbose_name = _("decision on a late file")
        verbose_name_plural = _("decisions on late files")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="late_decision_has_reason")]

    def __str__(self):
        return f"{self.paper} · {self.accepted}"
