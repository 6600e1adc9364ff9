"""The pages of a session as people use them: what each sees, what comes back when it is refused, what each page costs."""

import pytest
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from evaluation.models import Ballot, CommitteeSession, ConflictDeclaration, JudgingTerms, SessionMember, Vote
from evaluation.services import ballots, sessions
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def deliberation():
    """Four dossiers ranked 1, 2, 2, 4 for two places: (call, dossiers)."""
    call, dossiers, _ranking = make.call_before_committee(5, 4, 4, 2, places=2, people=1)
    return call, dossiers


def address(name, session, *args):
    return reverse(f"evaluation:{name}", args=[session.call.slug, session.number, *args])


def read(response):
    return response.content.decode()


def conflict(person, dossier):
    return ConflictDeclaration.objects.create(
        evaluator=person, application=dossier, interest="disqualifying", kind="family", text="x", status="confirmed", declared_at=make.NOON
    )


# Preparation by hand


def test_a_session_is_prepared_convened_and_opened_by_hand(client, deliberation):
    call, dossiers = deliberation
    head, chair, member = (make.user(role) for role in (Role.DIVISION_HEAD, Role.COMMITTEE_CHAIR, Role.COMMITTEE_MEMBER))
    client.force_login(head)
    past = client.post(reverse("evaluation:session_create", args=[call.slug]), {"day": "01/01/2020", "at": "10:00", "place": "Rabat"})
    assert (past.status_code, list(past.context["form"].errors), CommitteeSession.objects.count()) == (422, ["day"], 0)
    client.post(reverse("evaluation:session_create", args=[call.slug]), {"day": "01/01/2100", "at": "10:00", "place": "Rabat"})
    session = CommitteeSession.objects.get()
    client.post(address("session_members", session), {f"person_{chair.pk}": "chair", f"person_{member.pk}": "member"})
    assert {(m.person, m.capacity) for m in session.members.all()} == {(chair, "chair"), (member, "member")}
    two = client.post(address("session_members", session), {f"person_{chair.pk}": "chair", f"person_{member.pk}": "chair"})
    assert (two.status_code, two.context["members_form"][f"person_{member.pk}"].value()) == (409, "chair")
    first, second, *_rest = session.items.all()
    client.post(address("session_prepare_item", session, second.pk, "monter"))
    assert [item.pk for item in session.items.all()][:2] == [second.pk, first.pk]
    assert dossiers[0].number in read(client.get(address("session_convene", session)))
    client.post(address("session_convene", session))
    for seat in session.members.all():
        client.post(address("session_attendance", session, seat.pk, "arrivee"))
    client.post(address("session_act", session, "ouvrir"))
    session.refresh_from_db()
    assert session.status == "open"


def test_a_refused_act_gives_the_page_back_with_what_was_typed(client, deliberation):
    session = meet.open_it(deliberation[0])
    item = meet.in_progress(deliberation[1][0])
    client.force_login(session.created_by)
    closing = client.post(address("session_act", session, "clore"))
    assert (closing.status_code, "Decide on the item in progress" in read(closing)) == (409, True)
    empty = client.post(address("item_postpone", session, item.pk), {"reason": " "})
    assert (empty.status_code, list(empty.context["postpone_form"].errors)) == (422, ["reason"])
    ballots.open_proposal(item=item, question="Adopt?", actor=session.created_by)
    kept = client.post(address("item_postpone", session, item.pk), {"reason": "Too late."})
    assert (kept.status_code, kept.context["postpone_form"]["reason"].value()) == (409, "Too late.")
    late = client.post(address("session_attendance", session, session.members.first().pk, "depart"), {"at": "25:00"})
    assert (late.status_code, read(late).count('value="25:00"')) == (422, 1)
    item.refresh_from_db()
    assert item.status == "current"


# The live screen


