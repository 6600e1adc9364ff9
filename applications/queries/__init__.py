"""Reading: who may see which application, one dossier with its rows, the facts the rules are told, the people."""

from .access import READERS_OF_SUBMITTED, applications_visible_to, own_applications, submitted_applications, with_single_rows
from .dossier import Dossier, dossiers_of
from .facts import budget_facts, facts_of, member_facts, terms_of
from .messages import thread_of, unread_counts
from .people import pending_transfer, people_of

__all__ = [
    "READERS_OF_SUBMITTED",
    "Dossier",
    "applications_visible_to",
    "budget_facts",
    "dossiers_of",
    "facts_of",
    "member_facts",
    "own_applications",
    "people_of",
    "pending_transfer",
    "submitted_applications",
    "terms_of",
    "thread_of",
    "unread_counts",
    "with_single_rows",
]
