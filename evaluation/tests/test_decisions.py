import pytest
from django.db import IntegrityError, transaction

from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AppendOnlyError, AuditEntry
from evaluation.models import Decision
from evaluation.rules import decisions as rules
from evaluation.rules.decisions import Board, Draft, Proposal
from evaluation.rules.deliberation import Vote
from evaluation.services import committee
from evaluation.services.committee import DecisionRefused
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet

REASONS = make.REASONS
WHY = {"reasons_fact": "Fact.", "reasons_law": "Law."}
TIED = Proposal(3, group_size=2, tie_to_break=True)


# The pure rule


@pytest.mark.parametrize(
    "draft, proposal, board, expected",
    [
        (Draft("selected", 1), Proposal(1), Board(3), ()),
        (Draft("selected", 3), Proposal(3), Board(3, favourable=2), ()),
        (Draft("selected", 3), Proposal(3), Board(3, favourable=3), ("no_place_left",)),
        (Draft("selected_with_reservations", 3, reservations="x"), Proposal(3), Board(3, favourable=3), ("no_place_left",)),
        (Draft("selected", 9), Proposal(9), Board(0, favourable=8), ()),
        (Draft("selected"), Proposal(1), Board(3), ("rank_missing",)),
        (Draft("selected", 1), Proposal(1), Board(3, ranks_taken=frozenset({1})), ("rank_taken",)),
        (Draft("selected_with_reservations", 1), Proposal(1), Board(3), ("reservations_missing",)),
        (Draft("not_selected"), Proposal(4), Board(3), ("reasons_missing",)),
        (Draft("not_selected", reasons_fact="x"), Proposal(4), Board(3), ("law_missing",)),
        (Draft("not_selected", reasons_law="x"), Proposal(4), Board(3), ("reasons_missing",)),
        (Draft("not_selected", **WHY), Proposal(4), Board(3), ()),
        (Draft("deferred"), Proposal(4), Board(3), ("reasons_missing",)),
        (Draft("waiting_list", 4), Proposal(4), Board(3), ("reasons_missing",)),
        (Draft("waiting_list", 4, **WHY), Proposal(4), Board(3), ()),
        (Draft("waiting_list", 4, **WHY), Proposal(4), Board(3, waiting_list=False), ("no_waiting_list",)),
        (Draft("not_selected", 4, **WHY), Proposal(4), Board(3), ("rank_not_expected",)),
        # Departing from the ranking
        (Draft("selected", 2), Proposal(1), Board(3), ("deviation_reason_missing",)),
        (Draft("selected", 2, deviation_reason="x"), Proposal(1), Board(3), ()),
        (Draft("not_selected", **WHY), Proposal(3), Board(3), ("deviation_reason_missing",)),
        (Draft("selected", 3), Proposal(4), Board(3), ("deviation_reason_missing",)),
        (Draft("selected", 4, deviation_reason="x"), Proposal(4), Board(3), ("rank_beyond_places",)),
        (Draft("waiting_list", 3, deviation_reason="x", **WHY), Proposal(3), Board(3), ("rank_within_places",)),
        (Draft("waiting_list", 1, **WHY), Proposal(1), Board(0), ()),
        # Below a threshold
        (Draft("selected", 1), Proposal(None), Board(3), ("below_threshold",)),
        (Draft("waiting_list", 4, **WHY), Proposal(None), Board(3), ("below_threshold",)),
        (Draft("not_selected", **WHY), Proposal(None), Board(3), ()),
        (Draft("deferred", **WHY), Proposal(None), Board(3), ()),
        # Equals: any rank of the group is the proposed one
        (Draft("selected", 2), Proposal(1, group_size=2), Board(3), ()),
        (Draft("selected", 3), Proposal(1, group_size=2), Board(3), ("deviation_reason_missing",)),
        (Draft("selected", 3), Proposal(3, group_size=2, tie_to_break=True), Board(3), ("tie_break_reason_missing",)),
        (Draft("selected", 3, tie_break_reason="x"), Proposal(3, group_size=2, tie_to_break=True), Board(3), ()),
        (Draft("waiting_list", 4, **WHY), Proposal(3, group_size=2, tie_to_break=True), Board(3), ()),
        (Draft("not_selected", **WHY), Proposal(3, group_size=2, tie_to_break=True), Board(3), ()),
        # Equals: the vote comes first, and binds
        (Draft("selected", 3, tie_break_reason="x"), TIED, Board(3, rivals=1), ("tie_vote_missing",)),
        (Draft("selected", 3, tie_break_reason="x"), TIED, Board(3, rivals=1, vote=Vote(True, True)), ()),
        (Draft("selected", 3, tie_break_reason="x"), TIED, Board(3, vote=Vote(True, False)), ("vote_gave_place_to_another",)),
        (Draft("waiting_list", 4, **WHY), TIED, Board(3, vote=Vote(True, False)), ()),
        (Draft("deferred", **WHY), TIED, Board(3, vote=Vote(True, True)), ("vote_gave_the_place",)),
        (Draft("selected", 1), Proposal(1), Board(3, vote=Vote(False, False, "selected")), ("vote_rejected",)),
        (Draft("selected", 1), Proposal(1), Board(3, vote=Vote(False, True, "deferred")), ("vote_adopted_another",)),
        (Draft("selected", 1), Proposal(1), Board(3, vote=Vote(False, True, "selected")), ()),
    ],
)
def test_refusals(draft, proposal, board, expected):
    assert rules.refusals(draft, proposal, board) == expected


