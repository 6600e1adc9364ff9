"""One small world, built once through the services: a dossier in each state that matters, and every kind of visitor."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from allauth.account.models import EmailAddress

from applications.canevas.reading import read_workbook
from applications.canevas.writing import workbook_of
from applications.imports.source import Source
from applications.models import Document
from applications.queries import Dossier
from applications.services import canevas, imports, mandate, people
from applications.services.deposit import deposit
from applications.services.documents import attach, remove
from applications.tests.builders import DECLARATION, fill
from applications.tests.factories import add_editor, declare_admissible, hand_in, make_application, make_call, make_user, pdf_file
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from clusters_portal.lib.tabular import read_file, read_pasted
from evaluation.models import Evaluation
from evaluation.services import (
    advice,
    assignments,
    attendance,
    ballots,
    committee,
    conflicts,
    evaluations,
    evaluators,
    grids,
    meetings,
    rankings,
    sessions,
)
from evaluation.tests import factories as judging

STATES = ("draft", "deposited", "admissible", "evaluation", "committee", "decided")
JUDGED = ("evaluation", "committee", "decided")
BY_ROLE = {
    "officer": [Role.CASE_OFFICER],
    "head": [Role.DIVISION_HEAD],
    "counter": [Role.COUNTER_AGENT],
    "unassigned": [Role.EVALUATOR],
    "undeclared": [Role.EVALUATOR],
    "cleared": [Role.EVALUATOR],
    "recused": [Role.EVALUATOR],
    "peer": [Role.EVALUATOR],
    "recused_head": [Role.EVALUATOR, Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.COMMITTEE_CHAIR, Role.AUDITOR],
    "member": [Role.COMMITTEE_MEMBER],
    "chair": [Role.COMMITTEE_CHAIR],
    "administrator": [Role.ADMINISTRATOR],
    "auditor": [Role.AUDITOR],
}
VISITORS = ("anonymous", "inactive", "stranger", "mandatary", "editor", *BY_ROLE)
ABSENT = "00000000-0000-4000-8000-000000000000"
NOBODY = 999_999


@dataclass
class Case:
    """One dossier, and what its addresses name besides it. Identifiers of what this state does not have lead nowhere."""

    application: object
    document: object = ABSENT
    removed: object = ABSENT
    member: int = NOBODY
    collaborator: int = NOBODY
    invitation: int = NOBODY
    token: str = "unknown"
    assignment: int = NOBODY
    sheet: int = NOBODY
    own_sheet: int = NOBODY

    @cached_property
    def values(self) -> dict:
        """What stands in the addresses, by the name the table gives it."""
        names = ("document", "removed", "member", "collaborator", "invitation", "token", "assignment", "sheet", "own_sheet")
        application = self.application
        paper = application.paper_deposits.first()
        fixed = {"acknowledgement": paper.receipt_number if paper else "CL-0000-AR-0000"}
        item = application.agenda_items.first()
        fixed |= {"item": item.pk if item else NOBODY, "seat": item.session.members.last().pk if item else NOBODY}
        ballot = item and item.ballots.first()
        fixed |= {"ballot": ballot.pk if ballot else NOBODY}
        fixed |= {"pk": application.pk, "call": application.call.slug, "number": application.number or "CL-0000-0000"}
        return fixed | {name: getattr(self, name) for name in names}


@dataclass
class World:
    """{visitor: user or None}, {state: Case}."""

    people: dict
    cases: dict

    @property
    def absent(self) -> dict:
        """Values of an address where nothing is."""
        return Case(self.cases["draft"].application).values | {"pk": ABSENT, "call": "no-such-call", "number": "CL-0000-0000"}

    @property
    def nothing(self) -> dict:
        """The same, and nothing of what else an address may name."""
        absent = {name: NOBODY if isinstance(value, int) else value for name, value in self.absent.items()}
        return absent | {"document": ABSENT, "removed": ABSENT, "token": "unknown", "acknowledgement": "CL-0000-AR-0000"}


def build() -> World:
    """Two calls: one at work, one before its committee. Every service runs with the person who would use it."""
    people_ = {"anonymous": None, "inactive": make_user(), "stranger": make_user(), "mandatary": make_user(), "editor": make_user()}
    people_ |= {name: make_user(roles=roles, is_staff=True) for name, roles in BY_ROLE.items()}
    for name in (name for name, roles in BY_ROLE.items() if Role.EVALUATOR in roles):
        evaluators.sign_commitment(actor=people_[name])
    at_work, deliberating = make_call("appel-en-cours"), make_call("appel-en-comite")
    for call in (at_work, deliberating):
        grid = grids.create_default_grid(call=call, actor=people_["head"])
        grids.adopt(grid=grid, adopted_on=date(2026, 7, 1), reference="PV 12/2026", actor=people_["head"])
    cases = {state: _case(at_work if state in STATES[:4] else deliberating, state, people_) for state in STATES}
    _give_drafts_to_import(cases["draft"].application, people_["mandatary"])
    for state in JUDGED:
        _judge(cases[state], state, people_)
    _deliberate(deliberating, cases, people_)
    for person in filter(None, people_.values()):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    people_["inactive"].is_active = False
    people_["inactive"].save()
    for case in cases.values():
        case.application.refresh_from_db()
    return World(people_, cases)


def _case(call, state, people_) -> Case:
    mandatary, tokens = people_["mandatary"], []
    application = make_application(call=call, user=mandatary, name=f"Cluster {state}")
    add_editor(application, people_["editor"])
    fill(application, actor=mandatary)
    piece = application.call.document_requirements.get(code="OTHER")
    removed = attach(application=application, requirement=piece, upload=pdf_file("retire.pdf"), actor=mandatary, label="x")
    remove(document=removed, actor=mandatary)
    collaborator = application.collaborators.get(user=people_["editor"])
    mandate.request_transfer(application=application, to_user=people_["editor"], actor=mandatary)
    invitation = people.invite(
        application=application, email="invite@cluster.example", actor=mandatary, link=lambda token: tokens.append(token) or token
    )
    if state != "draft":
        deposit(application=application, declaration=DECLARATION, actor=mandatary)
    if state not in STATES[:2]:
        hand_in(application, agent=people_["counter"])
        application.refresh_from_db()
        with clock.set_to(application.call.deadline_at + timedelta(seconds=1)):
            declare_admissible(application, officer=people_["officer"], head=people_["head"])
    document = Document.objects.filter(application=application, replaced_at=None).first()
    return Case(
        application, document.pk, removed.pk, application.members.first().pk, collaborator.pk, invitation.pk, tokens[0]
    )  # fmt: skip


def _give_drafts_to_import(application, actor):
    """An import and a workbook in progress, each of its own person."""
    pasted = read_pasted("Dénomination\tType\nAtlas Fibres\tEntreprise\nRif Fibres\tEntreprise\n")
    imports.keep_members(application=application, source=Source.of([pasted], "x"), actor=actor)
    book = workbook_of(Dossier(application), identified=True)
    tables = read_file(pdf_file().__class__("canevas.xlsx", book))
    canevas.keep_workbook(application=application, book=read_workbook(tables, name="canevas.xlsx"), actor=actor)


def _judge(case, state, people_):
    """Assigned, declared and scored. Once before the committee nobody is left who has not declared."""
    officer, application = people_["officer"], case.application
    for name in ("recused", "recused_head"):
        assignments.assign(application=application, evaluator=people_[name], actor=officer)
        conflicts.declare(application=application, interest="disqualifying", kind="other", text="Parents.", actor=people_[name])
    scoring = [judging.accepted(application, people_[name], officer) for name in ("cleared", "peer")]
    scoring += [judging.accepted(application, judging.user(Role.EVALUATOR), officer)]
    case.assignment = scoring[1].pk
    if state == "evaluation":
        assignments.assign(application=application, evaluator=people_["undeclared"], actor=officer)
        application.refresh_from_db()
        scoring[0].application.refresh_from_db()
        evaluations.save_draft(assignment=scoring[0], sheet=judging.sheet(3), revision=0, actor=people_["cleared"])
        judging.submitted(scoring[1], 4)
    else:
        for assignment in scoring:
            judging.submitted(assignment, 4 if state == "decided" else 3)
    sheets = {row.assignment_id: row.pk for row in Evaluation.objects.filter(assignment__in=scoring)}
    case.own_sheet, case.sheet = sheets[scoring[0].pk], sheets[scoring[1].pk]


def _deliberate(call, cases, people_):
    for state in ("committee", "decided"):
        judging.agreed(cases[state].application)
    ranking = rankings.run(call=call, actor=people_["head"])
    advice.advise(ranking=ranking, actor=people_["head"])
    committee.submit_to_committee(ranking=ranking, actor=people_["head"])
    decided = cases["decided"].application
    decided.refresh_from_db()
    _hold_session(call, decided, people_)


def _hold_session(call, decided, people_):
    """An open session of the chair and one member, one dossier decided in it."""
    head, chair, member = people_["head"], people_["chair"], people_["member"]
    session = sessions.create(call=call, scheduled_at=clock.now() + timedelta(days=1), place="Rabat", actor=head)
    sessions.appoint(session=session, capacities={chair: "chair", member: "member"}, actor=head)
    sessions.convene(session=session, actor=head)
    for seat in session.members.all():
        attendance.record(member=seat, move="arrived", actor=head)
    meetings.open_session(session=session, actor=head)
    meetings.open_item(item=session.items.get(application=decided), actor=chair)
    ballot = ballots.open_proposal(item=session.items.get(application=decided), question="", proposed_outcome="selected", actor=chair)
    ballots.vote(ballot=ballot, option=ballot.options.get(code="for").pk, actor=member)
    ballots.close(ballot=ballot, actor=chair)
    committee.decide(application=decided, outcome="selected", adopted_rank=1, actor=chair)
