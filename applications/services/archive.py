"""A15: what a person takes of a dossier leaves a line in the journal before the first byte leaves."""

from clusters_portal.audit import journal

from ..exports.archive import Contents


def note_archive(*, application, contents: Contents, actor) -> None:
    """Journal that this person takes everything of the dossier with him."""
    journal.record(
        "application.archived",
        application,
        actor=actor,
        data={"files": contents.files + contents.earlier, "deposits": contents.deposits},
    )
