"""Complement requests: who asks, what reopens and nothing else, the answer to the second, old and new."""

import json
from datetime import timedelta

import pytest

from applications.models import Application, ComplementRequest, KeptDraft
from applications.services.complement_answers import answer, save, send_piece
from applications.services.complements import Asked, ComplementRefused, ask, cancel, proposed_items
from applications.services.deposit import DepositRefused
from applications.services.documents import attach
from applications.services.drafts import DraftRefused, StaleStep, save_step
from applications.snapshots import answers_in, snapshot_of
from applications.steps import STEPS_BY_SLUG
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice, OutgoingMail

from .builders import DECLARATION, deposited_application, dossier_of, inputs_of
from .complements import FEES, LINE, NEW, OVERALL, PIECE, SOON, STRATEGY, ask_for, closed_deposit, requirement
from .factories import add_editor, make_call, make_user, pdf_file
from .staff_fixtures import STAFF_WHO_READ, WITHOUT_DOSSIERS, officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def owner():
    return make_user()


@pytest.fixture
def application(owner):
    return closed_deposit(owner)[0]


def stored(application):
    return json.loads(answers_in(snapshot_of(dossier_of(application))))


def codes_of(call, *args, **kwargs):
    with pytest.raises(DepositRefused) as refused:
        call(*args, **kwargs)
    return [obstacle.code for obstacle in refused.value.obstacles]


def sent(asked, owner, **kwargs):
    return answer(asked=asked, declaration=DECLARATION, actor=owner, **kwargs)


# --- Asking -------------------------------------------------------------------------------------------------------------
def test_request_is_recorded_journalled_and_told_to_everyone_of_the_dossier(application, owner):
    editor, actor = add_editor(application), officer()
    Notice.objects.all().delete()
    OutgoingMail.objects.all().delete()
    asked = ask_for(application, OVERALL, LINE, FEES, PIECE, actor=actor)
    assert [item.key for item in asked.items.all()] == [OVERALL, LINE, FEES, PIECE]
    assert (asked.asked_by, asked.deposit, asked.answer) == (actor, application.current_deposit, None)
    entry = AuditEntry.objects.get(action="complement.asked")
    assert (entry.object_id, entry.data["items"]) == (str(application.pk), [OVERALL, LINE, FEES, PIECE])
    assert set(Notice.objects.values_list("recipient", flat=True)) == {owner.pk, editor.pk}
    assert all(clock.format_moment(asked.due_at, "fr") in mail.body for mail in OutgoingMail.objects.all())


def test_draft_goes_back_to_the_deposit_before_it_reopens(owner):
    call = make_call(complement_allowed=True)
    application, made = deposited_application(call=call, user=owner)
    save_step(application=application, step=STRATEGY, data={**inputs_of()["strategie"], **NEW}, actor=owner)
    type(call).objects.filter(pk=call.pk).update(deadline_at=(clock.now() - timedelta(minutes=1)).replace(microsecond=0))
    ask_for(Application.objects.get(pk=application.pk))
    assert answers_in(snapshot_of(dossier_of(application))) == answers_in(made.content)
    assert KeptDraft.objects.get().reason == KeptDraft.Reason.COMPLEMENT


@pytest.mark.parametrize("role", [None, *STAFF_WHO_READ, *WITHOUT_DOSSIERS])
def test_nobody_but_officers_and_the_head_asks(application, role):
    with pytest.raises(ComplementRefused):
        ask_for(application, actor=make_user(roles=[role] if role else ()))
    assert not ComplementRequest.objects.exists()


def test_head_of_division_asks(application):
    assert ask_for(application, actor=make_user(roles=[Role.DIVISION_HEAD]))


def test_call_that_does_not_allow_it_open_call_and_decided_dossier_are_refused(owner):
    plain, _made = closed_deposit(owner, slug="sans", complement_allowed=False)
    still_open, _made = deposited_application(call=make_call("ouvert", complement_allowed=True), user=owner, name="b-hydrogene")
    decided, _made = closed_deposit(owner, slug="decide")
    Application.objects.filter(pk=decided.pk).update(status="admissible")
    for application in (plain, still_open, decided):
        with pytest.raises(ComplementRefused):
            ask_for(application)
    assert not ComplementRequest.objects.exists()


