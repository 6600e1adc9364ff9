"""Writing a draft through the services: nothing typed is lost, nobody is overwritten unseen."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from applications.demonstration.samples import grid, rows
from applications.forms.conflicts import fingerprint
from applications.models import (
    Application,
    Association,
    BudgetDetail,
    BudgetLine,
    Collaborator,
    Identity,
    Member,
    Officer,
    RejectedInput,
    StepState,
    Territory,
)
from applications.queries import own_applications
from applications.services.drafts import (
    AlreadyStarted,
    DraftRefused,
    StaleRow,
    StaleStep,
    create_application,
    save_row,
    save_step,
)
from applications.services.rows import remove_row
from applications.steps import COMPLETE, IN_PROGRESS, STEPS_BY_SLUG, TO_CORRECT, TO_START, progress_of
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from .builders import deposited_application, dossier_of, filled_application, inputs_of
from .factories import add_editor, close, make_application, make_call, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def owner():
    return make_user()


@pytest.fixture
def application(owner):
    return make_application(user=owner)


def save(application, actor, slug, data, version=None):
    return save_step(application=application, step=STEPS_BY_SLUG[slug], data=data, actor=actor, version=version)


def state_of(application, slug):
    return {line.step.slug: line for line in progress_of(dossier_of(application))}[slug]


# --- Opening a dossier --------------------------------------------------------------------------------------------
def test_creating_makes_the_actor_mandatary_and_journals(owner):
    made = make_application(user=owner, name="Cluster Neuf")
    assert (made.status, made.number, made.association.name_fr) == ("draft", None, "Cluster Neuf")
    assert list(made.collaborators.values_list("user", "role")) == [(owner.pk, "mandatary")]
    assert list(AuditEntry.objects.filter(object_id=str(made.pk)).values_list("action", "after")) == [("application.created", "draft")]


def test_creating_twice_makes_one_dossier(owner):
    first = make_application(user=owner, name="Cluster Double")
    with pytest.raises(AlreadyStarted) as refused:
        create_application(call=first.call, association_name="cluster double", actor=owner)
    assert refused.value.application == first
    assert Application.objects.count() == Association.objects.count() == 1


@pytest.mark.parametrize("moments", [{"opens_at": 1, "deadline_at": 2}, {"opens_at": -2, "deadline_at": -1}])
def test_creating_in_a_call_that_is_not_open_is_refused(owner, moments):
    call = make_call(**{name: clock.now() + timedelta(days=days) for name, days in moments.items()})
    with pytest.raises(DraftRefused):
        create_application(call=call, association_name="Trop tôt", actor=owner)
    assert not Application.objects.exists() and not Association.objects.exists()


# --- Saving a step -----------------------------------------------------------------------------------------------
def test_whole_sample_makes_every_required_step_complete(owner):
    application = filled_application(user=owner)
    states = {line.step.slug: line.state for line in progress_of(dossier_of(application))}
    assert states.pop("argumentaire") == TO_START
    assert set(states.values()) == {COMPLETE}


@pytest.mark.parametrize("name", ["b-hydrogene", "c-agritech"])
def test_other_samples_fill_every_required_step(owner, name):
    application = filled_application(user=owner, name=name)
    assert {line.state for line in progress_of(dossier_of(application)) if not line.step.optional} == {COMPLETE}


def test_unreadable_inputs_are_kept_and_the_rest_is_saved(application, owner):
    data = {"identity-acronym": "CFATT", "identity-constitution_date": "31/02/2024", "identity-address": "Zone industrielle"}
    saved = save(application, owner, "identite", data)
    identity = Identity.objects.get(application=application)
    assert (identity.acronym, identity.address, identity.constitution_date) == ("CFATT", "Zone industrielle", None)
    assert list(RejectedInput.objects.values_list("slug", "key", "raw")) == [("identite", "identity.constitution_date", "31/02/2024")]
    assert [error.input_id for error in saved.errors] == ["id_identity-constitution_date"]
    assert state_of(application, "identite").state == TO_CORRECT


def test_unreadable_input_is_said_once_and_shown_again(application, owner):
    save(application, owner, "identite", {"identity-constitution_date": "hier"})
    about = [p for p in state_of(application, "identite").problems if p.input_id == "id_identity-constitution_date"]
    assert [problem.kind for problem in about] == ["invalid"]
    bound = STEPS_BY_SLUG["identite"].bind(dossier_of(application))
    field = bound.parts[1].form["constitution_date"]
    assert field.value() == "hier" and len(field.errors) == 1


def test_correcting_an_input_clears_what_was_kept(application, owner):
    save(application, owner, "identite", {"identity-constitution_date": "hier"})
    save(application, owner, "identite", {"identity-constitution_date": "16/05/2024"})
    assert not RejectedInput.objects.exists()
    assert Identity.objects.get().constitution_date.isoformat() == "2024-05-16"


def test_text_over_its_limit_is_kept_whole(application, owner):
    text = "é" * 5001
    save(application, owner, "territoire", {"territory-history": text})
    assert Territory.objects.get().history == ""
    assert RejectedInput.objects.get().raw == text


def test_very_long_text_is_kept_whole(application, owner):
    text = "ج" * 60_000
    save(application, owner, "territoire", {"territory-history": text})
    assert RejectedInput.objects.get().raw == text


def test_text_at_its_limit_is_saved(application, owner):
    text = "س" * 5000
    save(application, owner, "territoire", {"territory-history": text})
    assert Territory.objects.get().history == text
    assert not RejectedInput.objects.exists()


def test_half_valid_row_saves_its_valid_half(application, owner):
    data = rows("officers", [{"function": "president", "first_name": "Salma", "email": "pas-une-adresse", "phone": "12"}])
    save(application, owner, "identite", data)
    row = Officer.objects.get()
    assert (row.function, row.first_name, row.email, row.phone) == ("president", "Salma", "", "")
    assert dict(RejectedInput.objects.values_list("key", "raw")) == {
        f"officers.{row.pk}.email": "pas-une-adresse",
        f"officers.{row.pk}.phone": "12",
    }
    form = STEPS_BY_SLUG["identite"].bind(dossier_of(application)).parts[2].row_forms[0]
    assert (form["email"].value(), form["phone"].value()) == ("pas-une-adresse", "12")
    assert set(form.errors) == {"email", "phone"}


def test_ambiguous_amount_is_kept_as_typed_in_its_cell(application, owner):
    save(application, owner, "budget", {**grid("lines", {}), "lines-staff_costs_y1": "1.500", "lines-staff_costs_y2": "1 500,50"})
    line = BudgetLine.objects.get(heading__code="staff_costs")
    assert (line.y1, str(line.y2)) == (None, "1500.50")
    assert list(RejectedInput.objects.values_list("key", "raw")) == [("lines.staff_costs_y1", "1.500")]


def test_saving_A_then_B_then_A_shows_A(application, owner):
    for text in ("A", "B", "A"):
        save(application, owner, "identite", {"identity-acronym": text})
    assert STEPS_BY_SLUG["identite"].bind(dossier_of(application)).parts[1].form["acronym"].value() == "A"


def test_rows_are_added_changed_deleted_and_blank_ones_ignored(application, owner):
    save(application, owner, "gouvernance", rows("fees", [{"category": "Un"}, {}, {"category": "Deux"}]))
    one, two = fees_of(application)
    data = {**rows("fees", [{"id": one.pk, "category": "Un bis"}, {"id": two.pk, "DELETE": "on"}, {"category": "Trois"}])}
    save(application, owner, "gouvernance", data)
    assert [row.category for row in fees_of(application)] == ["Un bis", "Trois"]


def fees_of(application):
    return list(application.feerules.order_by("position"))


def test_row_left_out_of_what_is_sent_is_not_deleted(application, owner):
    save(application, owner, "gouvernance", rows("fees", [{"category": "Un"}, {"category": "Deux"}]))
    save(application, owner, "gouvernance", rows("fees", [{"id": fees_of(application)[0].pk, "category": "Un"}]))
    assert sorted(row.category for row in fees_of(application)) == ["Deux", "Un"]


def test_row_of_another_dossier_is_never_changed(application, owner):
    save(application, owner, "gouvernance", rows("fees", [{"category": "À eux"}]))
    stranger = make_user()
    other = make_application(call=application.call, user=stranger, name="Autre")
    save(other, stranger, "gouvernance", rows("fees", [{"id": fees_of(application)[0].pk, "category": "Pris"}]))
    assert [row.category for row in fees_of(application)] == ["À eux"]
    assert [row.category for row in fees_of(other)] == ["Pris"]


def test_part_that_is_not_sent_is_left_alone(application, owner):
    save(application, owner, "membres", rows("members", [{"name_fr": "X", "ice": "12"}]))
    kept = dict(RejectedInput.objects.values_list("key", "raw"))
    save(application, owner, "membres", {})
    assert dict(RejectedInput.objects.values_list("key", "raw")) == kept != {}
    assert Member.objects.count() == 1


def test_progress_of_an_untouched_and_a_started_step(application, owner):
    assert state_of(application, "start-up").state == TO_START
    save(application, owner, "start-up", {"startups-preparation": "Deux appels à idées par an."})
    assert state_of(application, "start-up").state == IN_PROGRESS


# --- Versions -------------------------------------------------------------------------------------------------------
def test_each_save_counts_and_says_who_and_when(application, owner):
    before = clock.now()
    first = save(application, owner, "identite", {}, version=0)
    second = save(application, owner, "identite", {}, version=1)
    assert (first.state.version, second.state.version) == (1, 2)
    assert second.state.saved_by == owner and second.state.saved_at >= before


def test_stale_version_writes_nothing(application, owner):
    editor = add_editor(application)
    save(application, editor, "identite", {"identity-acronym": "EUX", "identity-constitution_date": "demain"}, version=0)
    with pytest.raises(StaleStep) as stale:
        save(application, owner, "identite", {"identity-acronym": "MOI"}, version=0)
    assert (stale.value.state.saved_by, stale.value.state.version) == (editor, 1)
    assert Identity.objects.get().acronym == "EUX"
    assert RejectedInput.objects.get().raw == "demain"
    assert StepState.objects.get().version == 1


# --- Rows on their own page ------------------------------------------------------------------------------------------
def member(application, owner, **data):
    step = STEPS_BY_SLUG["membres"]
    inputs = {f"members-{name}": value for name, value in {"name_fr": "Filature", **data}.items()}
    return save_row(application=application, step=step, part=step.parts[0], row_id=None, data=inputs, actor=owner)


def test_row_page_pads_an_ice_and_only_warns_about_its_key(application, owner):
    row, form = member(application, owner, ice="1561191000065")
    assert row.ice == "001561191000065" and not form.errors and form.ice_warning
    row, form = member(application, owner, ice="1561191000066")
    assert row.ice == "001561191000066" and form.ice_warning == ""


def test_row_keeps_what_cannot_be_read_until_it_is_corrected(application, owner):
    row, form = member(application, owner, ice="12 34", fee="1.500")
    assert set(form.errors) == {"ice", "fee"} and (row.ice, row.fee) == ("", None)
    step = STEPS_BY_SLUG["membres"]
    shown = step.parts[0].bind_row(dossier_of(application), row)
    assert (shown["ice"].value(), shown["fee"].value()) == ("12 34", "1.500")
    assert state_of(application, "membres").state == TO_CORRECT
    data = {"members-name_fr": "Filature", "members-fee": "1500"}
    save_row(application=application, step=step, part=step.parts[0], row_id=row.pk, data=data, actor=owner)
    assert not RejectedInput.objects.exists()


def test_correcting_one_row_keeps_what_another_row_kept(application, owner):
    one, _form = member(application, owner, ice="12")
    other, _form = member(application, owner, ice="34")
    step = STEPS_BY_SLUG["membres"]
    save_row(application=application, step=step, part=step.parts[0], row_id=one.pk, data={"members-name_fr": "Un"}, actor=owner)
    assert list(RejectedInput.objects.values_list("key", "raw")) == [(f"members.{other.pk}.ice", "34")]
    remove_row(application=application, step=step, part=step.parts[0], row_id=other.pk, actor=owner)
    assert not RejectedInput.objects.exists() and list(Member.objects.all()) == [one]


def test_row_changed_meanwhile_is_not_overwritten(application, owner):
    row, _form = member(application, owner)
    step = STEPS_BY_SLUG["membres"]
    part = step.parts[0]
    seen = fingerprint(part.bind_row(dossier_of(application), row))
    change = {"application": application, "step": step, "part": part, "row_id": row.pk, "actor": owner, "seen": seen}
    save_row(**change, data={"members-name_fr": "Premier"})
    with pytest.raises(StaleRow):
        save_row(**change, data={"members-name_fr": "Second"})
    assert Member.objects.get().name_fr == "Premier"


def test_row_of_a_strangers_dossier_does_not_exist(application, owner):
    row, _form = member(application, owner)
    stranger = make_user()
    other = make_application(call=application.call, user=stranger, name="Autre")
    step = STEPS_BY_SLUG["membres"]
    with pytest.raises(Member.DoesNotExist):
        save_row(application=other, step=step, part=step.parts[0], row_id=row.pk, data={}, actor=stranger)
    assert Member.objects.get().name_fr == "Filature"


# --- Rights ---------------------------------------------------------------------------------------------------------------
def test_stranger_may_not_write(application):
    with pytest.raises(DraftRefused):
        save(application, make_user(), "identite", {"identity-acronym": "PRIS"})
    assert not Identity.objects.exists() and not StepState.objects.exists()


def test_editor_may_write(application):
    editor = add_editor(application)
    save(application, editor, "identite", {"identity-acronym": "ED"})
    assert Identity.objects.get().acronym == "ED"


def test_submitted_dossier_can_no_longer_be_written_after_the_deadline(owner):
    application, _deposit = deposited_application(user=owner)
    close(application.call)
    with pytest.raises(DraftRefused):
        save(application, owner, "identite", {"identity-acronym": "APRÈS"})
    assert Identity.objects.get().acronym == "CFATT"


def test_role_read_with_the_dossier_is_the_readers_own(application, owner):
    add_editor(application)
    mine = own_applications(owner).get()
    assert (mine.reader_id, mine.reader_role) == (owner.pk, "mandatary")


# --- Constraints of the database ----------------------------------------------------------------------------------------------
def violates(name, make):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make()
    # SQLite names the columns of a unique constraint, not the constraint itself.
    return name in str(error.value) or "UNIQUE" in str(error.value)


def test_constraint_application_one_per_association_and_call(application, owner):
    copy = {"association": application.association, "call": application.call, "created_by": owner}
    assert violates("application_one_per_association_and_call", lambda: Application.objects.create(**copy))


def test_constraint_application_submitted_has_number_and_date(application):
    submitted = Application.objects.filter(pk=application.pk)
    wrong = ({"status": "deposited"}, {"status": "deposited", "number": "CL-1"}, {"status": "selected", "deposited_at": clock.now()})
    for values in wrong:
        assert violates("application_submitted_has_number_and_date", lambda values=values: submitted.update(**values))


def test_constraint_application_withdrawn_has_date(application):
    rows = Application.objects.filter(pk=application.pk)
    deposited = {"number": "CL-1", "deposited_at": clock.now()}
    assert violates("application_withdrawn_has_date", lambda: rows.update(status="withdrawn", **deposited))
    assert violates("application_withdrawn_has_date", lambda: rows.update(withdrawn_at=clock.now()))


def test_constraint_application_number_unique(application, owner):
    other = make_application(call=application.call, user=owner, name="Autre")
    Application.objects.filter(pk=application.pk).update(number="CL-1")
    assert violates("applications_application_number_key", lambda: Application.objects.filter(pk=other.pk).update(number="CL-1"))


def test_constraint_collaborator_once_per_application(application, owner):
    again = {"application": application, "user": owner, "role": Collaborator.Role.EDITOR}
    assert violates("collaborator_once_per_application", lambda: Collaborator.objects.create(**again))


def test_constraint_collaborator_one_mandatary(application):
    second = {"application": application, "user": make_user(), "role": Collaborator.Role.MANDATARY}
    assert violates("collaborator_one_mandatary", lambda: Collaborator.objects.create(**second))


def test_constraint_step_state_once(application, owner):
    values = {"application": application, "slug": "identite", "saved_at": clock.now(), "saved_by": owner}
    StepState.objects.create(**values)
    assert violates("step_state_once", lambda: StepState.objects.create(**values))


def test_constraint_rejected_input_once(application):
    values = {"application": application, "slug": "identite", "key": "identity.website", "raw": "x"}
    RejectedInput.objects.create(**values)
    assert violates("rejected_input_once", lambda: RejectedInput.objects.create(**values))


def test_saving_the_same_step_twice_makes_no_second_row(application, owner):
    for _time in range(2):
        save(application, owner, "budget", inputs_of()["budget"] | {"details-TOTAL": "0"})
    assert BudgetLine.objects.count() == application.call.budget_headings.count()
    assert BudgetDetail.objects.count() == 0
