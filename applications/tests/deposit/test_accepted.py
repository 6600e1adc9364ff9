"""A deposit that is accepted, to the second, with its number; what the database holds."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from applications.models import Application, Association, Deposit, DepositCounter, Member
from applications.services.deposit import DepositRefused, deposit
from applications.steps import STEPS
from clusters_portal.audit.journal import first_fault
from clusters_portal.audit.models import AppendOnlyError, AuditEntry
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.notifications.models import Notice

from ..builders import DECLARATION, deposited_application, filled_application
from ..factories import add_editor, make_application, make_call
from .helpers import CLOSING, refusals, untouched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# --- Accepted -----------------------------------------------------------------------------------------------------------
def test_deposit_numbers_freezes_journals_and_tells(application, owner, django_capture_on_commit_callbacks):
    editor = add_editor(application)
    with django_capture_on_commit_callbacks(execute=True):
        made = deposit(application=application, declaration=DECLARATION, actor=owner)
    application = Application.objects.get(pk=application.pk)
    number = f"{application.call.number_prefix}-0001"
    assert (application.status, application.number, application.deposited_at) == ("deposited", number, made.received_at)
    assert (made.number, made.sequence, made.deadline_at, made.deposited_by) == (number, 1, application.call.deadline_at, owner)
    assert (made.name_fr, made.acronym, made.region, made.nma_section) == ("Cluster Fil-Atlas Textiles Techniques", "CFATT", "MA-06", "C")
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert "application.deposit" in actions and first_fault() == ""
    assert set(Notice.objects.values_list("recipient", flat=True)) == {owner.pk, editor.pk}
    assert {to for message in mail.outbox for to in message.to} == {owner.email, editor.email}
    assert all(number in message.subject + message.body for message in mail.outbox)


def test_snapshot_is_canonical_and_its_hash_is_its_own(application, owner):
    made = deposit(application=application, declaration=DECLARATION, actor=owner)
    assert made.sha256 == sha256_hex(made.snapshot)
    assert canonical_json(json.loads(made.snapshot)) == made.snapshot


def test_snapshot_holds_everything_in_the_dossier(application, owner):
    content = deposit(application=application, declaration=DECLARATION, actor=owner).content
    assert content["application"] == {"id": str(application.pk), "number": f"{application.call.number_prefix}-0001", "sequence": 1}
    assert set(content["steps"]) == {step.slug for step in STEPS}
    assert len(content["steps"]["membres"]["members"]) == 32
    assert content["steps"]["budget"]["lines"]["staff_costs"] == ["720000.00", "760000.00", "800000.00", "840000.00", "880000.00"]
    assert content["steps"]["budget"]["details"][1]["heading"] == "other_income"
    assert content["steps"]["territoire"]["territory"]["core_regions"] == ["MA-06"]
    assert {d["requirement"]: d["sha256"] for d in content["documents"]} == {
        d.requirement.code: d.sha256 for d in application.documents.select_related("requirement")
    }
    assert {v["rule"]: (v["status"], v["figures"]) for v in content["verdicts"]}["members"] == ("pass", ["22", "1", "15"])
    assert content["call"]["terms"]["min_members"] == 15
    assert content["declaration"] == {**DECLARATION, "accepted_at": content["received_at"]}
    assert content["deposited_by"] == {"name": owner.get_full_name(), "email": owner.email}


def test_what_changes_afterwards_does_not_change_the_deposit(application, owner):
    made = deposit(application=application, declaration=DECLARATION, actor=owner)
    Association.objects.filter(pk=application.association_id).update(name_fr="Autre nom")
    Member.objects.filter(application=application).delete()
    again = Deposit.objects.get(pk=made.pk)
    assert (again.snapshot, again.sha256, again.name_fr) == (made.snapshot, made.sha256, "Cluster Fil-Atlas Textiles Techniques")


# --- To the second --------------------------------------------------------------------------------------------------------
@pytest.fixture
def closing(owner):
    call = make_call()
    application = filled_application(call=call, user=owner)
    type(call).objects.filter(pk=call.pk).update(
        published_at=CLOSING - timedelta(days=60), opens_at=CLOSING - timedelta(days=60), deadline_at=CLOSING
    )
    return application


@pytest.mark.parametrize("offset", [timedelta(seconds=-1), timedelta(0), timedelta(milliseconds=900)])
def test_deposit_until_the_last_second_is_accepted(closing, owner, offset):
    made = deposit(application=closing, declaration=DECLARATION, actor=owner, clock=lambda: CLOSING + offset)
    assert (made.received_at, made.deadline_at) == (CLOSING + offset, CLOSING)


@pytest.mark.parametrize("offset", [timedelta(seconds=1), timedelta(minutes=5), timedelta(days=30)])
def test_deposit_after_the_last_second_is_refused_and_kept_as_evidence(closing, owner, offset):
    with pytest.raises(DepositRefused) as refused:
        deposit(application=closing, declaration=DECLARATION, actor=owner, clock=lambda: CLOSING + offset)
    assert [obstacle.code for obstacle in refused.value.obstacles] == ["closed"]
    assert "28 July 2026 at 15:00" in refused.value.obstacles[0].sentence
    assert untouched(closing) and refusals(closing) == [["closed"]]


def test_deposit_before_the_opening_is_refused(closing, owner):
    with pytest.raises(DepositRefused) as refused:
        deposit(application=closing, declaration=DECLARATION, actor=owner, clock=lambda: CLOSING - timedelta(days=61))
    assert [obstacle.code for obstacle in refused.value.obstacles] == ["not_open"]
    assert untouched(closing)


def test_deadline_extended_meanwhile_counts(closing, owner):
    stale = Application.objects.select_related("call").get(pk=closing.pk)
    type(closing.call).objects.filter(pk=closing.call_id).update(deadline_at=CLOSING + timedelta(days=1))
    made = deposit(application=stale, declaration=DECLARATION, actor=owner, clock=lambda: CLOSING + timedelta(hours=1))
    assert made.deadline_at == CLOSING + timedelta(days=1)


# --- Numbers ------------------------------------------------------------------------------------------------------------------
def test_second_deposit_gives_the_same_receipt(application, owner):
    first = deposit(application=application, declaration=DECLARATION, actor=owner)
    assert deposit(application=application, declaration=DECLARATION, actor=owner) == first
    assert Deposit.objects.count() == 1 and DepositCounter.objects.get().last == 1


def test_numbers_follow_each_other_in_each_call(owner):
    one, two = make_call("un", prefix="CL-UN"), make_call("deux", prefix="CL-DEUX")
    made = [
        deposited_application(call=call, user=owner, name=name)[1].number
        for call, name in ((one, "a-textile"), (two, "a-textile"), (one, "b-hydrogene"), (one, "c-agritech"))
    ]
    assert made == ["CL-UN-0001", "CL-DEUX-0001", "CL-UN-0002", "CL-UN-0003"]


def test_refused_attempt_uses_no_number(application, owner):
    empty = make_application(call=application.call, user=owner, name="Vide")
    with pytest.raises(DepositRefused):
        deposit(application=empty, declaration=DECLARATION, actor=owner)
    assert deposit(application=application, declaration=DECLARATION, actor=owner).number.endswith("-0001")


# --- Constraints ----------------------------------------------------------------------------------------------------------------
def copy_of(made, **values):
    names = [f.attname for f in Deposit._meta.concrete_fields if f.attname != "id"]
    return Deposit(**{**{name: getattr(made, name) for name in names}, **values})


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("deposit_sequence_once", {"number": "CL-AUTRE-0001"}),
        ("deposit_number_once", {"application_id": None}),
        ("deposit_has_snapshot", {"sequence": 2, "snapshot": ""}),
    ],
)
def test_constraint_of_a_deposit(application, owner, name, values):
    made = deposit(application=application, declaration=DECLARATION, actor=owner)
    if "application_id" in values:
        values = {"application_id": make_application(call=application.call, user=owner, name="Autre").pk}
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        copy_of(made, **values).save()
    # SQLite names the columns of a unique constraint, not the constraint itself.
    assert name in str(error.value) or ("UNIQUE" in str(error.value) and name.split("_")[1] in str(error.value))
    assert Deposit.objects.count() == 1


def test_deposit_is_never_changed_nor_deleted(application, owner):
    made = deposit(application=application, declaration=DECLARATION, actor=owner)
    for act in (made.save, made.delete, Deposit.objects.all().delete, lambda: Deposit.objects.update(number="X")):
        with pytest.raises(AppendOnlyError):
            act()
    assert Deposit.objects.get().number == made.number
