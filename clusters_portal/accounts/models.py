"""People who sign in. The e-mail address is the login, compared without case."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from . import roles


class UserManager(BaseUserManager):
    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email, password=None, **fields):
        """Create an account; the address is stored in lower case. Raises ValueError without one."""
        if not email:
            raise ValueError("An e-mail address is required.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("e-mail address"), unique=True)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    employer = models.CharField(
        _("employer"),
        max_length=150,
        blank=True,
        help_text=_("Organisation the person works for: used to keep evaluators away from their own employer's project."),
    )
    language = models.CharField(_("language of the mails"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    is_staff = models.BooleanField(_("may open the administration site"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("registered on"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("last_name", "first_name", "email")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_without_case")]

    def __str__(self):
        return self.get_full_name()

    def get_full_name(self):
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self):
        return self.first_name or self.email

    @cached_property
    def roles(self) -> frozenset:
        """Codes of the groups held, read once per request."""
        return frozenset(self.groups.values_list("name", flat=True))

    def has_role(self, *codes) -> bool:
        return roles.has_role(self, *codes)


def two_people_constraints(prefix: str) -> list:
    """What the database holds of « one proposes, another decides, neither is the person concerned »."""
    return [
        models.CheckConstraint(condition=~models.Q(proposed_by=models.F("person")), name=f"{prefix}_not_for_oneself"),
        models.CheckConstraint(
            condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")) & ~models.Q(decided_by=models.F("person")),
            name=f"{prefix}_four_eyes",
        ),
        models.CheckConstraint(
            condition=models.Q(state="waiting", decided_by=None, decided_at=None)
            | models.Q(~models.Q(state="waiting"), decided_by__isnull=False, decided_at__isnull=False),
            name=f"{prefix}_decided_by_somebody",
        ),
    ]


class TwoPeople(models.Model):
    """An act on `person` that one proposes and another decides (`two_people.py` holds the rule)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a second person")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING, editable=False)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed on"), editable=False)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, editable=False, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided on"), null=True, editable=False)

    class Meta:
        abstract = True


class RoleGrant(TwoPeople):
    """A role to give, or to take away: proposed by one person, decided by another (`role_grants.py` is the one writer)."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=30, choices=roles.Role)
    withdraws = models.BooleanField(_("takes the role away"), default=False)
    reason = models.TextField(
        _("reason"), max_length=1000, help_text=_("Letter of appointment, decision, function: it is kept in the journal.")
    )

    class Meta:
        verbose_name = _("role to give or to take away")
        verbose_name_plural = _("roles to give or to take away")
        ordering = ("-id",)
        constraints = [
            *two_people_constraints("role_grant"),
            models.UniqueConstraint(fields=("person", "role"), condition=models.Q(state="waiting"), name="role_grant_one_at_a_time"),
        ]

    def __str__(self):
        return f"{self.person} {'-' if self.withdraws else '+'} {self.get_role_display()}"


class FactorReset(TwoPeople):
    """Every second factor of somebody who lost his is removed: proposed by one person, decided by another (`factor_resets.py`)."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="factor_resets", verbose_name=_("person"))
    reason = models.TextField(
        _("reason"), max_length=1000, help_text=_("What was lost, and how you made sure who was asking: it is kept in the journal.")
    )

    class Meta:
        verbose_name = _("second factor to reset")
        verbose_name_plural = _("second factors to reset")
        ordering = ("-id",)
        constraints = [
            *two_people_constraints("factor_reset"),
            models.UniqueConstraint(fields=("person",), condition=models.Q(state="waiting"), name="factor_reset_one_at_a_time"),
        ]

    def __str__(self):
        return str(self.person)
