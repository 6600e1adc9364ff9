"""Quorum, voters, results, contradictions: at the edges, and for any figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules.deliberation import (
    APPLICATION_SCOPE,
    CALL_SCOPE,
    Seat,
    Vote,
    contradiction,
    electorate,
    has_quorum,
    no_vote_sentence,
    proposal_result,
    quorum_needed,
    takes_part,
    tie_result,
    why_no_vote,
)

A, B = "dossier a", "dossier b"
COUNTS = st.integers(0, 60)


# Quorum


@pytest.mark.parametrize(
    "appointed, percent, needed",
    [(5, 50, 3), (4, 50, 2), (3, 66, 2), (3, 67, 3), (7, 100, 7), (1, 1, 1), (200, 1, 2), (201, 1, 3), (0, 50, 1)],
)
def test_quorum_is_exact_at_the_edge(appointed, percent, needed):
    assert quorum_needed(appointed, percent) == needed
    assert has_quorum(needed, appointed, percent)
    assert not has_quorum(needed - 1, appointed, percent)


@given(COUNTS, COUNTS, st.integers(1, 100))
def test_needed_is_the_least_that_reaches_it(present, appointed, percent):
    assert has_quorum(present, appointed, percent) == (present >= quorum_needed(appointed, percent))


@given(COUNTS, COUNTS, st.integers(1, 100))
def test_one_more_never_loses_the_quorum(present, appointed, percent):
    assert has_quorum(present + 1, appointed, percent) or not has_quorum(present, appointed, percent)


# Who votes


@pytest.mark.parametrize(
    "seat, dossiers, scope, reason",
    [
        (Seat(1, True, True), {A}, CALL_SCOPE, ""),
        (Seat(1, True, False), {A}, CALL_SCOPE, "absent"),
        (Seat(1, False, True), {A}, CALL_SCOPE, "capacity"),
        (Seat(1, True, True, frozenset({A})), {A}, APPLICATION_SCOPE, "recused"),
        (Seat(1, True, True, frozenset({A}), lifted=True), {A}, CALL_SCOPE, "recused"),
        (Seat(1, True, True, frozenset({B})), {A}, APPLICATION_SCOPE, ""),
        (Seat(1, True, True, frozenset({B})), {A}, CALL_SCOPE, "conflict_in_call"),
        (Seat(1, True, True, frozenset({B}), lifted=True), {A}, CALL_SCOPE, ""),
        (Seat(1, True, True, frozenset({B}), lifted=True), {A, B}, CALL_SCOPE, "recused"),
        (Seat(1, True, True, frozenset({B})), (), CALL_SCOPE, ""),
        (Seat(1, False, True, frozenset({A})), {A}, CALL_SCOPE, "capacity"),
    ],
)
def test_why_someone_does_not_vote(seat, dossiers, scope, reason):
    assert why_no_vote(seat, frozenset(dossiers), scope) == reason
    assert electorate([seat], frozenset(dossiers), scope) == (frozenset() if reason else frozenset({1}))
    assert not reason or no_vote_sentence(reason)


SEATS = st.builds(Seat, st.integers(1, 9), st.booleans(), st.booleans(), st.frozensets(st.sampled_from([A, B])), st.booleans())


@given(SEATS, st.frozensets(st.sampled_from([A, B])), st.sampled_from([CALL_SCOPE, APPLICATION_SCOPE]))
def test_nobody_votes_on_what_they_do_not_take_part_in(seat, dossiers, scope):
    assert takes_part(seat, dossiers) or why_no_vote(seat, dossiers, scope)


@given(st.lists(SEATS, unique_by=lambda seat: seat.member), st.frozensets(st.sampled_from([A, B])))
def test_the_scope_of_the_call_never_adds_a_voter(seats, dossiers):
    assert electorate(seats, dossiers, CALL_SCOPE) <= electorate(seats, dossiers, APPLICATION_SCOPE)


# Proposals


@pytest.mark.parametrize(
    "votes, allowed, casting, elected, left",
    [
        ((2, 1, 9), True, None, ("for",), 0),
        ((1, 2, 9), True, None, (), 0),
        ((2, 2, 1), True, None, (), 1),
        ((2, 2, 1), True, "for", ("for",), 0),
        ((2, 2, 1), True, "against", (), 0),
        ((2, 2, 1), False, None, (), 0),
        ((2, 2, 1), False, "for", (), 0),
        ((0, 0, 5), True, None, (), 1),
        ((1, 2, 0), True, "for", (), 0),
    ],
)
def test_result_of_a_proposal(votes, allowed, casting, elected, left):
    counts = dict(zip(("for", "against", "abstain"), votes, strict=True))
    result = proposal_result(counts, casting_allowed=allowed, casting=casting)
    assert (result.elected, result.open_places, result.needs_casting, result.settled) == (elected, left, bool(left), not left)


@given(COUNTS, COUNTS, COUNTS, COUNTS, st.booleans())
def test_abstentions_never_change_a_result(agreed, refused, one, other, allowed):
    first, second = (
        proposal_result({"for": agreed, "against": refused, "abstain": abstain}, casting_allowed=allowed) for abstain in (one, other)
    )
    assert (first.elected, first.level) == (second.elected, second.level)


# Equals


@pytest.mark.parametrize(
    "votes, seats, allowed, casting, elected, level, left, needs",
    [
        ({"a": 3, "b": 1}, 1, True, None, ("a",), (), 0, False),
        ({"a": 1, "b": 3}, 1, True, "a", ("b",), (), 0, False),
        ({"a": 2, "b": 2}, 1, True, None, (), ("a", "b"), 1, True),
        ({"a": 2, "b": 2}, 1, True, "b", ("b",), (), 0, False),
        ({"a": 2, "b": 2}, 1, False, "b", (), ("a", "b"), 1, False),
        ({"a": 0, "b": 0}, 1, True, None, (), ("a", "b"), 1, True),
        ({"a": 3, "b": 1, "c": 1}, 2, True, None, ("a",), ("b", "c"), 1, True),
        ({"a": 3, "b": 1, "c": 1}, 2, True, "c", ("a", "c"), (), 0, False),
        ({"a": 3, "b": 1, "c": 1}, 2, True, "a", ("a",), ("b", "c"), 1, True),
        ({"a": 1, "b": 1, "c": 1}, 2, True, "a", (), ("a", "b", "c"), 2, False),
        ({"a": 3, "b": 2, "c": 1}, 2, True, None, ("a", "b"), (), 0, False),
        ({"a": 3, "b": 3, "c": 1}, 2, True, None, ("a", "b"), (), 0, False),
    ],
)
def test_choice_between_equals(votes, seats, allowed, casting, elected, level, left, needs):
    result = tie_result(votes, seats, casting_allowed=allowed, casting=casting)
    assert (result.elected, result.level, result.open_places, result.needs_casting) == (elected, level, left, needs)


@pytest.mark.parametrize("seats", [0, 2, 3])
def test_a_choice_leaves_somebody_out(seats):
    with pytest.raises(ValueError):
        tie_result({"a": 1, "b": 2}, seats, casting_allowed=True)


@st.composite
def ballots(draw):
    votes = draw(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 6), min_size=2))
    return votes, draw(st.integers(1, len(votes) - 1)), draw(st.booleans())


@given(ballots(), st.randoms())
def test_the_order_of_the_options_never_matters(ballot, random):
    votes, seats, allowed = ballot
    shuffled = list(votes.items())
    random.shuffle(shuffled)
    first, second = (tie_result(dict(v), seats, casting_allowed=allowed) for v in (votes, shuffled))
    assert (set(first.elected), set(first.level), first.open_places) == (set(second.elected), set(second.level), second.open_places)


@given(ballots())
def test_places_are_given_or_left_and_to_nobody_with_fewer_votes(ballot):
    votes, seats, allowed = ballot
    result = tie_result(votes, seats, casting_allowed=allowed)
    assert len(result.elected) + result.open_places == seats
    lost = [votes[option] for option in votes if option not in result.elected and option not in result.level]
    standing = [votes[option] for option in (*result.elected, *result.level)]
    assert not lost or max(lost) < min(standing)
    assert len(set(map(votes.get, result.level))) <= 1


# A decision follows the vote


@pytest.mark.parametrize(
    "outcome, favourable, vote, code",
    [
        ("selected", True, None, ""),
        ("selected", True, Vote(True, True), ""),
        ("not_selected", False, Vote(True, True), "vote_gave_the_place"),
        ("selected", True, Vote(True, False), "vote_gave_place_to_another"),
        ("waiting_list", False, Vote(True, False), ""),
        ("deferred", False, Vote(False, True, "deferred"), ""),
        ("selected", True, Vote(False, True, "deferred"), "vote_adopted_another"),
        ("selected", True, Vote(False, False, "selected"), "vote_rejected"),
        ("deferred", False, Vote(False, False, "selected"), ""),
    ],
)
def test_a_decision_follows_the_vote(outcome, favourable, vote, code):
    assert contradiction(outcome, favourable, vote) == code
