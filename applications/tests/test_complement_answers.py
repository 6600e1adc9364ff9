"""Answering a complement request: a further deposit, until the due second, of what was asked and nothing else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from applications.models import Application, ComplementItem, ComplementRequest, Deposit, DocumentRequirement, KeptDraft
from applications.pdf.admissibility_letter import letter_context
from applications.permissions import can_check_admissibility
from applications.services import admissibility
from applications.services.complement_answers import answer, save, send_piece
from applications.services.deposit import DepositRefused
from applications.services.drafts import DraftRefused
from applications.services.restore import restore
from applications.snapshots import verdicts_from
from applications.steps import STEPS_BY_SLUG
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice

from .builders import DECLARATION, dossier_of, inputs_of
from .complements import LINE, NEW, OVERALL, SOON, STRATEGY, ask_for, closed_deposit, requirement
from .factories import declare_admissible, make_user, pdf_file, propose_check
from .staff_fixtures import officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def owner():
    return make_user()


@pytest.fixture
def application(owner):
    return closed_deposit(owner)[0]


def codes_of(call, *args, **kwargs):
    with pytest.raises(DepositRefused) as refused:
        call(*args, **kwargs)
    return [obstacle.code for obstacle in refused.value.obstacles]


def sent(asked, owner, **kwargs):
    return answer(asked=asked, declaration=DECLARATION, actor=owner, **kwargs)


def send_everything(asked, owner, **kwargs):
    application = asked.application
    save(asked=asked, step=STRATEGY, data=NEW, actor=owner)
    send_piece(asked=asked, requirement=requirement(application, "ADM_RI"), upload=pdf_file("nouveau.pdf", 2), actor=owner)
    return sent(asked, owner, **kwargs)


def test_answer_is_a_further_deposit_of_the_same_number(application, owner):
    first = application.current_deposit
    asked = ask_for(application)
    made = send_everything(asked, owner)
    assert (made.kind, made.number, made.sequence) == (Deposit.Kind.COMPLEMENT, first.number, 2)
    assert made.content["steps"]["strategie"]["strategy"]["overall"] == NEW["strategy-overall"]
    assert made.content["declaration"]["place"] == "Nouaceur"
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_at) == (made, made.received_at)
    fresh = Application.objects.get(pk=application.pk)
    assert (fresh.status, fresh.number, fresh.deposited_at) == ("deposited", first.number, first.received_at)
    assert fresh.current_deposit == made
    assert AuditEntry.objects.get(action="complement.answered").data["sha256"] == made.sha256


def test_answer_is_told_to_the_people_and_to_dptc(application, owner):
    actor = officer()
    asked = ask_for(application, actor=actor)
    Notice.objects.all().delete()
    send_everything(asked, owner)
    assert {(n.recipient, n.kind) for n in Notice.objects.all()} == {(owner, "complement_answered"), (actor, "complement_received")}


@pytest.mark.parametrize(("offset", "taken"), [(-1, True), (0, True), (0.9, True), (1, False)])
def test_due_date_is_included_to_the_second(application, owner, offset, taken):
    asked = ask_for(application, OVERALL)
    moment = asked.due_at + timedelta(seconds=offset)
    if taken:
        with clock.set_to(moment):
            save(asked=asked, step=STRATEGY, data=NEW, actor=owner)
        assert sent(asked, owner, clock=lambda: moment).received_at == moment
        return
    with clock.set_to(moment), pytest.raises(DraftRefused):
        save(asked=asked, step=STRATEGY, data=NEW, actor=owner)
    assert codes_of(sent, asked, owner, clock=lambda: moment) == ["late"]
    assert Deposit.objects.count() == 1
    assert AuditEntry.objects.get(action="complement.refused").data["codes"] == ["late"]
    asked.refresh_from_db()
    assert (asked.answer, asked.state_at(moment)) == (None, "overdue")


def test_thing_asked_that_is_empty_or_unreadable_is_refused(application, owner):
    asked = ask_for(application, OVERALL, LINE)
    save(asked=asked, step=STRATEGY, data={"strategy-overall": ""}, actor=owner)
    cells = {f"lines-staff_costs_y{year}": "abc" if year == 1 else "1" for year in range(1, 6)}
    save(asked=asked, step=STEPS_BY_SLUG["budget"], data=cells, actor=owner)
    assert codes_of(sent, asked, owner) == ["incomplete", "incomplete"]
    assert Deposit.objects.count() == 1


def test_honest_answer_under_a_threshold_is_taken_with_its_verdict(application, owner):
    asked = ask_for(application, "membres.members")
    data = inputs_of()["membres"] | {f"members-{n}-qualifies": "" for n in range(32)}
    ids = [row.pk for row in dossier_of(application).rows(STEPS_BY_SLUG["membres"].part("members").model)]
    save(asked=asked, step=STEPS_BY_SLUG["membres"], data=data | {f"members-{n}-id": str(pk) for n, pk in enumerate(ids)}, actor=owner)
    made = sent(asked, owner)
    verdicts = {verdict.rule: verdict.passed for verdict in verdicts_from(made.content)}
    assert (verdicts["members"], verdicts["qualifying"]) == (True, False)
    assert {v.rule: v.passed for v in verdicts_from(asked.deposit.content)}["qualifying"]


def test_answer_where_something_else_changed_is_refused(application, owner):
    asked = ask_for(application, OVERALL)
    save(asked=asked, step=STRATEGY, data=NEW, actor=owner)
    Application.objects.get(pk=application.pk).members.first().delete()
    assert codes_of(sent, asked, owner) == ["outside"]
    restore(application=application, actor=owner, reason=KeptDraft.Reason.COMPLEMENT)
    save(asked=asked, step=STRATEGY, data=NEW, actor=owner)
    assert sent(asked, owner).sequence == 2


def test_second_click_gives_the_same_deposit(application, owner):
    asked = ask_for(application, OVERALL)
    save(asked=asked, step=STRATEGY, data=NEW, actor=owner)
    assert sent(asked, owner) == sent(asked, owner)
    assert Deposit.objects.count() == 2
    with pytest.raises(DraftRefused):
        save(asked=asked, step=STRATEGY, data={"strategy-overall": "Encore"}, actor=owner)


def test_admissibility_waits_for_the_answer_or_the_due_date(application, owner):
    person = officer()
    asked = ask_for(application, OVERALL)
    lines = {line.item: ("conforming", "Vérifié.") for line in admissibility.proposals(application.current_deposit)}
    with pytest.raises(admissibility.AdmissibilityRefused) as refused:
        propose_check(application, officer=person, findings=lines)
    assert clock.format_moment(asked.due_at, "en") in str(refused.value)
    with clock.set_to(asked.due_at):
        assert not can_check_admissibility(person, application)
    with clock.set_to(asked.due_at + timedelta(seconds=1)):
        assert can_check_admissibility(person, application)
    save(asked=asked, step=STRATEGY, data=NEW, actor=owner)
    made = sent(asked, owner)
    application = Application.objects.get(pk=application.pk)
    check = declare_admissible(application, officer=person, findings=lines)
    assert check.deposit == made
    told = letter_context(check, lang="fr")  # the answer came after the deadline, the application did not
    moments = (clock.format_moment(asked.deposit.received_at, "fr"), clock.format_moment(made.received_at, "fr"))
    assert (told["received"], told["completed"]) == moments


def changed(model, row, **values):
    with transaction.atomic():
        model.objects.filter(pk=row.pk).update(**values)


def test_constraints_of_a_request(application, owner):
    asked = ask_for(application)
    first, piece = asked.items.all()
    with pytest.raises(IntegrityError, match="complement_due_after_asked"):
        changed(ComplementRequest, asked, due_at=asked.asked_at)
    with pytest.raises(IntegrityError, match="complement_answer_has_date"):
        changed(ComplementRequest, asked, answered_at=clock.now())
    with pytest.raises(IntegrityError, match="complement_ends_once"):
        changed(ComplementRequest, asked, answer=asked.deposit, answered_at=clock.now(), cancelled_at=clock.now())
    with pytest.raises(IntegrityError, match="complement_item_field_or_piece"):
        changed(ComplementItem, first, requirement=DocumentRequirement.objects.first())
    twin = {"application": application, "deposit": asked.deposit, "reason": "x", "asked_by": owner, "asked_at": clock.now()}
    for make in (
        lambda: ComplementRequest.objects.create(**twin, due_at=clock.now() + SOON),
        lambda: ComplementItem.objects.create(request=asked, step=first.step, part=first.part, field=first.field),
        lambda: ComplementItem.objects.create(request=asked, requirement=piece.requirement),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()
