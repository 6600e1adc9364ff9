"""Sessions through their services: prepared, convened, opened, held, closed; every refusal changes nothing."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.workflow import InvalidTransition
from clusters_portal.notifications.models import Notice, OutgoingMail
from evaluation import workflow
from evaluation.models import AgendaItem, Attendance, Ballot, CommitteeSession, ConflictDeclaration, JudgingTerms, SessionMember
from evaluation.queries.sessions import items_of, room_of, sessions_visible_to
from evaluation.services import attendance, meetings, sessions, terms
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet

pytestmark = pytest.mark.django_db


@pytest.fixture
def deliberation():
    """Four dossiers ranked 1 to 4, two places: (call, dossiers)."""
    call, dossiers, _ranking = make.call_before_committee(5, 4, 3, 2, places=2, people=1)
    return call, dossiers


@pytest.fixture
def call(deliberation):
    return deliberation[0]


def refused(act, **arguments):
    """The code of the refusal; nothing was written but perhaps refused attempts."""
    before = AuditEntry.objects.count()
    with pytest.raises(Refused) as refusal:
        act(**arguments)
    assert AuditEntry.objects.count() == before
    return refusal.value.code


def conflict(person, dossier, status="confirmed"):
    return ConflictDeclaration.objects.create(
        evaluator=person, application=dossier, interest="disqualifying", kind="family", text="x", status=status, declared_at=make.NOON
    )


def tomorrow():
    return clock.now() + timedelta(days=1)


# Preparation


def test_the_agenda_is_that_of_the_last_run(deliberation):
    call, dossiers = deliberation
    session = meet.prepared(call)
    assert [(item.position, item.application) for item in session.items.all()] == list(enumerate(dossiers, 1))
    assert (session.number, session.status) == (1, "prepared")


def test_only_what_is_left_to_decide_comes_to_the_next_session(deliberation):
    call, dossiers = deliberation
    first = meet.open_it(call)
    meet.decide(application=dossiers[0], outcome="selected", adopted_rank=1, actor=first.created_by)
    for item in first.items.filter(status="waiting"):
        meetings.postpone(item=item, reason="No time left.", actor=first.created_by)
    meetings.close_session(session=first, actor=first.created_by)
    second = sessions.create(call=call, scheduled_at=tomorrow(), place="Rabat", actor=first.created_by)
    assert [item.application for item in second.items.all()] == dossiers[1:]
    assert {(m.person_id, m.capacity) for m in second.members.all()} == {(m.person_id, m.capacity) for m in first.members.all()}
    assert second.number == 2


def test_a_session_is_refused_without_a_reason_to_meet(call):
    head = make.user(Role.DIVISION_HEAD)
    assert refused(sessions.create, call=make.call(), scheduled_at=tomorrow(), place="Rabat", actor=head) == "nothing"
    assert refused(sessions.create, call=call, scheduled_at=clock.now(), place="Rabat", actor=head) == "scheduled_at"
    assert refused(sessions.create, call=call, scheduled_at=tomorrow(), place=" ", actor=head) == "place"
    meet.prepared(call)
    assert refused(sessions.create, call=call, scheduled_at=tomorrow(), place="Rabat", actor=head) == "unfinished"
    assert CommitteeSession.objects.count() == 1


def test_the_agenda_is_edited_item_by_item(call):
    session = meet.prepared(call)
    head, items = session.created_by, list(session.items.all())
    question = sessions.add_question(session=session, title=" Adoption of the agenda ", actor=head)
    for _ in range(4):
        sessions.move_item(item=question, up=True, actor=head)
    sessions.move_item(item=question, up=True, actor=head)
    sessions.move_item(item=items[0], up=False, actor=head)
    sessions.remove_item(item=items[3], actor=head)
    assert [str(item) for item in session.items.all()] == ["Adoption of the agenda", *(str(items[n]) for n in (1, 0, 2))]
    assert refused(sessions.add_question, session=session, title=" ", actor=head) == "title"


def test_recusals_are_grouped(deliberation):
    call, dossiers = deliberation
    session = meet.prepared(call)
    _chair, member, _other = meet.members_of(session)
    for dossier in (dossiers[0], dossiers[2]):
        conflict(member.person, dossier)
    sessions.group_recusals(session=session, actor=session.created_by)
    assert [item.application for item in session.items.all()] == [dossiers[0], dossiers[2], dossiers[1], dossiers[3]]


@pytest.mark.parametrize(
    "role, capacity, allowed",
    [
        (Role.COMMITTEE_MEMBER, "member", True),
        (Role.COMMITTEE_MEMBER, "chair", True),
        (Role.AUDITOR, "observer", True),
        (Role.AUDITOR, "member", False),
        (Role.DIVISION_HEAD, "secretary", True),
        (Role.DIVISION_HEAD, "chair", False),
        (Role.EVALUATOR, "observer", False),
        (Role.ADMINISTRATOR, "observer", False),
        (Role.COMMITTEE_MEMBER, "king", False),
    ],
)
def test_capacities_follow_roles(call, role, capacity, allowed):
    session = meet.prepared(call)
    person = make.user(role)
    if allowed:
        assert [m.person for m in sessions.appoint(session=session, capacities={person: capacity}, actor=session.created_by)] == [person]
    else:
        assert refused(sessions.appoint, session=session, capacities={person: capacity}, actor=session.created_by) == "capacity"
        assert session.members.count() == 3


def test_a_session_has_one_chair_who_may_change(call):
    session = meet.prepared(call)
    chair, member, _other = meet.members_of(session)
    everyone = {chair.person: "chair", member.person: "chair"}
    assert refused(sessions.appoint, session=session, capacities=everyone, actor=session.created_by) == "chairs"
    sessions.appoint(session=session, capacities={chair.person: "member", member.person: "chair"}, actor=session.created_by)
    assert meet.chair_of(session).person == member.person


# Convocation


def test_everyone_is_told_with_their_own_agenda(deliberation):
    call, dossiers = deliberation
    session = meet.prepared(call, observers=1)
    _chair, member, other = meet.members_of(session)
    conflict(member.person, dossiers[1], "pending")
    sessions.convene(session=session, actor=session.created_by)
    assert Notice.objects.filter(kind="session_convened").count() == 4
    own, full = (OutgoingMail.objects.get(recipient=m.person.email).body for m in (member, other))
    assert dossiers[1].number not in own and dossiers[1].number in full
    for number, dossier in enumerate((dossiers[0], dossiers[2], dossiers[3]), 1):
        assert f"{number}. {dossier.number}" in own
    assert f"4. {dossiers[3].number}" in full


def test_a_convocation_needs_a_chair_members_and_an_agenda(call):
    session = meet.prepared(call, members=0)
    assert refused(sessions.convene, session=session, actor=session.created_by) == "no_members"
    sessions.appoint(session=session, capacities={make.user(Role.COMMITTEE_MEMBER): "member"}, actor=session.created_by)
    assert refused(sessions.convene, session=session, actor=session.created_by) == "no_chair"
    people = {make.user(Role.COMMITTEE_CHAIR): "chair", make.user(Role.COMMITTEE_MEMBER): "member"}
    sessions.appoint(session=session, capacities=people, actor=session.created_by)
    for item in session.items.all():
        sessions.remove_item(item=item, actor=session.created_by)
    assert refused(sessions.convene, session=session, actor=session.created_by) == "empty"
    assert not OutgoingMail.objects.filter(subject__contains="Committee session").exists()


def test_a_convened_session_is_changed_only_once_called_back(call):
    session = meet.convened(call)
    head = session.created_by
    acts = {
        sessions.add_question: {"session": session, "title": "x"},
        sessions.appoint: {"session": session, "capacities": {}},
        sessions.remove_item: {"item": session.items.first()},
        sessions.group_recusals: {"session": session},
        sessions.change: {"session": session, "scheduled_at": tomorrow(), "place": "x", "notice": ""},
    }
    assert {refused(act, actor=head, **arguments) for act, arguments in acts.items()} == {"state"}
    session = sessions.recall(session=session, actor=head)
    sessions.change(session=session, scheduled_at=tomorrow(), place="Casablanca", notice="", actor=head)
    session = sessions.convene(session=session, actor=head)
    attendance.record(member=session.members.first(), move="arrived", actor=head)
    assert refused(sessions.recall, session=session, actor=head) == "attended"


def test_a_session_called_off_says_why_to_whoever_was_called(call):
    session = meet.convened(call)
    assert refused(sessions.cancel, session=session, reason=" ", actor=session.created_by) == "reason"
    sessions.cancel(session=session, reason="The minister is away.", actor=session.created_by)
    assert Notice.objects.filter(kind="session_cancelled").count() == 3
    assert "The minister is away." in OutgoingMail.objects.filter(recipient=meet.chair_of(session).person.email).first().body
    with pytest.raises(InvalidTransition):
        sessions.cancel(session=session, reason="Again.", actor=session.created_by)


# Who knows of a session


def test_members_know_of_it_from_the_convocation_on(call):
    session = meet.prepared(call)
    member = meet.members_of(session)[1].person
    outsider = make.user(Role.COMMITTEE_MEMBER)
    seen = [sessions_visible_to(user).exists() for user in (member, outsider, session.created_by, make.user(Role.AUDITOR))]
    assert seen == [False, False, True, True]
    sessions.convene(session=session, actor=session.created_by)
    assert [sessions_visible_to(user).exists() for user in (member, outsider, make.user(Role.CASE_OFFICER))] == [True, False, False]


# Opening and quorum


def test_it_opens_with_its_quorum_and_not_before(call):
    session = meet.convened(call, members=3)
    chair, *members = meet.members_of(session)
    attendance.record(member=chair, move="arrived", actor=session.created_by)
    with pytest.raises(Refused, match="1 present, 2 needed of 4"):
        meetings.open_session(session=session, actor=session.created_by)
    attendance.record(member=members[0], move="arrived", actor=session.created_by)
    session = meetings.open_session(session=session, actor=session.created_by)
    assert (session.status, session.quorum_needed) == ("open", 2)


def test_the_quorum_is_asked_after_each_departure(deliberation):
    call, dossiers = deliberation
    session = meet.open_it(call, members=3)
    item = meet.in_progress(dossiers[0])
    chair, *members = meet.members_of(session)
    for member in members:
        attendance.record(member=member, move="left", actor=session.created_by)
    with pytest.raises(Refused, match="1 present, 2 needed of 4"):
        meet.decide(application=dossiers[0], outcome="selected", adopted_rank=1, actor=chair.person)
    meetings.set_aside(item=item, actor=chair.person)
    assert refused(meetings.open_item, item=item, actor=chair.person) == "quorum"
    attendance.record(member=members[0], move="arrived", actor=session.created_by)
    meetings.open_item(item=item, actor=chair.person)
    meet.decide(application=dossiers[0], outcome="selected", adopted_rank=1, actor=chair.person)


def test_observers_are_no_quorum(call):
    session = meet.convened(call, members=2, observers=3)
    for member in session.members.filter(capacity="observer"):
        attendance.record(member=member, move="arrived", actor=session.created_by)
    assert refused(meetings.open_session, session=session, actor=session.created_by) == "quorum"


@pytest.mark.parametrize(
    "minutes, move, code", [(1, "arrived", "future"), (-1, "left", "same"), (-90, "arrived", "before_last"), (0, "x", "same")]
)
def test_a_movement_that_cannot_be_is_refused(call, minutes, move, code):
    session = meet.convened(call)
    member = session.members.first()
    at = clock.now() + timedelta(minutes=minutes)
    assert refused(attendance.record, member=member, move=move, at=at, actor=session.created_by) == code
    assert not Attendance.objects.exists()


def test_nobody_leaves_before_a_decision_that_relied_on_them(deliberation):
    call, dossiers = deliberation
    session = meet.open_it(call)
    before = clock.now()
    meet.decide(application=dossiers[0], outcome="selected", adopted_rank=1, actor=session.created_by)
    member = meet.members_of(session)[1]
    assert refused(attendance.record, member=member, move="left", at=before, actor=session.created_by) == "before_act"


# Items


def test_one_item_at_a_time_finished_once_decided(deliberation):
    call, dossiers = deliberation
    session = meet.open_it(call)
    head, (first, second, *_rest) = session.created_by, session.items.all()
    meetings.open_item(item=first, actor=head)
    assert refused(meetings.open_item, item=second, actor=head) == "undecided"
    assert refused(meetings.finish_item, item=first, actor=head) == "undecided"
    meet.decide(application=dossiers[0], outcome="selected", adopted_rank=1, actor=head)
    assert refused(meetings.set_aside, item=first, actor=head) == "decided"
    assert refused(meetings.postpone, item=first, reason="x", actor=head) == "decided"
    meetings.open_item(item=second, actor=head)
    first.refresh_from_db()
    assert (first.status, first.closed_at is not None) == ("done", True)
    assert refused(meetings.open_item, item=first, actor=head) == "item_state"


def test_closing_wants_every_item_finished_or_postponed(deliberation):
    call, _dossiers = deliberation
    session = meet.open_it(call)
    head, items = session.created_by, list(session.items.all())
    assert refused(meetings.close_session, session=session, actor=head) == "unfinished"
    assert refused(meetings.postpone, item=items[0], reason="", actor=head) == "reason"
    for item in items:
        meetings.postpone(item=item, reason="No quorum any more.", actor=head)
    assert meetings.close_session(session=session, actor=head).status == "closed"
    assert refused(meetings.open_item, item=items[0], actor=head) == "state"


def test_a_summary_is_written_on_what_was_discussed(deliberation):
    session = meet.open_it(deliberation[0])
    item = meet.in_progress(deliberation[1][0])
    meetings.summarise(item=item, summary="Three questions.", actor=session.created_by)
    other = session.items.last()
    assert refused(meetings.summarise, item=other, summary="x", actor=session.created_by) == "item_state"
    assert list(AgendaItem.objects.exclude(summary="").values_list("summary", flat=True)) == ["Three questions."]


# Recusals


def test_a_member_who_steps_down_is_out_at_once(deliberation):
    call, dossiers = deliberation
    session = meet.open_it(call)
    item = meet.in_progress(dossiers[0])
    member = meet.members_of(session)[1]
    values = {"interest": "potential", "kind": "employment", "text": "Advised them.", "actor": member.person}
    assert refused(attendance.step_down, item=item, **values | {"text": " "}) == "explanation"
    assert refused(attendance.step_down, item=item, **values | {"interest": "none"}) == "explanation"
    assert refused(attendance.step_down, item=item, **values | {"actor": make.user(Role.COMMITTEE_MEMBER)}) == "not_member"
    declaration = attendance.step_down(item=item, **values)
    assert (declaration.status, declaration.source) == ("pending", "self")
    assert [row.application for row in items_of(member.person, session)] == dossiers[1:]
    assert [(row.number, row.shown_rank) for row in items_of(member.person, session)] == [(1, 1), (2, 2), (3, 3)]
    assert [m.pk for m in room_of(session).out_of(frozenset({dossiers[0].pk}))] == [member.pk]
    assert refused(attendance.step_down, item=item, **values) == "recused"


def test_the_recused_chair_gives_way_to_a_stand_in(deliberation):
    call, dossiers = deliberation
    session = meet.open_it(call)
    chair, member, other = meet.members_of(session)
    item = session.items.first()
    assert refused(meetings.name_stand_in, item=item, member=member, actor=session.created_by) == "chair_there"
    conflict(chair.person, dossiers[0])
    assert refused(meetings.open_item, item=item, actor=chair.person) == "recused"
    assert refused(meetings.open_item, item=item, actor=session.created_by) == "no_chair"
    assert refused(meetings.name_stand_in, item=item, member=chair, actor=session.created_by) == "stand_in"
    attendance.record(member=other, move="left", actor=session.created_by)
    assert refused(meetings.name_stand_in, item=item, member=other, actor=session.created_by) == "stand_in"
    meetings.name_stand_in(item=item, member=member, actor=session.created_by)
    opened = meetings.open_item(item=item, actor=session.created_by)
    assert room_of(session).presiding(opened).pk == member.pk
    assert refused(meetings.finish_item, item=item, actor=chair.person) == "recused"


def test_the_reach_of_a_conflict_is_lifted_with_a_reason_by_another(deliberation):
    call, dossiers = deliberation
    session = meet.open_it(call)
    member = meet.members_of(session)[1]
    lift = {"member": member, "reason": "No link with the others.", "actor": session.created_by}
    assert refused(attendance.lift_exclusion, **lift) == "nothing"
    conflict(member.person, dossiers[0])
    other = frozenset({dossiers[1].pk})
    assert room_of(session).why_no_vote(_seat(session, member), other) == "conflict_in_call"
    assert refused(attendance.lift_exclusion, **lift | {"reason": ""}) == "reason"
    assert refused(attendance.lift_exclusion, **lift | {"actor": member.person}) == "own"
    attendance.lift_exclusion(**lift)
    assert room_of(session).why_no_vote(_seat(session, member), other) == ""
    assert room_of(session).why_no_vote(_seat(session, member), frozenset({dossiers[0].pk})) == "recused"


def _seat(session, member):
    return next(row for row in room_of(session).members if row.pk == member.pk)


# Rules of the call, statuses, constraints


def test_rules_are_locked_by_the_first_session_opened(call):
    head = make.user(Role.DIVISION_HEAD)
    terms.save(terms=JudgingTerms(call=call, quorum_percent=66), actor=head)
    session = meet.open_it(call)
    assert session.quorum_needed == 2
    known = JudgingTerms.objects.get()
    known.quorum_percent = 10
    assert refused(terms.save, terms=known, actor=head) == "locked"
    assert JudgingTerms.objects.get().quorum_percent == 66


@pytest.mark.parametrize(
    "machine, model",
    [(workflow.SESSION_WORKFLOW, CommitteeSession), (workflow.ITEM_WORKFLOW, AgendaItem), (workflow.BALLOT_WORKFLOW, Ballot)],
)
def test_the_machines_know_every_status(machine, model):
    known = {status for move in machine.transitions for status in (*move.sources, move.target)}
    assert known == set(model.Status.values)


@pytest.mark.parametrize(
    "model, fields, name",
    [
        (SessionMember, {"exclusion_lift_reason": "x"}, "session_member_exclusion_lifted_with_author_and_reason"),
        (AgendaItem, {"status": "postponed"}, "agenda_postponed_item_has_reason"),
        (AgendaItem, {"status": "current"}, "agenda_opened_item_has_time"),
        (CommitteeSession, {"status": "open"}, "session_opened_has_date_and_quorum"),
        (CommitteeSession, {"status": "cancelled"}, "session_cancelled_has_reason"),
    ],
)
def test_constraints(call, model, fields, name):
    meet.convened(call)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.filter(pk=model.objects.first().pk).update(**fields)
