"""Opening a dossier and saving its steps: half-finished and invalid values are kept."""

from datetime import timedelta

import pytest

from applications.demonstration.samples import grid, rows
from applications.models import (
    Application,
    Association,
    BudgetLine,
    Identity,
    Member,
    Officer,
    RejectedInput,
    Territory,
)
from applications.services.drafts import (
    AlreadyStarted,
    DraftRefused,
    create_application,
)
from applications.steps import COMPLETE, IN_PROGRESS, STEPS_BY_SLUG, TO_CORRECT, TO_START, progress_of
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from ..builders import dossier_of, filled_application
from ..factories import make_application, make_call, make_user
from .helpers import save, state_of

pytestmark = pytest.mark.django_db


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
