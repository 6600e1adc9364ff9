"""A report from its opening to its conclusion."""

from decimal import Decimal

import pytest

from clusters_portal.accounts.roles import Role
from clusters_portal.notifications.models import OutgoingMail
from evaluation import queries
from evaluation.models import Consensus, ConsensusApproval
from evaluation.rules import consensus as rules
from evaluation.services import assignments, consensus, evaluations
from evaluation.services import consensus_closing as closing
from evaluation.services.consensus import AgreedMark, IncompleteReport, Report, StaleReport
from evaluation.tests import factories as make
from evaluation.tests.consensus.helpers import refused, state
from evaluation.tests.factories import CODES

pytestmark = pytest.mark.django_db


# Rules, without the database


@pytest.mark.parametrize("value, outside", [("2.5", True), ("3", False), ("4.5", False), ("5", True), (None, False)])
def test_a_mark_is_outside_strictly_beyond_the_evaluators(value, outside):
    assert rules.is_outside(value and Decimal(value), [Decimal(3), Decimal("4.5")]) is outside


def test_what_a_report_lacks_in_the_order_of_the_grid():
    marks = (Decimal(3), Decimal(4))
    rows = [
        rules.Agreed("T1", None, "", "", marks, 5),
        rules.Agreed("T2", Decimal(5), "12345", "", marks, 5),
        rules.Agreed("T3", Decimal(5), "12345", "why", marks, 5),
        rules.Agreed("T4", Decimal(3), "1234", "", marks, 5),
    ]
    assert rules.lacking(rows) == (("T1", "mark"), ("T1", "text"), ("T2", "outside"), ("T4", "text"))


@pytest.mark.parametrize(
    "answers, expected, found",
    [
        ({}, "", "waiting"),
        ({"a": True}, "ab", "waiting"),
        ({"a": True, "b": True}, "ab", "unanimous"),
        ({"a": True, "b": False}, "ab", "divided"),
        ({"a": True, "b": True, "c": False}, "abc", "majority"),
        ({"a": True, "b": False, "c": False}, "abc", "divided"),
        ({"a": True, "b": True, "gone": False}, "ab", "unanimous"),
    ],
)
def test_what_answers_amount_to(answers, expected, found):
    assert rules.verdict(answers, expected) == found


# Opening


def test_opening_shows_it_to_the_evaluators_and_tells_them(dossier):
    people = queries.panel_of(dossier).people
    assert not queries.readable_consensuses(people[1]).exists()
    report = make.opened(dossier)
    assert (report.status, report.round, report.rapporteur, report.scores.count()) == ("open", 1, people[0], 10)
    assert list(queries.readable_consensuses(people[1])) == [report]
    told = OutgoingMail.objects.filter(subject__contains=dossier.number, recipient__in=[p.email for p in people])
    assert told.exclude(body__contains="SHA-256").count() == 3


def test_opening_is_refused_twice_too_early_and_with_a_rapporteur_who_gave_nothing(dossier, head):
    stranger = make.user(Role.EVALUATOR)
    refused("rapporteur", consensus.open_consensus, application=dossier, rapporteur=stranger, actor=head)
    assignments.assign(application=dossier, evaluator=stranger, actor=head)
    person = queries.panel_of(dossier).people[0]
    refused("blocked", consensus.open_consensus, application=dossier, rapporteur=person, actor=head)
    assert not Consensus.objects.exists()
    assignments.release(assignment=dossier.assignments.get(evaluator=stranger), actor=head)
    make.opened(dossier)
    refused("already", consensus.open_consensus, application=dossier, rapporteur=person, actor=head)
    assert Consensus.objects.count() == 1


def test_opening_all_shares_the_rapporteurs_and_leaves_what_is_not_ready(head):
    call, dossiers = make.scored_call(3, 3, 3, 3, people=3)
    late = dossiers[2].assignments.first()
    evaluations.reopen(evaluation=late.evaluations.get(), reason="Error.", actor=head)
    assert consensus.open_all(call=call, actor=head) == 3
    reports = Consensus.objects.order_by("application__number")
    assert [r.application_id for r in reports] == [dossiers[n].pk for n in (0, 1, 3)]
    assert len({r.rapporteur_id for r in reports}) == 3


# Writing


def test_a_report_is_saved_in_any_state_and_only_by_its_rapporteur(dossier):
    report = make.opened(dossier)
    sheet = Report({"T1": AgreedMark(Decimal("3.5"), "Because.")}, "So far.")
    refused("rapporteur", consensus.save, consensus=report, report=sheet, revision=0, actor=queries.panel_of(dossier).people[1])
    saved = consensus.save(consensus=report, report=sheet, revision=0, actor=report.rapporteur)
    assert (saved.status, saved.revision, saved.text) == ("draft", 1, "So far.")
    assert queries.agreed_marks(saved) == dict.fromkeys(CODES) | {"T1": Decimal("3.5")}


