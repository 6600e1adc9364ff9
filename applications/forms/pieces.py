"""Clause 5: the pieces of the administrative file, one card each."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters_portal.lib.fields import CleanCharField
from clusters_portal.lib.uploads import MIB, early_refusals

from ..models import Document, DocumentRequirement
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

    def writes(self, only=()):
        return Writes()

    def cards(self) -> list["Card"]:
        """One card per piece, in the order of the call."""
        return [card_of(self.dossier, piece) for piece in self.dossier.requirements]

    @property
    def limit(self) -> int:
        """Bytes of the largest file."""
        return self.dossier.call.max_file_mb * MIB

    @property
    def early_refusals(self) -> dict:
        return early_refusals(self.limit)


@dataclass(frozen=True)
class Card:
    """A piece, its files, and the earlier versions kept of it (replaced or taken out), the latest first."""

    piece: DocumentRequirement
    files: list
    earlier: list

    @property
    def is_waiting(self) -> bool:
        """Does one of the files wait for its virus scan?"""
        return any(file.scan == Document.Scan.PENDING for file in self.files)

    @property
    def is_refused(self) -> bool:
        return any(file.scan == Document.Scan.INFECTED for file in self.files)


def card_of(dossier, piece) -> Card:
    """The card of one piece of the call."""
    sent = [document for document in dossier.rows(Document) if document.requirement_id == piece.pk]
    earlier = sorted((document for document in sent if document.replaced_at), key=lambda each: each.replaced_at, reverse=True)
    return Card(piece, [document for document in sent if not document.replaced_at], earlier)


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or several files: the value is a list. An empty file is let through: the inspection says what is wrong with it."""

    widget = ManyFilesInput

    def __init__(self, **options):
        super().__init__(allow_empty_file=True, **options)

    def clean(self, data, initial=None):
        sent = data if isinstance(data, (list, tuple)) else [data]
        return [super(ManyFilesField, self).clean(file, initial) for file in sent or [None]]


class UploadForm(forms.Form):
    """What a card sends: one file, or several with one title where the piece allows `several`."""

    file = ManyFilesField(label=gettext_lazy("File"), error_messages={"required": gettext_lazy("Choose a file first.")})
    label = CleanCharField(label=gettext_lazy("Title"), max_length=Document._meta.get_field("label").max_length, required=False)

    def __init__(self, *args, several=False, **options):
        super().__init__(*args, **options)
        self.several = several
        self.store_is_away = False  # what was sent is in order: it may be sent again as it is

    def clean_file(self):
        sent = self.cleaned_data["file"]
        if len(sent) > 1 and not self.several:
            raise forms.ValidationError(_("Only one file can be sent for this document."))
        return sent

    def refuse(self, name, sentence):
        """Say beside the card why a file was not kept, naming it when it was not alone."""
        alone = len(self.files.getlist("file")) < 2
        self.add_error("file", sentence if alone else _("“%(file)s”: %(reason)s") % {"file": name, "reason": sentence})
