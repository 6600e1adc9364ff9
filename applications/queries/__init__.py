"""Reading: who may see which application, one dossier with its rows, the facts the rules are told, the people."""

from .access import READERS_OF_SUBMITTED, applications_visible_to, own_applications, submitted_applications, with_single_rows
from .complements import Scope, request_of, requests_in, scope_of, standing_requests
from .documents import closed_files, noting_closed_files
from .dossier import OFTEN_EMPTY, Dossier, dossiers_of, noting_empty_tables, noting_state, single_row_name, whole_dossier
from .facts import budget_facts, facts_of, member_facts, terms_of
from .messages import thread_of, unread_counts
from .paper import current_papers, deposit_on_paper, paper_state, paper_states, reservations
from .people import pending_transfer, people_of

__all__ = [
    "OFTEN_EMPTY",
    "READERS_OF_SUBMITTED",
    "Dossier",
    "Scope",
    "applications_visible_to",
    "budget_facts",
    "current_papers",
    "deposit_on_paper",
    "closed_files",
    "dossiers_of",
    "facts_of",
    "member_facts",
    "noting_closed_files",
    "noting_empty_tables",
    "noting_state",
    "own_applications",
    "paper_state",
    "paper_states",
    "people_of",
    "pending_transfer",
    "reservations",
    "request_of",
    "requests_in",
    "scope_of",
    "single_row_name",
    "standing_requests",
    "submitted_applications",
    "terms_of",
    "thread_of",
    "unread_counts",
    "whole_dossier",
    "with_single_rows",
]