def test_the_second_of_two_tabs_is_refused_and_a_repeated_save_is_recognised(dossier):
    report = make.opened(dossier)
    first, second = make.report(3), make.report(4)
    consensus.save(consensus=report, report=first, revision=0, actor=report.rapporteur)
    again = consensus.save(consensus=report, report=first, revision=0, actor=report.rapporteur)
    assert again.revision == 1
    with pytest.raises(StaleReport):
        consensus.save(consensus=report, report=second, revision=0, actor=report.rapporteur)
    assert set(queries.agreed_marks(again).values()) == {Decimal(3)}


def test_approval_needs_every_mark_its_reasons_and_why_it_leaves_the_range(dossier):
    report = make.opened(dossier)
    rapporteur = report.rapporteur
    saved = consensus.save(consensus=report, report=make.report(None, 4, *[3] * 8), revision=0, actor=rapporteur)
    with pytest.raises(IncompleteReport) as refusal:
        consensus.ask_approval(consensus=saved, revision=1, actor=rapporteur)
    assert [field for field, _sentence in refusal.value.problems] == ["mark_T1", "outside_T2"]
    assert state(report) == ("draft", 1)
    consensus.save(consensus=saved, report=make.report(4, outside_reason="The tables say more."), revision=1, actor=rapporteur)
    assert consensus.ask_approval(consensus=saved, revision=2, actor=rapporteur).status == "approving"


def test_another_rapporteur_is_named_while_it_is_open(dossier, head):
    report, people = make.opened(dossier), queries.panel_of(dossier).people
    consensus.name_rapporteur(consensus=report, rapporteur=people[2], actor=head)
    refused("rapporteur", consensus.save, consensus=report, report=make.report(3), revision=0, actor=people[0])
    assert consensus.save(consensus=report, report=make.report(3), revision=0, actor=people[2]).rapporteur == people[2]


# Answers and conclusion


def test_all_approve_then_the_head_validates(dossier, head):
    report = make.answered(make.asked(dossier))
    done = closing.conclude(consensus=report, actor=head)
    assert (done.status, done.closed_by, done.is_disagreement) == ("validated", head, False)
    assert OutgoingMail.objects.filter(recipient=head.email).count() == 1


def test_nothing_is_concluded_before_everyone_answered_nor_changed_after(dossier, head):
    report = make.asked(dossier)
    refused("waiting", closing.conclude, consensus=report, actor=head)
    refused("not_writable", consensus.save, consensus=report, report=make.report(2), revision=1, actor=report.rapporteur)
    person = queries.panel_of(dossier).people[1]
    closing.answer(consensus=report, round=1, answer="approve", actor=person)
    refused("answered", closing.answer, consensus=report, round=1, answer="dissent", minority_text="x", actor=person)
    assert (state(report), ConsensusApproval.objects.get().answer) == (("approving", 1), "approve")


def test_a_dissent_needs_its_reasons_and_a_majority_both_views(dossier, head):
    report = make.asked(dossier)
    refused("minority_text", closing.answer, consensus=report, round=1, answer="dissent", actor=report.rapporteur)
    make.answered(report, dissenting=1)
    refused("minority_view", closing.conclude, consensus=report, actor=head, majority_view="Most.")
    assert state(report) == ("approving", 1)
    done = closing.conclude(consensus=report, actor=head, majority_view="Most.", minority_view="One.")
    assert (done.status, done.majority_view, done.minority_view) == ("disagreement", "Most.", "One.")


def test_without_a_majority_nothing_is_concluded(dossier, head):
    report = make.answered(make.asked(dossier), dissenting=2)
    refused("divided", closing.conclude, consensus=report, actor=head, majority_view="a", minority_view="b")
    assert state(report) == ("approving", 1)


def test_changing_the_report_starts_a_round_and_old_answers_count_no_more(dossier, head):
    report = make.answered(make.asked(dossier))
    consensus.revise(consensus=report, actor=report.rapporteur)
    assert state(report) == ("draft", 2)
    report = consensus.save(
        consensus=report, report=make.report(3, text="Other reasons, long enough."), revision=1, actor=report.rapporteur
    )
    report = consensus.ask_approval(consensus=report, revision=2, actor=report.rapporteur)
    refused("waiting", closing.conclude, consensus=report, actor=head)
    with pytest.raises(StaleReport):
        closing.answer(consensus=report, round=1, answer="approve", actor=report.rapporteur)
    make.answered(report)
    assert (closing.conclude(consensus=report, actor=head).status, ConsensusApproval.objects.count()) == ("validated", 6)


def test_only_who_submitted_answers(dossier):
    report = make.asked(dossier)
    refused("not_evaluator", closing.answer, consensus=report, round=1, answer="approve", actor=make.user(Role.EVALUATOR))
    assert not ConsensusApproval.objects.exists()
