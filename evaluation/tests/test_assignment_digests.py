"""Evaluators are told what each act changed for them: one notice and one mail per person, whatever the number of dossiers."""

import pytest

from clusters_portal.accounts.roles import Role
from clusters_portal.notifications.models import Notice, OutgoingMail
from evaluation.models import Assignment
from evaluation.queries.problems import Parameters
from evaluation.services import assignment_runs, assignment_sheets, assignments, conflicts
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make

pytestmark = pytest.mark.django_db


def told(dossiers) -> dict:
    """{person: numbers in the mail}, from the mails waiting, which are taken away; each has its notice."""
    mails = list(OutgoingMail.objects.exclude(subject=""))
    found = {mail.recipient: [dossier.number for dossier in dossiers if dossier.number in mail.body] for mail in mails}
    assert len(found) == len(mails) == Notice.objects.filter(kind="assignments_changed").count()
    OutgoingMail.objects.all().delete()
    Notice.objects.all().delete()
    return found


def test_each_act_sends_one_mail_to_each_evaluator_it_concerns():
    officer, (first, second) = make.user(Role.CASE_OFFICER), (make.user(Role.EVALUATOR) for _ in range(2))
    call = make.call()
    dossiers = [make.application(call) for _ in range(3)]
    numbers = [dossier.number for dossier in dossiers]
    assignments.assign_all(call=call, actor=officer)
    assert told(dossiers) == {first.email: numbers, second.email: numbers}

    assignments.release(assignment=Assignment.objects.get(evaluator=second, application=dossiers[0]), actor=officer)
    assert told(dossiers) == {second.email: numbers[:1]}
    assignments.assign(application=dossiers[0], evaluator=second, actor=officer)
    assert told(dossiers) == {second.email: numbers[:1]}

    wishes = {number: {"add": [], "remove": [second.pk]} for number in numbers[1:]}
    people, more = [first, second], {"call": call, "applications": dossiers, "actor": officer}
    with pytest.raises(Refused):
        assignment_sheets.apply(wishes=wishes | {numbers[0]: {"add": [second.pk], "remove": []}}, people=people, **more)
    assert told(dossiers) == {}
    assignment_sheets.apply(wishes=wishes, people=people, **more)
    assert told(dossiers) == {second.email: numbers[1:]}

    third = make.user(Role.EVALUATOR, committed=False)
    parameters = Parameters(2, sector_expert=False, one_per_employer=False)
    run = assignment_runs.preview(call=call, actor=officer, parameters=parameters)
    assignment_runs.apply(run=run, actor=officer)
    given = list(Assignment.objects.filter(run=run).order_by("application__number").values_list("evaluator", "application__number"))
    assert {person for person, _number in given} == {third.pk}
    assert told(dossiers) == {third.email: [number for _person, number in given]}


def test_what_the_head_rules_is_told_to_the_evaluator_alone():
    head, person, dossier = make.user(Role.DIVISION_HEAD), make.user(Role.EVALUATOR), make.application(make.call())
    assignments.assign(application=dossier, evaluator=person, actor=head)
    assert told([dossier]) == {person.email: [dossier.number]}
    declared = conflicts.declare(application=dossier, interest="potential", kind="other", text="We met.", actor=person)
    assert told([dossier]) == {}
    conflicts.rule(declaration=declared, lift=True, reason="Long ago.", actor=head)
    assert told([dossier]) == {person.email: [dossier.number]}
    conflicts.record(
        application=dossier, evaluator=person, source="detected", interest="disqualifying", kind="other", text="Board.", actor=head
    )
    assert told([dossier]) == {person.email: [dossier.number]}
