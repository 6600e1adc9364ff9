"""A mail server of one's own, for the time of a test: it keeps what it took, and refuses the addresses it is told to."""

import socket
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller


class Inbox:
    """`received`: [(recipient, message)]; `refuses`: {recipient: the answer to give, as “450 Later”}."""

    def __init__(self):
        self.received, self.refuses = [], {}

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=default)
        self.received += [(address, message) for address in envelope.rcpt_tos]
        return "250 Message accepted"

    def message_for(self, address):
        """The one message that address got."""
        (message,) = [message for recipient, message in self.received if recipient == address]
        return message


@contextmanager
def open_post_office(settings):
    """An Inbox behind a real SMTP server, to which the portal sends meanwhile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield inbox
    finally:
        controller.stop()
