from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "clusters_portal.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self):
        from allauth.mfa.signals import authenticator_removed

        authenticator_removed.connect(forget_second_factor)


def forget_second_factor(sender, request, **kwargs):
    """What the session remembered may no longer be true: the next page looks again."""
    request.session.pop("second_factor", None)
