"""Invitations to work on a dossier, and the mandate on its way from one person to another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from .applications import Application, Collaborator

INVITATION_PENDING = Q(accepted_at=None, revoked_at=None)
TRANSFER_PENDING = Q(accepted_at=None, declined_at=None, cancelled_at=None)


class Invitation(models.Model):
    """An address asked to join a dossier as editor. The link's token is never stored, only its SHA-256.

    It ends once: accepted by the account of that very address, revoked, or past `expires_at`.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=Collaborator.Role, default=Collaborator.Role.EDITOR)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("invited by"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("sent on"))
    expires_at = models.DateTimeField(_("expires on"))
    accepted_at = models.DateTimeField(_("accepted on"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("accepted by")
    )
    revoked_at = models.DateTimeField(_("revoked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("created_at", "id")
        constraints = [
            models.UniqueConstraint(
                "application",
                Lower("email"),
                condition=INVITATION_PENDING,
                name="invitation_one_pending_per_address",
                violation_error_message=_("This address already has a pending invitation to this application."),
            ),
            models.CheckConstraint(
                condition=Q(role="editor"),
                name="invitation_for_editors_only",
                violation_error_message=_("One can only be invited as an editor: the mandate is handed over, never sent."),
            ),
            models.CheckConstraint(condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_ends_once"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None) | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_someone",
            ),
        ]

    def __str__(self):
        return self.email

    def is_valid(self, now) -> bool:
        """Can it still be accepted at this moment?"""
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at


class MandateTransfer(models.Model):
    """The mandate offered by the authorised representative to an editor: nothing moves before the other side accepts."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="mandate_transfers")
    from_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("from"))
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("to"))
    requested_at = models.DateTimeField(_("requested on"))
    accepted_at = models.DateTimeField(_("accepted on"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined on"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled on"), null=True, blank=True)

    class Meta:
        verbose_name = _("transfer of the mandate")
        verbose_name_plural = _("transfers of the mandate")
        ordering = ("requested_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("application",),
                condition=TRANSFER_PENDING,
                name="mandate_transfer_one_pending",
                violation_error_message=_("A transfer of the mandate is already waiting for an answer."),
            ),
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="mandate_transfer_between_two_people"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, declined_at=None)
                | Q(accepted_at=None, cancelled_at=None)
                | Q(declined_at=None, cancelled_at=None),
                name="mandate_transfer_ends_once",
            ),
        ]

    def __str__(self):
        return f"{self.from_user} → {self.to_user}"
