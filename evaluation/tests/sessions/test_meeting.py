"""The meeting itself: quorum, items, recusals."""

from datetime import timedelta

import pytest

from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from evaluation.models import AgendaItem, Attendance
from evaluation.queries.sessions import items_of, room_of
from evaluation.services import attendance, meetings
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet
from evaluation.tests.sessions.helpers import conflict, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


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
    "minutes, move, code", [(1, "arrived", "future"), (-1, "left", "same"), (-90, "arrived", "before_convocation"), (0, "x", "same")]
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
