"""What the work list searches and counts in a deposit, written with the deposit itself: a list never opens a frozen dossier."""

from ..models import ListEntry
from ..rules.verdicts import PASS
from ..search import words_of


def index(deposit, requirements) -> None:
    """Write the entry of the deposit that counts from now on, in place of the one before. `requirements` are the call's pieces."""
    content, required = deposit.content, [piece.code for piece in requirements if piece.required]
    entry = ListEntry(application_id=deposit.application_id, deposit=deposit, words=words_of(content), doubts=doubts_in(content, required))
    ListEntry.objects.bulk_create(
        [entry], update_conflicts=True, unique_fields=["application"], update_fields=["deposit", "words", "doubts"]
    )  # fmt: skip


def doubts_in(content: dict, required) -> int:
    """How many lines of recevabilité the frozen dossier itself makes not conforming: required pieces missing, rules not met."""
    sent = {document["requirement"] for document in content.get("documents", ())}
    failed = sum(verdict["status"] != PASS for verdict in content.get("verdicts", ()))
    return failed + sum(code not in sent for code in required)