def test_every_refusal_has_a_field_and_a_sentence():
    codes = [code for code, _refused in rules._checks(Draft("selected"), Proposal(1), Board(3))]
    assert set(codes) == set(rules.FIELDS)
    assert all(rules.sentence(code) for code in codes)


# The service


@pytest.fixture
def chair(db):
    return make.user(Role.COMMITTEE_CHAIR)


@pytest.fixture
def deliberation(db):
    """Four dossiers, ranked 1 to 4, two places."""
    return make.call_before_committee(5, 4, 3, 2, places=2)


@pytest.mark.parametrize(
    "position, fields, status",
    [
        (0, {"outcome": "selected", "adopted_rank": 1}, "selected"),
        (1, {"outcome": "selected_with_reservations", "adopted_rank": 2, "reservations": "Recruit."}, "selected_with_reservations"),
        (2, {"outcome": "waiting_list", "adopted_rank": 3, **REASONS}, "waiting_list"),
        (2, {"outcome": "deferred", **REASONS}, "deferred"),
        (3, {"outcome": "not_selected", **REASONS}, "not_selected"),
    ],
)
def test_each_outcome_is_recorded_and_moves_the_dossier(deliberation, chair, position, fields, status):
    _call, dossiers, ranking = deliberation
    decision = meet.decide(application=dossiers[position], actor=chair, **fields)
    dossiers[position].refresh_from_db()
    assert (decision.outcome, decision.ranking, decision.decided_by, dossiers[position].status) == (status, ranking, chair, status)
    assert AuditEntry.objects.filter(action="decision.record", object_id=str(decision.pk)).count() == 1


@pytest.mark.parametrize(
    "position, fields, codes",
    [
        (3, {"outcome": "not_selected"}, ("reasons_missing",)),
        (3, {"outcome": "not_selected", "reasons_fact": " \n", "reasons_law": "x"}, ("reasons_missing",)),
        (0, {"outcome": "not_selected", **REASONS}, ("deviation_reason_missing",)),
        (3, {"outcome": "selected", "adopted_rank": 2}, ("deviation_reason_missing",)),
    ],
)
def test_refusals_write_nothing(deliberation, chair, position, fields, codes):
    _call, dossiers, _ranking = deliberation
    with pytest.raises(DecisionRefused) as refusal:
        meet.decide(application=dossiers[position], actor=chair, **fields)
    dossiers[position].refresh_from_db()
    assert (refusal.value.codes, dossiers[position].status, Decision.objects.count()) == (codes, "in_committee", 0)


def test_no_more_than_the_places_reservations_counted(deliberation, chair):
    _call, dossiers, _ranking = deliberation
    meet.decide(application=dossiers[0], outcome="selected", adopted_rank=1, actor=chair)
    meet.decide(application=dossiers[1], outcome="selected_with_reservations", adopted_rank=2, reservations="x", actor=chair)
    with pytest.raises(DecisionRefused) as refusal:
        meet.decide(application=dossiers[2], outcome="selected", adopted_rank=3, deviation_reason="x", actor=chair)
    assert refusal.value.codes == ("no_place_left", "rank_beyond_places")
    assert refusal.value.by_field().keys() == {"outcome", "adopted_rank"}