def test_a_page_opened_before_the_session_follows_its_opening(client, deliberation):
    session = meet.convened(deliberation[0])
    client.force_login(meet.members_of(session)[1].person)
    waiting = client.get(address("session", session))
    followed = (f'hx-get="{address("session_live", session)}"', "data-live-stale", "data-live-lost")
    assert [part for part in followed if part not in read(waiting)] == []
    meet.open_it(deliberation[0])
    opened = client.get(address("session_live", session), headers={"If-None-Match": waiting.context["etag"]})
    assert (opened.status_code, "No item in progress" in read(opened)) == (200, True)


def test_an_unchanged_screen_answers_304_and_a_changed_one_its_content(client, deliberation):
    session = meet.open_it(deliberation[0])
    item = meet.in_progress(deliberation[1][0])
    client.force_login(meet.members_of(session)[1].person)
    first = client.get(address("session_live", session))
    again = client.get(address("session_live", session), headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    ballot = ballots.open_proposal(item=item, question="Adopt?", actor=session.created_by)
    changed = client.get(address("session_live", session), headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, read(changed).count('name="option"')) == (200, 3)
    assert client.get(address("session_live", session) + "?ecran=1").content.count(b'name="option"') == 0
    client.post(address("ballot_vote", session, ballot.pk), {"option": ballot.options.first().pk})
    voted = client.get(address("session_live", session))
    assert ('name="option"' in read(voted), "You voted: For" in read(voted)) == (False, True)
    again = client.post(address("ballot_vote", session, ballot.pk), {"option": ballot.options.first().pk})
    assert (again.status_code, Vote.objects.count()) == (409, 1)


def test_nothing_is_counted_on_screens_before_a_vote_is_closed(client, deliberation):
    session = meet.open_it(deliberation[0])
    item = meet.in_progress(deliberation[1][0])
    ballot = ballots.open_proposal(item=item, question="Adopt?", actor=session.created_by)
    voter, other = (member.person for member in meet.members_of(session)[:2])
    ballots.vote(ballot=ballot, option=ballot.options.first().pk, actor=voter)
    client.force_login(other)
    for name in ("session_live", "session", "session_screen"):
        page = read(client.get(address(name, session)))
        assert ("1 of 3 have voted" in page, "ballot__result" in page) == (
            True,
            False,
        )
    ballots.close(ballot=ballot, actor=session.created_by)
    page = read(client.get(address("session_live", session)))
    assert ("ballot__result" in page, str(voter) in page) == (True, True)


def test_whoever_is_recused_sees_that_an_item_is_in_progress_and_nothing_of_it(client, deliberation):
    call, dossiers = deliberation
    session = meet.open_it(call)
    member = meet.members_of(session)[1].person
    conflict(member, dossiers[0])
    item = meet.in_progress(dossiers[0])
    ballot = ballots.open_proposal(item=item, question="Adopt the first?", actor=session.created_by)
    client.force_login(member)
    for name in ("session", "session_live", "session_screen"):
        page = read(client.get(address(name, session)))
        assert "Item in progress: you do not take part in it" in page
        for told in (dossiers[0].number, dossiers[0].association.name_fr, "Adopt the first?", "of 4"):
            assert told not in page, (name, told)
    assert client.get(address("item_declare", session, item.pk)).status_code == 404
    assert client.post(address("ballot_vote", session, ballot.pk), {"option": ballot.options.first().pk}).status_code == 404
    page = client.get(address("session", session))
    assert [(i.number, i.shown_rank) for i in page.context["items"]] == [(1, 1), (2, 1), (3, 3)]
    assert not Vote.objects.exists()


def test_a_vote_between_equals_does_not_exist_for_whoever_is_barred_from_one(client, deliberation):
    call, (first, second, third, _fourth) = deliberation
    session = meet.open_it(call)
    member = meet.members_of(session)[1].person
    meet.decide(application=first, outcome="selected", adopted_rank=1, actor=session.created_by)
    item = meet.in_progress(second)
    conflict(member, third)
    ballot = ballots.open_tie(item=item, actor=session.created_by)
    client.force_login(member)
    page = read(client.get(address("session_live", session)))
    assert ("You do not take part in the vote on this item." in page, third.number in page, ballot.question in page) == (True, False, False)
    assert client.post(address("ballot_vote", session, ballot.pk), {"option": ballot.options.first().pk}).status_code == 404


def test_the_stand_in_runs_the_item_and_no_other(client, deliberation):
    call, dossiers = deliberation
    session = meet.open_it(call)
    chair, member, _other = meet.members_of(session)
    item = session.items.get(application=dossiers[0])
    client.force_login(session.created_by)
    address_of_it = address("item_stand_in", session, item.pk)
    assert address_of_it not in read(client.get(address("session", session)))  # nobody needs it while the chair takes part
    conflict(chair.person, dossiers[0])
    assert address_of_it in read(client.get(address("session", session)))
    assert client.post(address_of_it, {"member": ""}).context["unchaired"][0][1].errors
    assert client.post(address_of_it, {"member": member.pk}).status_code == 302
    assert address_of_it not in read(client.get(address("session", session)))
    client.post(address("item_act", session, item.pk, "ouvrir"))
    client.force_login(member.person)
    decided = client.post(reverse("evaluation:decide", args=[call.slug, dossiers[0].pk]), {"outcome": "selected", "adopted_rank": "1"})
    assert decided.status_code == 302
    assert client.post(address("item_act", session, item.pk, "finir")).status_code == 302
    following = session.items.get(application=dossiers[3])
    assert client.post(address("item_act", session, following.pk, "ouvrir")).status_code == 403
    client.force_login(chair.person)
    assert client.get(address("session", session)).context["runs"] is True


def test_the_tie_comes_filled_in_with_the_vote(client, deliberation):
    call, (first, second, third, _fourth) = deliberation
    session = meet.open_it(call)
    meet.decide(application=first, outcome="selected", adopted_rank=1, actor=session.created_by)
    meet.elect(third)
    client.force_login(session.created_by)
    form = client.get(address("session", session)).context["form"]
    assert (form["outcome"].value(), form["adopted_rank"].value(), third.number in form["tie_break_reason"].value()) == (
        "selected",
        2,
        True,
    )
    meet.in_progress(second)
    form = client.get(address("session", session)).context["form"]
    assert (form["outcome"].value(), form["adopted_rank"].value()) == ("waiting_list", 3)


def test_the_record_of_a_closed_session_names_votes_only_when_they_were_named(client, deliberation):
    call, dossiers = deliberation
    session = meet.open_it(call)
    item = meet.in_progress(dossiers[0])
    for method in ("named", "secret"):
        ballot = ballots.open_proposal(item=item, question=f"A {method} vote?", actor=session.created_by, method=method)
        meet.vote_all(ballot, lambda _member, options: options[0])
    for row in session.items.exclude(pk=item.pk):
        sessions_end(row)
    sessions_end(item)
    meet.meetings.close_session(session=session, actor=session.created_by)
    client.force_login(make.user(Role.AUDITOR))
    page = client.get(address("session", session))
    named, secret = page.context["items"][0].votes
    assert [len(option.named_votes.all()) for ballot in (named, secret) for option in ballot.options.all()] == [3, 0, 0, 0, 0, 0]
    assert "A secret vote?" in read(page)


def sessions_end(item):
    meet.meetings.postpone(item=item, reason="Later.", actor=item.session.created_by)


# Cost


@pytest.mark.parametrize("name, most", [("session_live", 10), ("session", 20), ("session_screen", 14)])
def test_cost_of_the_screens(client, django_assert_max_num_queries, name, most):
    counts = []
    for size in (2, 8):
        call, dossiers, _ranking = make.call_before_committee(*[5 - n / 2 for n in range(size)], places=3, people=1)
        session = meet.open_it(call, members=size, observers=1)
        item = meet.in_progress(dossiers[0])
        ballot = ballots.open_proposal(item=item, question="Adopt?", actor=session.created_by)
        for member in meet.members_of(session)[1:]:
            ballots.vote(ballot=ballot, option=ballot.options.first().pk, actor=member.person)
        client.force_login(meet.chair_of(session).person)
        client.get(address(name, session))
        with django_assert_max_num_queries(most) as captured:
            assert client.get(address(name, session)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("state", ["prepared", "convened", "closed"])
def test_cost_before_and_after(client, django_assert_max_num_queries, state):
    counts = []
    for size in (2, 8):
        call, _dossiers, _ranking = make.call_before_committee(*[5 - n / 2 for n in range(size)], places=3, people=1)
        session = {"prepared": meet.prepared, "convened": meet.convened, "closed": meet.open_it}[state](call, members=size)
        if state == "closed":
            for item in session.items.all():
                sessions_end(item)
            meet.meetings.close_session(session=session, actor=session.created_by)
        client.force_login(session.created_by)
        client.get(address("session", session))
        with django_assert_max_num_queries(20) as captured:
            assert client.get(address("session", session)).status_code == 200
        counts.append(len(captured))
        SessionMember.objects.filter(session=session)
    assert counts[0] == counts[1]


# Administration


def staff(role):
    person = make.user(role)
    type(person).objects.filter(pk=person.pk).update(is_staff=True)
    return type(person).objects.get(pk=person.pk)


def test_the_administration_shows_no_secret_choice_and_no_running_count(client, deliberation):
    session = meet.open_it(deliberation[0])
    item = meet.in_progress(deliberation[1][0])
    ballot = ballots.open_proposal(item=item, question="Adopt?", actor=session.created_by, method="secret")
    vote = ballots.vote(ballot=ballot, option=ballot.options.first().pk, actor=meet.members_of(session)[0].person)
    auditor = staff(Role.AUDITOR)
    client.force_login(auditor)
    running = client.get(reverse("admin:evaluation_ballot_change", args=[ballot.pk]))
    assert [form.instance.count for form in running.context["inline_admin_formsets"][0].formset.forms] == [1, 0, 0]
    assert read(running).count('<div class="readonly">–</div>') + read(running).count("<p>–</p>") >= 3
    ballots.close(ballot=ballot, actor=session.created_by)
    shown = read(client.get(reverse("admin:evaluation_vote_change", args=[vote.pk])))
    assert "For" not in shown.split("Choice")[-1].split("</div>")[0]
    conflict(auditor, deliberation[1][0])
    for name in ("ballot", "vote", "agendaitem"):
        assert deliberation[1][0].number not in read(client.get(reverse(f"admin:evaluation_{name}_changelist")))
    assert client.get(reverse("admin:evaluation_ballot_change", args=[ballot.pk])).status_code == 302


def test_rules_are_written_in_the_administration_until_a_session_opens(client, deliberation):
    call, _dossiers = deliberation
    client.force_login(staff(Role.DIVISION_HEAD))
    data = {
        "call": call.pk, "conflict_scope": "application", "quorum_percent": "60", "casting_vote": "on", "observation_working_days": "5",
        "observation_max_words": "500", "appeal_days": "60", "score_publication": "own",
    }  # fmt: skip
    client.post(reverse("admin:evaluation_judgingterms_add"), data)
    kept = JudgingTerms.objects.get()
    assert (kept.quorum_percent, kept.conflict_scope) == (60, "application")
    client.post(reverse("admin:evaluation_judgingterms_change", args=[kept.pk]), data | {"quorum_percent": "101"})
    client.post(reverse("admin:evaluation_judgingterms_change", args=[kept.pk]), data | {"quorum_percent": "70"})
    meet.open_it(call)
    assert client.post(reverse("admin:evaluation_judgingterms_change", args=[kept.pk]), data | {"quorum_percent": "1"}).status_code == 403
    assert JudgingTerms.objects.get().quorum_percent == 70


def test_a_session_called_off_is_read_by_whoever_was_called(client, deliberation):
    session = meet.convened(deliberation[0])
    sessions.cancel(session=session, reason="The minister is away.", actor=session.created_by)
    client.force_login(meet.members_of(session)[1].person)
    assert "The minister is away." in read(client.get(address("session", session)))
    assert not Ballot.objects.exists()
