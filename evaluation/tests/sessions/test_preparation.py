"""From the ranking to the convocation."""

import pytest

from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from clusters_portal.lib.workflow import InvalidTransition
from clusters_portal.notifications.models import Notice, OutgoingMail
from evaluation.models import CommitteeSession
from evaluation.queries.sessions import sessions_visible_to
from evaluation.services import attendance, meetings, sessions
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet
from evaluation.tests.sessions.helpers import conflict, refused, tomorrow

pytestmark = pytest.mark.django_db


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