def test_decided_once_and_never_changed(deliberation, chair):
    _call, dossiers, _ranking = deliberation
    decision = meet.decide(application=dossiers[0], outcome="selected", adopted_rank=1, actor=chair)
    with pytest.raises(Refused):
        meet.decide(application=dossiers[0], outcome="not_selected", actor=chair, **REASONS)
    for act in (decision.save, decision.delete, Decision.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            act()
    assert Decision.objects.get().outcome == "selected"


def test_nothing_is_decided_before_the_committee_has_the_dossiers(chair):
    _call, (dossier,), _ranking = make.ranked_call(3)
    with pytest.raises(Refused):
        meet.decide(application=dossier, outcome="selected", adopted_rank=1, actor=chair)
    with pytest.raises(Refused):
        meet.decide(application=make.application(make.call(), status="in_committee"), outcome="selected", adopted_rank=1, actor=chair)
    assert not Decision.objects.exists()


def test_unknown_outcome_is_refused(deliberation, chair):
    with pytest.raises(Refused):
        meet.decide(application=deliberation[1][0], outcome="maybe", actor=chair)


def test_choosing_between_equals_needs_a_reason(chair):
    _call, dossiers, _ranking = make.call_before_committee(5, 3, 3, places=2)
    with pytest.raises(DecisionRefused) as refusal:
        meet.decide(application=dossiers[1], outcome="selected", adopted_rank=2, actor=chair)
    assert refusal.value.codes == ("tie_break_reason_missing", "tie_vote_missing")
    ballot = meet.elect(dossiers[1])
    with pytest.raises(DecisionRefused) as refusal:
        meet.decide(application=dossiers[1], outcome="selected", adopted_rank=2, actor=chair)
    assert refusal.value.codes == ("tie_break_reason_missing",)
    decision = meet.decide(application=dossiers[1], outcome="selected", adopted_rank=2, tie_break_reason="Wider network.", actor=chair)
    meet.decide(application=dossiers[2], outcome="waiting_list", adopted_rank=3, actor=chair, **REASONS)
    assert Decision.objects.count() == 2
    assert (decision.ballot, decision.ladder_step, decision.item) == (ballot, "f", ballot.item)


def test_a_decision_contrary_to_the_vote_between_equals_is_refused(chair):
    _call, dossiers, _ranking = make.call_before_committee(5, 3, 3, places=2)
    meet.elect(dossiers[1])
    with pytest.raises(DecisionRefused) as refusal:
        meet.decide(application=dossiers[1], outcome="not_selected", actor=chair, **REASONS)
    assert refusal.value.codes == ("vote_gave_the_place",)
    meet.in_progress(dossiers[2])
    with pytest.raises(DecisionRefused) as refusal:
        meet.decide(application=dossiers[2], outcome="selected", adopted_rank=2, tie_break_reason="x", actor=chair)
    assert refusal.value.codes == ("vote_gave_place_to_another",)
    assert not Decision.objects.exists()


def test_nothing_is_decided_outside_the_item_in_progress_of_an_open_session(deliberation, chair):
    call, dossiers, _ranking = deliberation
    for prepare in (lambda: None, lambda: meet.convened(call), lambda: meet.open_it(call)):
        prepare()
        with pytest.raises(Refused) as refusal:
            committee.decide(application=dossiers[0], outcome="selected", adopted_rank=1, actor=chair)
        assert refusal.value.code == "no_session"
    meet.in_progress(dossiers[1])
    with pytest.raises(Refused):
        committee.decide(application=dossiers[0], outcome="selected", adopted_rank=1, actor=chair)
    assert not Decision.objects.exists()


# Constraints


@pytest.mark.parametrize(
    "fields, name",
    [
        ({"outcome": "not_selected"}, "decision_unfavourable_has_reasons"),
        ({"outcome": "not_selected", "reasons_fact": "x"}, "decision_unfavourable_has_reasons"),
        ({"outcome": "waiting_list", "adopted_rank": 3}, "decision_unfavourable_has_reasons"),
        ({"outcome": "selected_with_reservations", "adopted_rank": 1}, "decision_reservations_are_written"),
        ({"outcome": "selected"}, "decision_listed_has_rank"),
        ({"outcome": "selected", "adopted_rank": 0}, "decision_listed_has_rank"),
        ({"outcome": "deferred", "adopted_rank": 1, **REASONS}, "decision_listed_has_rank"),
    ],
)
def test_decision_constraints(deliberation, chair, fields, name):
    _call, dossiers, ranking = deliberation
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Decision.objects.create(application=dossiers[0], ranking=ranking, decided_by=chair, decided_at=make.NOON, **fields)


def test_decision_and_rank_are_unique(deliberation, chair):
    _call, dossiers, ranking = deliberation
    fields = {"ranking": ranking, "decided_by": chair, "decided_at": make.NOON, "outcome": "selected"}
    Decision.objects.create(application=dossiers[0], adopted_rank=1, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(application=dossiers[0], adopted_rank=2, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(application=dossiers[1], adopted_rank=1, **fields)
