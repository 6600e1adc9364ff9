"""The minutes (procès-verbal) of a session: gathered once from what was recorded, sealed, signed, corrected only by further ones."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clusters_portal.audit.models import AppendOnlyModel

from .attachments import Attachment
from .sessions import CommitteeSession


def _person(label):
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label)


class Minutes(AppendOnlyModel):
    """``content`` is canonical JSON and ``sha256`` its hash. Nobody edits it: sequence 1 tells the session, each further one
    corrects the one before, which stays."""

    session = models.ForeignKey(CommitteeSession, on_delete=models.PROTECT, related_name="minutes", verbose_name=_("session"))
    sequence = models.PositiveSmallIntegerField(_("sequence"))
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by", verbose_name=_("minutes corrected")
    )
    correction_reason = models.TextField(_("reason of the correction"), blank=True)
    correction = models.TextField(_("what is to be read instead"), blank=True)
    content = models.TextField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64)
    created_at = models.DateTimeField(_("drawn up on"))
    created_by = _person(_("drawn up by"))

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ("session", "sequence")
        constraints = [
            models.UniqueConstraint(fields=("session", "sequence"), name="minutes_sequence_unique"),
            models.CheckConstraint(
                condition=Q(sequence=1, corrects__isnull=True, correction_reason="", correction="")
                | (Q(sequence__gt=1, corrects__isnull=False) & ~Q(correction_reason="") & ~Q(correction="")),
                name="minutes_further_ones_correct_with_reason",
                violation_error_message=_("Further minutes name those they correct, and say why."),
            ),
            models.CheckConstraint(condition=~Q(content="") & ~Q(sha256=""), name="minutes_are_complete"),
        ]

    def __str__(self):
        return f"{self.reference} · {self.session.call.number_prefix}"

    @property
    def reference(self) -> str:
        """« PV-2 » for the second session; « PV-2-R1 » for the first correction."""
        return f"PV-{self.session.number}" + (f"-R{self.sequence - 1}" if self.sequence > 1 else "")


class MinutesSignature(AppendOnlyModel):
    """Who signed which content: typed after a fresh authentication (loi 43-20, simple signature), or the scan of the signed paper.

    A stand-in signs when the chair may not read the whole of it, or did not attend; the reason is kept.
    """

    class Method(models.TextChoices):
        TYPED = "typed", _("Typed confirmation, after signing in again")
        SCAN = "scan", _("Scan of the signed paper")

    class Capacity(models.TextChoices):
        CHAIR = "chair", _("Chair of the session")
        STAND_IN = "stand_in", _("Stand-in of the chair")

    minutes = models.OneToOneField(Minutes, on_delete=models.PROTECT, related_name="signature", verbose_name=_("minutes"))
    signer = _person(_("signed by"))
    capacity = models.CharField(_("capacity"), max_length=8, choices=Capacity)
    stand_in_reason = models.TextField(_("reason of the stand-in"), blank=True)
    method = models.CharField(_("way of signing"), max_length=5, choices=Method)
    sha256 = models.CharField(_("SHA-256 signed"), max_length=64)
    statement = models.TextField(_("statement signed"), blank=True)
    typed_name = models.CharField(_("name typed"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    scan = models.OneToOneField(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="signature", verbose_name=_("signed scan")
    )
    expected_pages = models.PositiveIntegerField(_("pages expected"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed on"))

    class Meta:
        verbose_name = _("signature of minutes")
        verbose_name_plural = _("signatures of minutes")
        ordering = ("-signed_at",)
        constraints = [
            models.CheckConstraint(
                condition=(Q(method="typed", scan__isnull=True) & ~Q(typed_name="") & ~Q(statement=""))
                | Q(method="scan", scan__isnull=False, expected_pages__isnull=False, typed_name=""),
                name="minutes_signature_typed_or_scanned",
            ),
            models.CheckConstraint(
                condition=Q(capacity="chair", stand_in_reason="") | (Q(capacity="stand_in") & ~Q(stand_in_reason="")),
                name="minutes_signature_stand_in_has_reason",
            ),
        ]

    def __str__(self):
        return f"{self.minutes} · {self.signer}"

    @property
    def pages_differ(self) -> bool:
        """Does the signed scan have more or fewer pages than the minutes?"""
        return self.scan_id is not None and self.scan.pages != self.expected_pages
