"""One's own notices, and what the administration shows of reminders, of the outbox and of the schedule."""

from tests.rights.rows import SIGNED_IN, once, who

ROWS = [
    once("notifications:notices", expects=who((SIGNED_IN, 200))),
    once("notifications:read_all", expects=who((SIGNED_IN, 302)), method="post"),
    # Nobody has this one; another person's is tested beside the pages.
    once("notifications:notice", 999_999, expects={}, method="post"),
]
ADMIN = {
    # A reminder tells the auditor that a person was told, and of no dossier.
    "applications.reminder": (("auditor", "recused_head"), ()),
    "notifications.scheduledrun": (("administrator", "auditor", "recused_head"), ()),
}
