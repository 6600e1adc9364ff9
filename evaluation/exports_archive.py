"""S9: everything recorded of a call in one ZIP, written while it is sent, with a manifest that says what is in it.

A dossier at a time, a file at a time: nothing is held but the names and hashes of what went in. A file that cannot be read or
a document that cannot be made never stops the rest: the manifest names it and says why. Drafts are not in it: nobody sees
them. It names every dossier of the call and is only for who is barred from none.
"""

import logging
from collections.abc import Iterator

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.models import AdmissibilityCheck, Application, Deposit, Document
from applications.pdf.acknowledgement import acknowledgement_pdf
from applications.pdf.admissibility_letter import letter_pdf
from applications.pdf.papers import KINDS, generated_pdf
from applications.pdf.receipt import receipt_pdf
from applications.permissions import can_open
from clusters_portal.accounts.models import User
from clusters_portal.audit import journal
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib.canonical import canonical_json
from clusters_portal.lib.tabular_writing import csv_text
from clusters_portal.lib.zip_manifest import NAME, TABLE, manifest_json
from clusters_portal.lib.zipping import Zip, chunks_of
from evaluation import exports, exports_records, pdf
from evaluation.models import Attachment, Minutes, Ranking, RankingAdvice
from evaluation.pdf_letters import letter_pdf as decision_letter_pdf
from evaluation.pdf_minutes import minutes_pdf
from evaluation.pdf_pack import pack_pdf
from evaluation.queries import JUDGED, advice_document, document_of, latest_ranking
from evaluation.queries.pack import pack_of

LANGUAGES = ("fr", "ar")
PAPER_LANGUAGE = "fr"
PDF_GUESS = 70_000  # bytes of a generated PDF, for the estimate
PDFS_OF_A_DOSSIER = 6
ENTRIES_OF_A_DEPOSIT, ENTRIES_OF_A_DOSSIER = 3, 18  # its frozen text and two receipts; its tables, papers and letters
AT_ONCE = 500
log = logging.getLogger(__name__)


def dossiers_of(call):
    """The dossiers of an archive: every one that was submitted, whatever became of it."""
    return call.applications.exclude(status=Application.Status.DRAFT).order_by("number")


def contents_of(call) -> dict:
    """What the archive will hold: how many dossiers, and a guess of its entries and of its size in bytes. Three queries."""
    dossiers = dossiers_of(call).count()
    files = Document.objects.filter(application__call=call).exclude(application__status=Application.Status.DRAFT)
    found = files.aggregate(count=Count("pk"), size=Sum("size"))
    deposits = Deposit.objects.filter(application__call=call).count()
    entries = found["count"] + deposits * ENTRIES_OF_A_DEPOSIT + dossiers * ENTRIES_OF_A_DOSSIER
    return {"dossiers": dossiers, "entries": entries, "size": (found["size"] or 0) + dossiers * PDFS_OF_A_DOSSIER * PDF_GUESS}


def archive_of(call, *, user, now, language: str, verify_url, at_end, at_each=lambda done, total: None) -> Iterator[bytes]:
    """The ZIP, chunk by chunk. `verify_url(number)` gives the address printed on receipts; reasons are in `language`.

    `at_each(done, total)` is told of every dossier written; `at_end(sha256, entries, left_out)`, once everything is, the
    fingerprint of the manifest and two counts.
    """
    return _Archive(call, user, now, language, verify_url, at_end, at_each).stream()


