"""Assignments from a file: the matrix read into wishes, each row checked in words, then applied as a whole.

Nothing is kept between the preview and its confirmation but the wishes themselves, which are checked again.
"""

import re
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application, Call
from clusters_portal.audit import journal
from clusters_portal.lib.tabular import Table, TableRefused, cell_name
from evaluation.exports_assignments import ASSIGNED, RECUSED
from evaluation.models import Assignment, ConflictDeclaration, Evaluation
from evaluation.queries import ACTIVE, BARRING, EVALUABLE
from evaluation.queries.likely import to_be_checked
from evaluation.services import assignments, likely_conflicts
from evaluation.services.assignment_digests import Digest
from evaluation.services.refusals import Refused

YES = {ASSIGNED, "1", "oui", "yes", "نعم", "✓", "✔", "true"}
NO = {"", "0", "non", "no", "لا", "-", "–", "false"}
ADDRESS = re.compile(r"[^\s<>;,]+@[^\s<>;,]+")
HEADER_WITHIN = 10
CHANGED = "changed"


@dataclass
class Row:
    """One dossier of the file: what would change, or what is wrong in words. ``number`` is the line of the file, from 1."""

    number: int
    label: str
    application: object = None
    wanted: dict = field(default_factory=dict)
    add: list = field(default_factory=list)
    remove: list = field(default_factory=list)
    errors: list = field(default_factory=list)


@dataclass
class Sheet:
    """What a file asks for. ``ignored`` are sentences about columns left aside."""

    rows: list = field(default_factory=list)
    ignored: list = field(default_factory=list)

    @property
    def changes(self) -> list:
        """Rows without error that change something."""
        return [row for row in self.rows if not row.errors and (row.add or row.remove)]

    @property
    def refused(self) -> list:
        """Rows with an error."""
        return [row for row in self.rows if row.errors]

    @property
    def same(self) -> list:
        """Rows without error that change nothing."""
        return [row for row in self.rows if not row.errors and not row.add and not row.remove]

    def wishes(self) -> dict:
        """{number: {"add": [person ids], "remove": [...]}} of the rows that change something."""
        return {
            row.application.number: {"add": [p.pk for p in row.add], "remove": [p.pk for p in row.remove]} for row in self.changes
        }  # fmt: skip


def read(*, call, table: Table, applications, people, remove_blank: bool) -> Sheet:
    """The file checked against today's assignments; nothing is assigned. Likely conflicts are looked for again.

    ``applications`` are those the person may see. Raises TableRefused when no column carries an evaluator's address.
    """
    header, columns, ignored = _columns(table, people)
    known = {row.number: row for row in applications}
    sheet, seen = Sheet(ignored=ignored), set()
    for index, cells in enumerate(table.rows[header + 1 :], header + 1):
        if any(cells):
            sheet.rows.append(_row(table, index, cells, columns, known, seen, remove_blank))
    likely_conflicts.look(call=call)
    facts = Facts(call)
    for row in sheet.rows:
        if not row.errors:
            facts.check(row)
    return sheet


def _columns(table, people) -> tuple[int, dict, list]:
    """(line of the headers, {column: person}, sentences about the others)."""
    by_address = {person.email.casefold(): person for person in people}
    for index, cells in enumerate(table.rows[:HEADER_WITHIN]):
        found = {column: match[0].casefold() for column, cell in enumerate(cells) if (match := ADDRESS.search(cell))}
        columns = {column: by_address[address] for column, address in found.items() if address in by_address}
        if not columns:
            continue
        if len(set(columns.values())) < len(columns):
            raise TableRefused("columns", _("An evaluator has two columns in this file."))
        unknown = [address for address in found.values() if address not in by_address]
        return index, columns, [_("No active evaluator has the address %(address)s.") % {"address": address} for address in unknown]
    raise TableRefused("columns", _("No column of this file carries the e-mail address of an evaluator."))


def _row(table, index, cells, columns, known, seen, remove_blank) -> Row:
    row = Row(index + 1, cells[0].strip(), known.get(cells[0].strip()))
    if row.application is None:
        row.errors.append(_("No application of this call to assign has the number %(number)s.") % {"number": row.label or "—"})
        return row
    if row.label in seen:
        row.errors.append(_("This application has another row above."))
    seen.add(row.label)
    for column, person in columns.items():
        text = cells[column].strip().casefold()
        if (index, column) in table.formulas:
            row.errors.append(_("Cell %(cell)s holds a formula.") % {"cell": cell_name(index, column)})
        elif text in YES:
            row.wanted[person] = True
        elif text in NO:
            row.wanted |= {person: False} if remove_blank else {}
        elif text != RECUSED:
            row.errors.append(
                _("Cell %(cell)s holds “%(text)s”: write x or leave it blank.")
                % {"cell": cell_name(index, column), "text": cells[column][:40]}
            )
    return row


