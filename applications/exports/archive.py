"""A15: everything of one dossier in one ZIP, written while it is sent.

What is quick comes first and the PDFs last, so that bytes flow at once and the browser shows its progress. A file that
cannot be read or a PDF that cannot be made never stops the rest: the manifest at the end names it and says why.
Judging is not in it, nor a decision before it is notified.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from clusters_portal.lib.canonical import canonical_json
from clusters_portal.lib.clock import format_moment, local
from clusters_portal.lib.text import clean_text
from clusters_portal.lib.zipping import Zip, chunks_of

from ..canevas.writing import file_name, workbook_of
from ..models import Document, KeptDraft
from ..pdf.acknowledgement import acknowledgement_pdf
from ..pdf.papers import KINDS, content_of, generated_pdf
from ..pdf.receipt import receipt_pdf
from ..permissions import can_open
from ..queries import Dossier
from ..snapshots import snapshot_of
from ..timeline import APPLICANTS, timeline_of

RECEIPT_LANGUAGES, PAPER_LANGUAGE = ("fr", "ar"), "fr"
PDF_GUESS = 100_000  # bytes of a generated PDF, for the estimate
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Contents:
    """What will go in: counts, and a guess of the size in bytes."""

    files: int
    earlier: int
    deposits: int
    messages: int
    papers: int
    letters: int
    size: int


def contents_of(application) -> Contents:
    """What the archive of this dossier will hold; three queries."""
    files = list(application.documents.values_list("size", "replaced_at"))
    deposits = application.deposits.count()
    letters = len(letters_of(application))
    papers = len(KINDS) + deposits * len(RECEIPT_LANGUAGES) + letters
    return Contents(
        files=sum(replaced is None for _size, replaced in files),
        earlier=sum(replaced is not None for _size, replaced in files),
        deposits=deposits,
        messages=application.messages.count(),
        papers=papers,
        letters=letters // len(RECEIPT_LANGUAGES),
        size=sum(size for size, _replaced in files) + papers * PDF_GUESS,
    )


def archive_of(application, *, user, now, language: str, verify_url) -> Iterator[bytes]:
    """The ZIP, chunk by chunk. `verify_url(number)` gives the address printed on receipts.

    Everything small is read before the first byte; files are read as they are sent. Readable parts are in `language`.
    """
    return _Archive(application, user, now, language, verify_url).stream()


class _Archive:
    def __init__(self, application, user, now, language, verify_url):
        self.application, self.user, self.now, self.language, self.verify_url = application, user, now, language, verify_url
        self.zip = Zip()
        self.left_out = []  # (path, why)

    def stream(self):
        yield from self._texts()
        deposits = list(self.application.deposits.order_by("sequence"))
        for deposit in deposits:
            yield from self.zip.add(_folder(deposit), "dossier.json", deposit.snapshot.encode("utf-8"))
        for kept in KeptDraft.objects.filter(application=self.application).order_by("kept_at"):
            yield from self.zip.add("brouillons", f"{local(kept.kept_at):%Y-%m-%d-%Hh%M}.json", kept.content.encode("utf-8"))
        for document in self.application.documents.select_related("requirement", "application"):
            yield from self._document(document)
        yield from self._papers(deposits)
        with override(self.language):
            manifest = manifest_of(self.zip.written, self.left_out, now=self.now)
        yield from self.zip.add("", "MANIFEST.txt", manifest.encode("utf-8"))
        yield from self.zip.end()

    def _texts(self):
        """The answers, the workbook, the messages and the timeline."""
        dossier = Dossier(self.application)
        live = {**snapshot_of(dossier), "not_understood": dossier.rejected}
        yield from self.zip.add("", "dossier.json", canonical_json(live).encode("utf-8"))
        with override(self.language):
            book = workbook_of(dossier, identified=True)
            messages, timeline = self._messages(), self._timeline()
        yield from self.zip.add("", file_name(self.application.call, self.application), book)
        yield from self.zip.add("", "messages.txt", messages.encode("utf-8"))
        yield from self.zip.add("", "chronologie.txt", timeline.encode("utf-8"))

    def _messages(self):
        found = [
            f"{format_moment(message.sent_at)} · {message.get_side_display()}\n\n{message.body}\n"
            for message in self.application.messages.all()
        ]
        return "\n---\n\n".join(found) or _("No message.") + "\n"

    def _timeline(self):
        lines = []
        for event in timeline_of(self.application, audience=APPLICANTS, now=self.now):
            lines.append(f"{format_moment(event.at)} · {event.who}\n{event.sentence}")
            lines += [f"  {clean_text(detail, multiline=False)}" for detail in event.details]
            lines.append("")
        return "\n".join(lines)

    def _document(self, document: Document):
        folder = f"pieces/{document.requirement.code}" + ("/versions-anterieures" if document.replaced_at else "")
        with override(self.language):
            permission = can_open(self.user, document)
        if not permission:
            self.left_out.append((f"{folder}/{document.original_name}", permission.reason))
            return
        try:
            file = document.file.open("rb")
        except Exception:  # whatever a storage raises, the rest must arrive
            log.exception("a file of a dossier is not in the storage")
            self._missing(folder, document)
            return
        with file:
            yield from self.zip.add(folder, document.original_name, self._readable(file, folder, document))

    def _readable(self, file, folder, document):
        """The file's chunks; a storage that fails in the middle ends the entry there, and the manifest says so."""
        try:
            yield from chunks_of(file)
        except Exception:  # the same, and the ZIP stays readable
            log.exception("a file of a dossier could not be read to its end")
            self._missing(folder, document)

    def _missing(self, folder, document):
        with override(self.language):
            self.left_out.append((f"{folder}/{document.original_name}", _("The file could not be read from the storage.")))

    def _papers(self, deposits):
        for deposit in deposits:
            for lang in RECEIPT_LANGUAGES:
                yield from self._pdf(_folder(deposit), f"accuse-{deposit.number}-{lang}.pdf", self._receipt(deposit, lang))
        for paper in self.application.paper_deposits.select_related("deposit", "agent", "application__call").order_by("entered_at"):
            yield from self._pdf(_folder(paper.deposit), f"guichet-{paper.receipt_number}.pdf", self._acknowledgement(paper))
        for name, make in letters_of(self.application, verify_url=self.verify_url):
            yield from self._pdf("courriers", name, make)
        content = content_of(self.application)
        for kind in KINDS.values():
            yield from self._pdf("documents-a-signer", f"{kind.slug}-{PAPER_LANGUAGE}.pdf", self._paper(kind, content))

    def _receipt(self, deposit, lang):
        return lambda: receipt_pdf(deposit, lang=lang, verify_url=self.verify_url(deposit.number))

    def _acknowledgement(self, paper):
        return lambda: acknowledgement_pdf(paper, verify_url=self.verify_url(paper.application.number))

    def _paper(self, kind, content):
        return lambda: generated_pdf(kind, content, self.application.call, lang=PAPER_LANGUAGE)

    def _pdf(self, folder, name, make):
        try:
            content = bytes(make())
        except Exception:  # whatever the engine raises, the rest must arrive
            log.exception("a document of a dossier could not be made")
            with override(self.language):
                self.left_out.append((f"{folder}/{name}", _("This document could not be made.")))
            return
        yield from self.zip.add(folder, name, content)


def letters_of(application, *, verify_url=None) -> list:
    """[(file name, maker of the PDF)] of the letters notified to the dossier. Asked of the judging floor by name."""
    return import_string(settings.PAPERS_OF_DECISIONS)(application, verify_url=verify_url) if application.notified_at else []


def manifest_of(written, left_out, *, now) -> str:
    """The list of what is in a ZIP, each line as `sha256sum --check` reads it, and of what is not, with the reason."""
    lines = [_("Made on %(moment)s.") % {"moment": format_moment(now)}, "", _("Files of this archive and their SHA-256:"), ""]
    lines += [f"{entry.sha256}  {entry.path}" for entry in written]
    lines += ["", _("Not included:"), ""]
    lines += [f"- {path}: {why}" for path, why in left_out] or [_("Nothing is missing.")]
    return "\n".join(lines) + "\n"


def _folder(deposit) -> str:
    return f"depots/{deposit.sequence}-{deposit.kind}"
