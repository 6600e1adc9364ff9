"""What is kept of what a person was told."""

from .models import OutgoingMail


def told_to(user) -> dict:
    """Notices, and mails sent to the person's present address."""
    notices = user.notices.order_by("pk").values("created_at", "text", "url", "read_at")
    mails = OutgoingMail.objects.filter(recipient__iexact=user.email).order_by("pk").values("created_at", "sent_at", "subject", "body")
    return {"notices": list(notices), "mails": list(mails)}
