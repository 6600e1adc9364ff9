"""S9: who took a whole call out of the portal, and the fingerprint of what was taken, are in the journal."""

from clusters_portal.audit import journal
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib.zip_manifest import manifest_of

STARTED, SEALED = "call.archived", "call.archive_sealed"


def note_archive(*, call, actor) -> None:
    """Journal, before the first byte leaves, that this person takes the archive of the call."""
    journal.record(STARTED, call, actor=actor)


def note_seal(*, call, actor, sha256: str, entries: int, left_out: int) -> None:
    """Journal the fingerprint of the manifest of an archive written to its end, how much is in it and how much is not."""
    journal.record(SEALED, call, actor=actor, after=sha256, data={"entries": entries, "left_out": left_out})


def sealed_archives(call) -> list[AuditEntry]:
    """The archives of this call that were written to their end, the latest first."""
    return list(AuditEntry.objects.filter(action=SEALED, object_type=call._meta.label_lower, object_id=str(call.pk)).order_by("-id"))


def is_sealed(path) -> tuple[str, bool]:
    """The fingerprint of an archive's manifest, and whether this portal's journal knows it. Raises what `manifest_of` raises."""
    _manifest, sha256 = manifest_of(path)
    return sha256, AuditEntry.objects.filter(action=SEALED, after=sha256).exists()
