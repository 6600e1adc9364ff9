"""A row of a table copied, moved, removed and put back: exactly, by the right person, from the page itself."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.demonstration.samples import rows
from applications.models import Action, BoardMember, FeeRule, Member, Officer, RejectedInput, RemovedRow, StepState
from applications.services.drafts import DraftRefused, save_row, save_step
from applications.services.rows import RowActRefused, copy_row, move_row, put_back, remove_row
from applications.steps import STEPS, STEPS_BY_SLUG
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from .builders import deposited_application, fill
from .factories import add_editor, make_application, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TABLES = [(step, part) for step in STEPS for part in step.parts if hasattr(part, "bind_row")]


@pytest.fixture
def application(owner):
    return make_application(user=owner)


@pytest.fixture
def known(application, owner):
    """What every act on a member is told."""
    step = STEPS_BY_SLUG["membres"]
    return {"application": application, "step": step, "part": step.part("members"), "actor": owner}


def add(known, **values):
    data = {f"members-{name}": value for name, value in values.items()}
    return save_row(**known, row_id=None, data=data)[0]


def names(application):
    return [member.name_fr for member in Member.objects.filter(application=application)]


def content(application):
    """Everything an act may touch but the counts of saves and the journal."""
    tables = [list(part.model.objects.filter(application=application).values()) for _step, part in TABLES]
    return tables, sorted(RejectedInput.objects.values_list("key", "raw"))


# --- Copied ------------------------------------------------------------------------------------------------------------
def test_copy_stands_under_its_row_without_its_ice_and_says_what_it_is(application, known):
    first = add(known, name_fr="Filature", category="company", ice="990000001000040", fee="25 000", joined_on="12/03/2024")
    add(known, name_fr="Tissage")
    copied = copy_row(**known, row_id=first.pk)
    assert names(application) == ["Filature", "Filature (copy)", "Tissage"]
    copied.refresh_from_db()
    first.refresh_from_db()
    assert (copied.ice, copied.fee, copied.category, copied.joined_on) == ("", Decimal(25_000), "company", first.joined_on)
    assert first.ice == "990000001000040" and [m.position for m in Member.objects.all()] == [0, 1, 2]


def test_copy_of_a_long_name_keeps_within_the_column(known):
    copied = copy_row(**known, row_id=add(known, name_fr="x" * 200).pk)
    assert len(copied.name_fr) == 200 and copied.name_fr.endswith("x (copy)")


def test_copy_keeps_what_could_not_be_read_but_the_ice(known):
    row = add(known, name_fr="Filature", ice="12", fee="beaucoup")
    copied = copy_row(**known, row_id=row.pk)
    kept = dict(RejectedInput.objects.values_list("key", "raw"))
    assert kept == {f"members.{row.pk}.ice": "12", f"members.{row.pk}.fee": "beaucoup", f"members.{copied.pk}.fee": "beaucoup"}


def test_copy_of_a_person_leaves_the_person_out(application, owner):
    fill(application, actor=owner, pieces=False)
    step = STEPS_BY_SLUG["identite"]
    row = Officer.objects.first()
    copied = copy_row(application=application, step=step, part=step.part("officers"), row_id=row.pk, actor=owner)
    assert (copied.first_name, copied.last_name, copied.email, copied.phone) == ("", "", "", "")
    assert (copied.function, copied.organisation) == (row.function, row.organisation)


def test_full_table_takes_no_copy_and_changes_nothing(application, known, monkeypatch):
    monkeypatch.setattr("applications.services.rows.MAX_ROWS", 1)
    row = add(known, name_fr="Filature")
    before = content(application)
    with pytest.raises(RowActRefused, match="at most"):
        copy_row(**known, row_id=row.pk)
    assert content(application) == before


# --- Moved -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("index", "by", "place", "order"),
    [(0, 1, 2, "bac"), (2, -1, 2, "acb"), (0, -1, 1, "abc"), (2, 1, 3, "abc"), (0, 2, 3, "bca")],
)
def test_move_says_where_the_row_is_and_keeps_every_other_row(application, known, index, by, place, order):
    ids = [add(known, name_fr=letter).pk for letter in "abc"]
    assert move_row(**known, row_id=ids[index], by=by) == (place, 3)
    assert "".join(names(application)) == order
    assert sorted(Member.objects.values_list("pk", flat=True)) == ids


# --- Removed and put back ------------------------------------------------------------------------------------------------
def test_row_of_every_table_comes_back_as_it_was(application, owner):
    fill(application, actor=owner, pieces=False)
    for step, part in TABLES:
        row = part.model.objects.first() or part.model.objects.create(application=application)
        key = f"{part.key}.{row.pk}."
        RejectedInput.objects.create(application=application, slug=step.slug, key=f"{key}fee", raw="beaucoup")
        before, known = content(application), {"application": application, "step": step, "part": part, "actor": owner}
        for row in list(part.model.objects.all())[:3]:
            removed = remove_row(**known, row_id=row.pk)
            assert not part.model.objects.filter(pk=row.pk).exists()
            assert not RejectedInput.objects.filter(key__startswith=f"{part.key}.{row.pk}.").exists()
            assert put_back(**known, removed_id=removed.pk) == row
            assert content(application) == before
    assert not RemovedRow.objects.exists()


def test_several_rows_come_back_in_any_order(application, known):
    ids = [add(known, name_fr=letter).pk for letter in "abcd"]
    removed = [remove_row(**known, row_id=row_id) for row_id in ids[1:3]]
    assert names(application) == ["a", "d"]
    for each in removed:
        put_back(**known, removed_id=each.pk)
    assert sorted(names(application)) == ["a", "b", "c", "d"] and [m.position for m in Member.objects.all()] == [0, 1, 2, 3]


def test_undo_has_its_time_and_forgets_what_is_too_old(application, known):
    removed = remove_row(**known, row_id=add(known, name_fr="Filature").pk)
    other = add(known, name_fr="Tissage")
    with clock.set_to(clock.now() + timedelta(hours=1, seconds=1)):
        with pytest.raises(RowActRefused, match="more than an hour ago"):
            put_back(**known, removed_id=removed.pk)
        remove_row(**known, row_id=other.pk)
        assert [row.name for row in RemovedRow.objects.all()] == ["Tissage"]
    assert names(application) == []


def test_undo_is_for_the_person_the_dossier_and_the_table(application, known, owner):
    removed = remove_row(**known, row_id=add(known, name_fr="Filature").pk)
    colleague, other = add_editor(application), make_application(call=application.call, user=owner, name="Autre")
    board = STEPS_BY_SLUG["gouvernance"]
    wrong = [{"actor": colleague}, {"application": other}, {"step": board, "part": board.part("board")}]
    for change in wrong:
        with pytest.raises(RowActRefused):
            put_back(**{**known, **change}, removed_id=removed.pk)
    with pytest.raises(DraftRefused):
        put_back(**{**known, "actor": make_user()}, removed_id=removed.pk)
    assert not Member.objects.exists() and RemovedRow.objects.get() == removed


def test_undo_works_once(application, known):
    removed = remove_row(**known, row_id=add(known, name_fr="Filature").pk)
    put_back(**known, removed_id=removed.pk)
    with pytest.raises(RowActRefused):
        put_back(**known, removed_id=removed.pk)
    assert names(application) == ["Filature"]


def test_each_act_is_a_save_of_its_step_and_a_line_of_the_journal(known):
    row = add(known, name_fr="Filature")
    other = add(known, name_fr="Tissage")
    version = StepState.objects.get().version
    copy_row(**known, row_id=row.pk)
    move_row(**known, row_id=row.pk, by=1)
    put_back(**known, removed_id=remove_row(**known, row_id=other.pk).pk)
    assert StepState.objects.get().version == version + 4
    acts = AuditEntry.objects.filter(action__startswith="application.row_").order_by("pk")
    assert [(entry.action.removeprefix("application.row_"), entry.data["name"]) for entry in acts] == [
        ("copied", "Filature (copy)"), ("moved", "Filature"), ("removed", "Tissage"), ("put_back", "Tissage"),
    ]  # fmt: skip
    assert {entry.data["table"] for entry in acts} == {"members"}


# --- Refused -----------------------------------------------------------------------------------------------------------
def test_deposited_dossier_after_the_deadline_and_a_stranger_change_nothing(owner):
    application, _deposit = deposited_application(user=owner)
    step = STEPS_BY_SLUG["membres"]
    row = Member.objects.first()
    known = {"application": application, "step": step, "part": step.part("members")}
    before = content(application), AuditEntry.objects.count()
    for actor in (owner, make_user()):
        with clock.set_to(application.call.deadline_at + timedelta(seconds=1)):
            for act, further in ((copy_row, {}), (move_row, {"by": 1}), (remove_row, {})):
                with pytest.raises(DraftRefused):
                    act(**known, row_id=row.pk, actor=actor, **further)
    assert (content(application), AuditEntry.objects.count()) == before


def test_row_of_another_dossier_does_not_exist(application, known, owner):
    row = add(known, name_fr="Filature")
    other = make_application(call=application.call, user=owner, name="Autre")
    before = content(application)
    for act, further in ((copy_row, {}), (move_row, {"by": 1}), (remove_row, {})):
        with pytest.raises(Member.DoesNotExist):
            act(**{**known, "application": other}, row_id=row.pk, **further)
    assert content(application) == before


# --- Pages ---------------------------------------------------------------------------------------------------------------
def page_of(application, slug, name="step", *args):
    return reverse(f"applications:{name}", args=[application.pk, slug, *args])


def press(client, application, act, **headers):
    return client.post(page_of(application, "membres", "row_act"), {"act": act}, **headers)


def test_member_is_removed_from_the_table_and_put_back_by_the_message(client, application, known):
    row = add(known, name_fr="Filature", fee="beaucoup")
    add(known, name_fr="Tissage")
    before = content(application)
    answer = press(client, application, f"remove:members-{row.pk}")
    assert answer["Location"] == page_of(application, "membres") + "#removed"
    assert names(application) == ["Tissage"]
    removed = RemovedRow.objects.get()
    undo = page_of(application, "membres", "row_put_back", removed.pk)
    for _visit in range(2):  # the way back survives a change of page
        text = client.get(page_of(application, "membres")).content.decode()
        assert undo in text and "has been removed" in text
        client.get(reverse("applications:task_list", args=[application.pk]))
    answer = client.post(undo, {"part": "members"}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["“Filature” is back in its place."]
    assert content(application) == before
    assert "has been removed" not in client.get(page_of(application, "membres")).content.decode()


def test_undo_after_the_dossier_was_closed_says_so(client, owner):
    application, _deposit = deposited_application(user=owner)
    step, row = STEPS_BY_SLUG["membres"], Member.objects.first()
    removed = remove_row(application=application, step=step, part=step.part("members"), row_id=row.pk, actor=owner)
    with clock.set_to(application.call.deadline_at + timedelta(seconds=1)):
        RemovedRow.objects.update(removed_at=clock.now())
        before = content(application)
        answer = client.post(page_of(application, "membres", "row_put_back", removed.pk), {"part": "members"})
    assert answer.status_code == 409 and "can no longer be changed" in answer.context["refusal"]
    assert answer.context["refusal"] in answer.content.decode().replace("&#x27;", "'")
    assert content(application) == before


def test_member_is_copied_and_moved_from_the_table(client, application, known):
    row = add(known, name_fr="Filature")
    add(known, name_fr="Tissage")
    answer = press(client, application, f"copy:members-{row.pk}")
    copied = Member.objects.get(name_fr="Filature (copy)")
    assert answer["Location"] == page_of(application, "membres") + f"#members-row-{copied.pk}"
    answer = press(client, application, f"down:members-{copied.pk}", HTTP_ACCEPT="application/json")
    assert answer.json() == {"sentence": "The row is now in place 3 of 3."}
    assert names(application) == ["Filature", "Tissage", "Filature (copy)"]


@pytest.mark.parametrize("act", ["", "up", "up:members-0", "up:members-x", "burn:members-1", "up:officers-1", "up:board-1"])
def test_act_that_no_button_says_is_404(client, application, known, act):
    add(known, name_fr="Filature")
    before = content(application)
    assert press(client, application, act).status_code == 404
    assert content(application) == before
    assert client.get(page_of(application, "membres", "row_act")).status_code == 405


def test_act_on_a_row_of_the_form_saves_the_form_first(client, application, owner):
    data = rows("board", [{"last_name": "Un"}, {"last_name": "Deux", "organisation": "Atelier"}, {"last_name": ""}])
    answer = client.post(page_of(application, "gouvernance"), {"version": "0", **data, "act": "up:board-1"})
    assert answer["Location"] == page_of(application, "gouvernance") + "#board-0"
    assert [row.last_name for row in BoardMember.objects.all()] == ["Deux", "Un"]
    ids = dict(BoardMember.objects.values_list("last_name", "pk"))
    data = rows("board", [{"id": ids["Deux"], "last_name": "Deux bis"}, {"id": ids["Un"], "last_name": "Un"}])
    version = StepState.objects.get().version
    answer = client.post(page_of(application, "gouvernance"), {"version": version, **data, "act": "remove:board-0"})
    assert answer["Location"].endswith("#removed")
    assert [row.last_name for row in BoardMember.objects.all()] == ["Un"]
    removed = RemovedRow.objects.get()
    assert removed.name == "Deux bis"
    client.post(page_of(application, "gouvernance", "row_put_back", removed.pk), {"part": "board"})
    assert [row.last_name for row in BoardMember.objects.all()] == ["Deux bis", "Un"]


def test_act_on_an_empty_row_saves_the_form_and_nothing_else(client, application):
    data = rows("fees", [{"category": "Un"}, {"category": ""}])
    answer = client.post(page_of(application, "gouvernance"), {"version": "0", **data, "act": "remove:fees-1"})
    assert answer["Location"] == page_of(application, "gouvernance") + "#fees"
    assert [row.category for row in FeeRule.objects.all()] == ["Un"] and not RemovedRow.objects.exists()


def test_act_on_a_stale_form_is_not_done(client, application, owner):
    save_step(application=application, step=STEPS_BY_SLUG["plan-action"], data=rows("actions", [{"title": "Salon"}]), actor=owner)
    row = Action.objects.get()
    before = content(application)
    data = rows("actions", [{"id": row.pk, "title": "Salon bis"}])
    answer = client.post(page_of(application, "plan-action"), {"version": "0", **data, "act": "remove:actions-0"})
    assert answer.status_code == 409 and "Salon bis" in answer.content.decode()
    assert content(application) == before


def test_two_hundred_members_cost_what_one_does(client, application, owner):
    counts = []
    for number in (1, 200):
        data = rows("members", [{"name_fr": f"Membre {n}", "category": "company", "engagement": "engaged"} for n in range(number)])
        save_step(application=application, step=STEPS_BY_SLUG["membres"], data=data, actor=owner)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(page_of(application, "membres"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10
    assert page.content.count(b'value="copy:members-') == 201
    row = Member.objects.order_by("-position").first()
    with CaptureQueriesContext(connection) as queries:
        press(client, application, f"up:members-{row.pk}")
    assert len(queries) <= 20


def test_fees_are_totalled_under_their_column(client, application, known):
    for fee in ("10 000", "2 500,50", ""):
        add(known, name_fr=f"M{fee}", fee=fee)
    page = client.get(page_of(application, "membres"))
    assert page.context["fee_total"] == Decimal("12500.50")
