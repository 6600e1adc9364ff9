"""Clause 5: the pieces of the administrative file, one card each."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters_portal.lib.fields import CleanCharField

from ..models import Document
from .parts import BoundPart, Part, Problem, Writes


class PiecesPart(Part):
    """Every required piece has a file, and the virus scan refused none; one that still waits for it is good enough.

    Files are sent from their own card, so saving the step writes nothing.
    """

    template = "applications/parts/pieces.html"
    inline = False

    def bind(self, dossier, data=None):
        return BoundPieces(self, dossier, data)

    def problems(self, dossier):
        present = {document.requirement_id for document in dossier.documents}
        missing = [
            Problem(_("“%(piece)s” has not been uploaded.") % {"piece": piece}, f"piece-{piece.code}")
            for piece in dossier.requirements
            if piece.required and piece.pk not in present
        ]
        refused = _("The virus scan refused the file “%(file)s”: replace it or remove it.")
        return missing + [
            Problem(refused % {"file": document.original_name}, f"piece-{document.requirement.code}", "invalid")
            for document in dossier.documents
            if document.scan == Document.Scan.INFECTED
        ]

    def values(self, dossier):
        return {}

    def restored(self, dossier, values):
        """Files are put back by `services.restore`: the snapshot lists them apart."""
        return Writes()


class BoundPieces(BoundPart):
    is_sent = False

    def forms(self):
        return []

    def writes(self):
        return Writes()

    def cards(self) -> list:
        """[(requirement, its files)] in the order of the call."""
        by_piece = {}
        for document in self.dossier.documents:
            by_piece.setdefault(document.requirement_id, []).append(document)
        return [(piece, by_piece.get(piece.pk, [])) for piece in self.dossier.requirements]


class UploadForm(forms.Form):
    """One file for one piece. An empty file is let through: the inspection says in words what is wrong with it."""

    file = forms.FileField(
        label=gettext_lazy("File"), allow_empty_file=True, error_messages={"required": gettext_lazy("Choose a file first.")}
    )
    label = CleanCharField(label=gettext_lazy("Title"), max_length=Document._meta.get_field("label").max_length, required=False)