def test_second_request_is_refused_until_the_first_is_cancelled(application, owner):
    asked = ask_for(application)
    with pytest.raises(ComplementRefused):
        ask_for(application)
    cancel(request_id=asked.pk, reason="Demande envoyée par erreur.", actor=officer())
    with pytest.raises(DraftRefused):
        save(asked=asked, step=STRATEGY, data=NEW, actor=owner)
    assert ask_for(application).pk != asked.pk
    assert AuditEntry.objects.get(action="complement.cancelled").note == "Demande envoyée par erreur."


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 4001}, "reason"),
        ({"items": []}, "items"),
        ({"items": [Asked(OVERALL), Asked(OVERALL)]}, "items"),
        ({"items": [Asked("strategie.strategy.nothing")]}, "items"),
        ({"items": [Asked("piece:NOTHING")]}, "items"),
        ({"items": [Asked("budget.lines"), Asked(LINE)]}, LINE),
        ({"items": [Asked(OVERALL, "x" * 4001)]}, OVERALL),
        ({"due_at": None}, "due"),
        ({"due_at": "now"}, "due"),
    ],
)
def test_request_that_is_not_sound_is_refused(application, values, field):
    now = clock.now()
    given = {"items": [Asked(OVERALL)], "reason": "Raison", "due_at": now + SOON, **values}
    given["due_at"] = now if given["due_at"] == "now" else given["due_at"]
    with clock.set_to(now), pytest.raises(ComplementRefused) as refused:
        ask(application=application, actor=officer(), **given)
    assert list(refused.value.errors) == [field]
    assert not ComplementRequest.objects.exists() and not AuditEntry.objects.filter(action="complement.asked").exists()


def test_what_is_not_conforming_is_proposed(application):
    made = application.current_deposit
    assert proposed_items(made) == {}
    made.content["documents"] = [d for d in made.content["documents"] if d["requirement"] != "ADM_RI"]
    next(v for v in made.content["verdicts"] if v["rule"] == "self_financing")["status"] = "fail"
    assert set(proposed_items(made)) == {PIECE, "budget.lines"}


def test_cancelling_needs_a_reason_and_the_right(application, owner):
    asked = ask_for(application)
    for actor, reason in ((officer(), " "), (owner, "Non"), (make_user(roles=[Role.AUDITOR]), "Non")):
        with pytest.raises(ComplementRefused):
            cancel(request_id=asked.pk, reason=reason, actor=actor)
    assert ComplementRequest.objects.get().cancelled_at is None
    send_everything(asked, owner)
    with pytest.raises(ComplementRefused):
        cancel(request_id=asked.pk, reason="Trop tard", actor=officer())


# --- Scope --------------------------------------------------------------------------------------------------------------
def test_only_the_open_field_is_written_whatever_is_sent(application, owner):
    asked = ask_for(application)
    before = stored(application)
    forged = {
        **inputs_of()["strategie"],
        **NEW,
        "strategy-positioning": "Glissé",
        "series-members_y1": "999",
        "association-name_fr": "Autre",
    }
    save(asked=asked, step=STRATEGY, data=forged, actor=owner)
    after = stored(application)
    assert after["steps"]["strategie"]["strategy"].pop("overall") == "Une stratégie complétée."
    before["steps"]["strategie"]["strategy"].pop("overall")
    assert after == before


def test_only_the_open_line_of_a_grid_is_written(application, owner):
    asked = ask_for(application, LINE)
    before = stored(application)["steps"]["budget"]
    data = {
        "lines-staff_costs_y1": "1 000",
        "lines-staff_costs_y2": "2",
        "lines-rent_y1": "7",
        "note-comment": "Glissé",
        "lines-staff_costs_y3": "3",
    }
    save(asked=asked, step=STEPS_BY_SLUG["budget"], data=data, actor=owner)
    after = stored(application)["steps"]["budget"]
    assert after["lines"].pop("staff_costs") == ["1000.00", "2.00", "3.00", None, None]
    before["lines"].pop("staff_costs")
    assert after == before