class Facts:
    """What decides whether a pair may be assigned or removed, read once for a call."""

    def __init__(self, call):
        rows = Assignment.objects.filter(application__call=call)
        self.assignments = {(row.evaluator_id, row.application_id): row for row in rows}
        self.excluded, self.likely = assignments.excluded_pairs(call), to_be_checked(call)
        waiting = ConflictDeclaration.objects.filter(application__call=call, status__in=BARRING)
        self.waiting = set(waiting.values_list("evaluator_id", "application_id"))
        scored = Evaluation.objects.filter(assignment__application__call=call)
        self.scored = set(scored.values_list("assignment__evaluator_id", "assignment__application_id"))

    def check(self, row: Row) -> None:
        """Fill the row's additions and removals, or its errors."""
        for person, wanted in row.wanted.items():
            pair = (person.pk, row.application.pk)
            known = self.assignments.get(pair)
            active = known is not None and known.status in ACTIVE
            if wanted == active:
                continue
            reason = self._reason(row.application, pair, known, wanted)
            if reason:
                row.errors.append(reason % {"person": person})
            else:
                (row.add if wanted else row.remove).append(person)

    def _reason(self, application, pair, known, wanted) -> str:
        if application.status not in EVALUABLE:
            return _("Only an admissible application, not yet before the committee, can be assigned.")
        if not wanted:
            return _("%(person)s has begun to score: remove this evaluator by hand, with a reason.") if pair in self.scored else ""
        if pair in self.excluded or (known is not None and known.status == Assignment.Status.RECUSED):
            return _("%(person)s cannot judge this application.")
        if pair in self.waiting:
            return _("An interest of %(person)s waits for a ruling.")
        return _("A likely conflict of interest of %(person)s is still to be checked.") if pair in self.likely else ""


@transaction.atomic
def apply(*, call, wishes: dict, applications, people, actor) -> tuple[int, int]:
    """Assign and remove as a preview showed; returns how many of each. Journals.

    ``wishes`` as ``Sheet.wishes`` gives them. Raises Refused, doing nothing, when any of them is no longer possible.
    """
    Call.objects.select_for_update().get(pk=call.pk)
    rows = _rows_of(wishes, applications, people)
    locked = Application.objects.select_for_update(of=("self",)).filter(pk__in=[row.application.pk for row in rows]).order_by("pk")
    statuses = {row.pk: row for row in locked}
    likely_conflicts.look(call=call)
    facts, digest, added, removed = Facts(call), Digest(), 0, 0
    for row in rows:
        row.application = statuses[row.application.pk]
        facts.check(row)
        if row.errors or len(row.add) + len(row.remove) != len(row.wanted):
            raise Refused(_("Something has changed since this preview: send the file again."), CHANGED)
        added, removed = added + len(row.add), removed + len(row.remove)
        _apply_row(row, facts, actor, digest)
    digest.send(call)
    journal.record("assignment.file", call, actor=actor, data={"added": added, "removed": removed})
    return added, removed


def _rows_of(wishes, applications, people) -> list[Row]:
    """The wishes with their dossiers and people; whoever or whatever is gone makes the whole refused."""
    known, by_id = {row.number: row for row in applications}, {person.pk: person for person in people}
    try:
        return [
            Row(0, number, known[number], {by_id[pk]: name == "add" for name in ("add", "remove") for pk in wish[name]})
            for number, wish in sorted(wishes.items())
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise Refused(_("Something has changed since this preview: send the file again."), CHANGED) from error


def _apply_row(row, facts, actor, digest):
    new = [person for person in row.add if (person.pk, row.application.pk) not in facts.assignments]
    assignments.create_all(application=row.application, people=new, actor=actor, digest=digest, origin=Assignment.Origin.CSV)
    for person in row.add:
        if person not in new:
            assignments.assign_in(digest, application=row.application, evaluator=person, actor=actor, origin=Assignment.Origin.CSV)
    for person in row.remove:
        assignments.release_in(digest, assignment=facts.assignments[person.pk, row.application.pk], actor=actor)
