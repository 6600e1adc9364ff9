"""Mails of the account pages: address to confirm, password forgotten. A mail server that is away must not lose a sign-up."""

from allauth.core import context as asked
from django.contrib.sites.shortcuts import get_current_site

from ..accounts.adapters import AccountAdapter as Adapter
from . import outbox


class AccountAdapter(Adapter):
    """Sends at once, for the person waits in front of the page; what the mail server does not take goes to the outbox."""

    def send_mail(self, template_prefix, email, context):
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:  # smtplib's errors are OSErrors too
            whole = {"request": asked.request, "email": email, "current_site": get_current_site(asked.request), **context}
            message = self.render_mail(template_prefix, email, whole)
            outbox.post(email, subject=message.subject, body=message.body)