def test_whole_table_takes_new_rows_and_gives_rows_up(application, owner):
    asked = ask_for(application, FEES)
    rows = STEPS_BY_SLUG["gouvernance"].part("fees")
    ids = [row.pk for row in dossier_of(application).rows(rows.model)]
    data = {"fees-TOTAL": str(len(ids) + 1), "governance-organisation": "Glissé"}
    data |= {f"fees-{n}-id": str(pk) for n, pk in enumerate(ids)} | {f"fees-{n}-DELETE": "on" for n in range(len(ids))}
    data |= {f"fees-{len(ids)}-{name}": value for name, value in (("category", "Jeunes pousses"), ("rule", "Forfait"), ("amount", "500"))}
    save(asked=asked, step=STEPS_BY_SLUG["gouvernance"], data=data, actor=owner)
    after = stored(application)["steps"]["gouvernance"]
    assert [row["category"] for row in after["fees"]] == ["Jeunes pousses"]
    assert after["governance"]["organisation"] != "Glissé"


def test_step_that_is_not_listed_stays_closed(application, owner):
    asked, before = ask_for(application), stored(application)
    with pytest.raises(DraftRefused):
        save(asked=asked, step=STEPS_BY_SLUG["territoire"], data=inputs_of("b-hydrogene")["territoire"], actor=owner)
    with pytest.raises(DraftRefused):
        save_step(application=application, step=STRATEGY, data=NEW, actor=owner)
    assert stored(application) == before


def test_only_the_open_piece_takes_a_file(application, owner):
    asked, before = ask_for(application), stored(application)["documents"]
    statutes = requirement(application, "ADM_STATUTS")
    with pytest.raises(DraftRefused):
        send_piece(asked=asked, requirement=statutes, upload=pdf_file(), actor=owner)
    with pytest.raises(DraftRefused):
        attach(application=application, requirement=requirement(application, "ADM_RI"), upload=pdf_file(), actor=owner)
    assert stored(application)["documents"] == before
    made = send_piece(asked=asked, requirement=requirement(application, "ADM_RI"), upload=pdf_file("nouveau.pdf", 2), actor=owner)
    after = {file["requirement"]: file["id"] for file in stored(application)["documents"]}
    assert after.pop("ADM_RI") == str(made.pk)
    assert after == {file["requirement"]: file["id"] for file in before if file["requirement"] != "ADM_RI"}


def test_stranger_and_staff_change_nothing(application):
    asked, before = ask_for(application), stored(application)
    for actor in (make_user(), officer()):
        with pytest.raises(DraftRefused):
            save(asked=asked, step=STRATEGY, data=NEW, actor=actor)
    assert stored(application) == before


def test_editor_completes_and_only_the_mandatary_sends(application, owner):
    asked, editor = ask_for(application, OVERALL), add_editor(application)
    save(asked=asked, step=STRATEGY, data=NEW, actor=editor)
    assert codes_of(sent, asked, editor) == ["not_allowed"]
    assert sent(asked, owner).sequence == 2


def test_stale_page_is_handed_back(application, owner):
    asked = ask_for(application)
    version = dossier_of(application).step_states["strategie"].version
    save(asked=asked, step=STRATEGY, data=NEW, actor=owner, version=version)
    with pytest.raises(StaleStep):
        save(asked=asked, step=STRATEGY, data={"strategy-overall": "Autre"}, actor=add_editor(application), version=version)
    assert stored(application)["steps"]["strategie"]["strategy"]["overall"] == NEW["strategy-overall"]


# --- Answering ----------------------------------------------------------------------------------------------------------
def send_everything(asked, owner, **kwargs):
    application = asked.application
    save(asked=asked, step=STRATEGY, data=NEW, actor=owner)
    send_piece(asked=asked, requirement=requirement(application, "ADM_RI"), upload=pdf_file("nouveau.pdf", 2), actor=owner)
    return sent(asked, owner, **kwargs)
