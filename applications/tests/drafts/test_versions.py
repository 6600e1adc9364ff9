"""Versions of steps and rows, who may write a draft, what the database holds."""

import pytest
from django.db import IntegrityError, transaction

from applications.forms.conflicts import fingerprint
from applications.models import (
    Application,
    BudgetDetail,
    BudgetLine,
    Collaborator,
    Identity,
    Member,
    RejectedInput,
    StepState,
)
from applications.queries import own_applications
from applications.services.drafts import (
    DraftRefused,
    StaleRow,
    StaleStep,
    save_row,
)
from applications.services.rows import remove_row
from applications.steps import STEPS_BY_SLUG, TO_CORRECT
from clusters_portal.lib import clock

from ..builders import deposited_application, dossier_of, inputs_of
from ..factories import add_editor, close, make_application, make_user
from .helpers import save, state_of

pytestmark = pytest.mark.django_db


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