class _Archive:
    def __init__(self, call, user, now, language, verify_url, at_end, at_each):
        self.call, self.user, self.now, self.language, self.verify_url = call, user, now, language, verify_url
        self.at_end, self.at_each = at_end, at_each
        self.zip = Zip()
        self.left_out, self.altered = [], []  # (path, why)
        self.people = set()
        self.journalled = set(AuditEntry.objects.order_by().values_list("object_type", flat=True).distinct())
        self.known = {("applications.call", str(call.pk))}

    def stream(self):
        yield from self._records("appel/donnees", exports_records.tables_of_call(), self.call)
        keys = list(dossiers_of(self.call).values_list("pk", flat=True))
        for done, key in enumerate(keys, start=1):
            yield from self._dossier(Application.objects.select_related("call", "association").get(pk=key))
            self.at_each(done, len(keys))
        yield from self._rankings()
        yield from self._minutes()
        yield from self._journal()
        yield from self._people()
        yield from self._manifest()
        yield from self.zip.end()

    # Of one dossier

    def _dossier(self, application):
        folder = f"dossiers/{application.number}"
        deposits = list(application.deposits.order_by("sequence"))
        self._note(application, *deposits)
        for deposit in deposits:
            yield from self.zip.add(_place(folder, deposit), "dossier.json", deposit.snapshot.encode())
            self.people.add(deposit.deposited_by_id)
        yield from self._records(f"{folder}/donnees", exports_records.tables_of_dossier(), application)
        yield from self._documents(folder, application, deposits)
        yield from self._papers(folder, application, deposits)

    def _documents(self, folder, application, deposits):
        """Every file a deposit names, also one replaced since; what was added and never deposited is nobody's to see."""
        named = {row["id"] for deposit in deposits for row in deposit.content.get("documents", [])}
        for document in application.documents.filter(pk__in=named).select_related("requirement", "application"):
            self._note(document)
            yield from self._file(f"{folder}/pieces/{document.requirement.code}", document)

    def _file(self, folder, stored):
        """A stored file (Document or Attachment) as it is in the storage, if it may be opened and can be read."""
        path = f"{folder}/{stored.original_name}"
        with override(self.language):
            refusal = self._refusal(stored)
        if refusal:
            self._leave_out(path, refusal)
            return
        try:
            file = stored.file.open("rb")
        except Exception:  # whatever a storage raises, the rest must arrive
            log.exception("a file of a call is not in the storage")
            self._leave_out(path, self._said(_missing))
            return
        with file:
            yield from self.zip.add(folder, stored.original_name, self._readable(file, path))
        if self.zip.written[-1].sha256 != stored.sha256:
            self.altered.append((self.zip.written[-1].path, self._said(_not_the_same)))

    def _refusal(self, stored) -> str:
        """Why a file may not be opened: infected, or not yet known to be clean."""
        if isinstance(stored, Document):
            return can_open(self.user, stored).reason
        unsafe = stored.scan in (Document.Scan.INFECTED, Document.Scan.PENDING)
        return f"{_('virus scan')}: {stored.get_scan_display()}" if unsafe else ""

    def _readable(self, file, path):
        try:
            yield from chunks_of(file)
        except Exception:  # the same, and the ZIP stays readable
            log.exception("a file of a call could not be read to its end")
            self._leave_out(path, self._said(_missing))

    def _papers(self, folder, application, deposits):
        for deposit in deposits:
            place, url = _place(folder, deposit), self.verify_url(deposit.number)
            for lang in LANGUAGES:
                yield from self._made(place, f"accuse-{deposit.number}-{lang}.pdf", receipt_pdf, deposit, lang=lang, verify_url=url)
        for paper in application.paper_deposits.select_related("deposit", "agent", "application__call").order_by("entered_at"):
            url = self.verify_url(application.number)
            yield from self._made(
                _place(folder, paper.deposit), f"guichet-{paper.receipt_number}.pdf", acknowledgement_pdf, paper, verify_url=url
            )
        technical, content = KINDS["technique"], deposits[-1].content
        name = f"dossier-technique-{PAPER_LANGUAGE}.pdf"
        yield from self._made(folder, name, generated_pdf, technical, content, self.call, lang=PAPER_LANGUAGE)
        checks = AdmissibilityCheck.objects.filter(deposit__application=application, validated_at__isnull=False)
        for check in checks.select_related("deposit"):
            yield from self.zip.add(f"{folder}/recevabilite", "decision.json", check.record.encode())
            for lang in LANGUAGES:
                yield from self._made(f"{folder}/recevabilite", f"lettre-{lang}.pdf", letter_pdf, check, lang=lang)
        for letter in application.letters.order_by("number"):
            url = self.verify_url(application.number)
            for lang in LANGUAGES:
                name = f"courrier-{letter.reference}-{lang}.pdf"
                yield from self._made(f"{folder}/courriers", name, decision_letter_pdf, letter, lang=lang, verify_url=url)
        if application.status in JUDGED:
            yield from self._made(folder, f"evaluation-{PAPER_LANGUAGE}.pdf", self._pack, application)

    def _pack(self, application):
        with override(PAPER_LANGUAGE):
            pack = pack_of(self.user, application, named=True)
            return pack_pdf(pack, lang=PAPER_LANGUAGE, verify_url=self.verify_url(application.number))

    # Of the call

    def _minutes(self):
        """The minutes of each session as they were signed; a scan of the signed paper is among the records."""
        drawn_up = Minutes.objects.filter(session__call=self.call).select_related("session__call").order_by("session__number", "sequence")
        for minutes in drawn_up:
            signature = getattr(minutes, "signature", None)
            yield from self._made("seances", f"{minutes.reference}.pdf", minutes_pdf, minutes, signature=signature)

    def _rankings(self):
        for ranking in Ranking.objects.filter(call=self.call).select_related("call", "grid", "created_by").order_by("number"):
            yield from self.zip.add("classement", f"classement-{ranking.number}.json", document_of(ranking).encode())
            for advice in RankingAdvice.objects.filter(ranking=ranking):
                advice.ranking = ranking
                yield from self.zip.add("classement", f"eclairage-{ranking.number}.json", advice_document(advice).encode())
        last = latest_ranking(self.call)
        if last is None:
            return
        shortlist = exports.shortlist_of(last)
        yield from self.zip.add("classement", "liste.json", exports.canonical(shortlist))
        yield from self._made("classement", "liste.xlsx", self._workbook, shortlist)
        for lang in LANGUAGES:
            yield from self._made("classement", f"liste-{lang}.pdf", pdf.shortlist, shortlist, lang=lang)

    def _workbook(self, shortlist):
        with override(PAPER_LANGUAGE):
            return exports.workbook(shortlist)

    def _records(self, folder, tables, value):
        """A file per table that says something, and the files its rows name."""
        for model, way in tables:
            rows = list(exports_records.rows_of(model, way, value).values())
            if not rows:
                continue
            yield from self.zip.add(folder, f"{model._meta.model_name}.json", exports_records.as_json(rows))
            self.people |= {row[column] for column in exports_records.people_in(model) for row in rows}
            if model._meta.label_lower in self.journalled:
                self.known |= {(model._meta.label_lower, str(row[model._meta.pk.attname])) for row in rows}
            files = {row[column] for column in exports_records.attachments_in(model) for row in rows} - {None}
            for attachment in Attachment.objects.filter(pk__in=files).order_by("uploaded_at"):
                yield from self._file(f"{folder}/fichiers", attachment)

    def _journal(self):
        """The journal's entries about what is here, one per line, each with the seal that chains it to the entry before."""
        types = {kind for kind, _key in self.known}
        entries = AuditEntry.objects.filter(object_type__in=types).select_related("seal").order_by("id")

        def lines():
            for entry in entries.iterator(chunk_size=AT_ONCE):
                if (entry.object_type, entry.object_id) in self.known:
                    seal = getattr(entry, "seal", None)
                    line = {"entry": journal.content_of(entry), "hash": seal and seal.hash, "previous_hash": seal and seal.previous_hash}
                    yield f"{canonical_json(line)}\n".encode()

        yield from self.zip.add("journal", "journal.jsonl", lines())

    def _people(self):
        """Who is named by a number in the tables."""
        rows = User.objects.filter(pk__in=self.people - {None}).order_by("pk").values("pk", "first_name", "last_name", "employer")
        yield from self.zip.add("", "personnes.json", exports_records.as_json(rows))

    def _manifest(self):
        with override(self.language):
            yield from self.zip.add("", TABLE, b"".join(self._table()))
        about = {
            "format": 1,
            "call": self.call.slug,
            "prefix": self.call.number_prefix,
            "made_at": self.now.isoformat(),
            "made_by": str(self.user),
        }
        written = list(self.zip.written)
        yield from self.zip.add("", NAME, manifest_json(about, written, self.left_out, self.altered))
        self.at_end(self.zip.written[-1].sha256, len(written), len(self.left_out))

    def _table(self):
        """The manifest for a spreadsheet."""
        altered = dict(self.altered)
        rows = [(_("Path"), _("Bytes"), "SHA-256", _("Remark"))]
        rows += [(entry.path, entry.size, entry.sha256, altered.get(entry.path, "")) for entry in self.zip.written]
        rows += [(path, "", "", why) for path, why in self.left_out]
        yield b"\xef\xbb\xbf"
        for start in range(0, len(rows), AT_ONCE):
            yield csv_text(rows[start : start + AT_ONCE]).removeprefix("\ufeff").encode()

    # Helpers

    def _note(self, *rows):
        self.known |= {(row._meta.label_lower, str(row.pk)) for row in rows}

    def _leave_out(self, path, why):
        self.left_out.append((path, str(why)))

    def _said(self, sentence):
        with override(self.language):
            return sentence()

    def _made(self, folder, name, make, *args, **values):
        """A document made now; one that cannot be is left out and named."""
        try:
            content = bytes(make(*args, **values))
        except Exception:  # whatever the engine raises, the rest must arrive
            log.exception("a document of a call could not be made")
            self._leave_out(f"{folder}/{name}", self._said(_not_made))
            return
        yield from self.zip.add(folder, name, content)


def _place(folder, deposit) -> str:
    return f"{folder}/depots/{deposit.sequence}-{deposit.kind}"


def _missing():
    return _("The file could not be read from the storage.")


def _not_made():
    return _("This document could not be made.")


def _not_the_same():
    return _("The content is no longer the one recorded when the file was received.")
