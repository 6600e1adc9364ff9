"""The deposit (clause 2.2): to the second, all or nothing, one number, everything frozen."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application, Association, Deposit, DepositCounter, Member
from applications.services.deposit import DepositRefused, deposit, obstacles_of
from applications.services.documents import attach
from applications.services.drafts import save_step
from applications.steps import STEPS, STEPS_BY_SLUG
from clusters_portal.audit.journal import first_fault
from clusters_portal.audit.models import AppendOnlyError, AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.notifications.models import Notice, OutgoingMail

from .builders import DECLARATION, deposited_application, dossier_of, filled_application, inputs_of
from .factories import add_editor, make_application, make_call, make_user, pdf_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
FORM = {**DECLARATION, "accept": "on", "other_documents": ""}
CLOSING = datetime(2026, 7, 28, 14, 0, 0, tzinfo=UTC)  # 15:00 in Casablanca, then at +01


@pytest.fixture
def application(owner):
    return filled_application(user=owner)


def address(application, name):
    return reverse(f"applications:{name}", args=[application.pk])


def untouched(application):
    """Nothing of a deposit is there."""
    application = Application.objects.get(pk=application.pk)
    state = (application.status, application.number, application.deposited_at)
    left = (Deposit.objects.count(), DepositCounter.objects.count(), Notice.objects.count(), OutgoingMail.objects.count())
    return state == ("draft", None, None) and left == (0, 0, 0, 0)


def refusals(application):
    entries = AuditEntry.objects.filter(object_id=str(application.pk), action="application.deposit_refused")
    return [entry.data["codes"] for entry in entries]


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


# --- Refused ----------------------------------------------------------------------------------------------------------------
def refused_codes(application, actor):
    with pytest.raises(DepositRefused) as refused:
        deposit(application=application, declaration=DECLARATION, actor=actor)
    assert untouched(application)
    codes = sorted({obstacle.code for obstacle in refused.value.obstacles})
    assert refusals(application) == [codes]
    return codes


def test_empty_draft_is_refused(owner):
    assert refused_codes(make_application(user=owner), owner) == [
        "B1", "B3", "constitution_date", "incomplete", "members", "qualifying", "self_financing",
    ]  # fmt: skip


def test_fourteen_members_are_refused(application, owner):
    engaged = Member.objects.filter(application=application, engagement="engaged").order_by("position")
    Member.objects.filter(pk__in=[member.pk for member in engaged[14:]]).update(engagement="potential")
    assert refused_codes(application, owner) == ["members"]


def test_share_just_under_the_threshold_is_refused(application, owner):
    qualifying = Member.objects.filter(application=application, engagement="engaged", qualifies=True)
    Member.objects.filter(pk__in=[member.pk for member in qualifying[:2]]).update(qualifies=False)  # 13/22 = 59,09 %
    assert refused_codes(application, owner) == ["qualifying"]


def test_missing_piece_is_refused_and_points_at_its_step(application, owner):
    application.documents.filter(requirement__code="ADM_RI").update(replaced_at=clock.now())
    assert refused_codes(application, owner) == ["incomplete"]
    assert [obstacle.step for obstacle in obstacles_of(dossier_of(application))] == ["pieces"]


def test_unreadable_input_is_refused(application, owner):
    data = inputs_of()["identite"] | {"identity-website": "x" * 201}
    # Rows are already stored: only the forms of the step are sent.
    data = {name: value for name, value in data.items() if not name.startswith(("officers", "support"))}
    save_step(application=application, step=STEPS_BY_SLUG["identite"], data=data, actor=owner)
    assert refused_codes(application, owner) == ["incomplete"]


def test_deficit_without_a_comment_is_refused_and_passes_with_one(application, owner):
    line = application.budget_lines.get(heading__code="staff_costs")
    line.y2 += 1
    line.save()
    assert refused_codes(application, owner) == ["B7"]
    data = {**_budget(application), "note-comment": "Avance de trésorerie"}
    save_step(application=application, step=STEPS_BY_SLUG["budget"], data=data, actor=owner)
    assert deposit(application=application, declaration=DECLARATION, actor=owner).number


def _budget(application):
    stored = STEPS_BY_SLUG["budget"].bind(dossier_of(application))
    return {f"lines-{name}": stored.parts[0].form[name].value() for name in stored.parts[0].form.fields}


def test_threshold_that_only_warns_does_not_refuse(application, owner):
    type(application.call).objects.filter(pk=application.call_id).update(members_severity="warn", min_members=200)
    assert deposit(application=application, declaration=DECLARATION, actor=owner).number


def test_editor_and_stranger_may_not_deposit(application):
    for actor in (add_editor(application), make_user()):
        with pytest.raises(DepositRefused) as refused:
            deposit(application=application, declaration=DECLARATION, actor=actor)
        assert [obstacle.code for obstacle in refused.value.obstacles] == ["not_allowed"]
    assert untouched(application) and len(refusals(application)) == 2


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


# --- Pages --------------------------------------------------------------------------------------------------------------------------
def test_check_page_links_each_obstacle_to_its_step(client, owner):
    application = make_application(user=owner)
    page = client.get(address(application, "check"))
    assert page.status_code == 200 and address(application, "declare") not in page.content.decode()
    assert {url for url, _label, _sentence in page.context["obstacles"] if url} == {
        reverse("applications:step", args=[application.pk, step.slug]) for step in STEPS if not step.optional
    }


def test_check_page_of_a_ready_dossier_leads_to_the_declaration(client, application):
    text = client.get(address(application, "check")).content.decode()
    assert address(application, "declare") in text and "Filature Atlas Technique" in text
    assert "Ready to submit — NOT SUBMITTED" in text


def test_declaration_is_prefilled_in_the_annex_wording(client, application, owner):
    other = application.call.document_requirements.get(code="OTHER")
    attach(application=application, requirement=other, upload=pdf_file(), actor=owner, label="Lettre")
    client.cookies["portal_language"] = "fr"
    page = client.get(address(application, "declare"))
    initial = page.context["form"].initial
    names = [initial[name] for name in ("first_name", "last_name", "quality_association")]
    assert names == ["Youssef", "Tahiri", "Président de l'association"]
    assert initial["other_documents"] == "Lettre"
    assert [sent for _text, sent in page.context["boxes"]] == [True, True, True, True]
    text = page.content.decode().replace("&#x27;", "'")
    assert "Atteste avoir lu et accepté le cahier des charges de l'appel à projets ;" in text


def test_declaring_deposits_and_leads_to_the_receipt(client, application):
    answer = client.post(address(application, "declare"), FORM)
    assert (answer.status_code, answer["Location"]) == (302, address(application, "receipt"))
    made = Deposit.objects.get()
    text = client.get(answer["Location"]).content.decode()
    assert made.number in text and clock.format_moment(made.received_at, "en") in text and made.sha256 in text
    for lang in ("fr", "ar"):
        assert reverse("applications:receipt_pdf", args=[application.pk, lang]) in text
    declared = made.content["declaration"]
    assert declared["sent"] == ["declaration", "administrative", "technical"]
    assert declared["wording"]["exact"].startswith("And declare on my honour")
    assert declared["date"] == clock.today(made.received_at).isoformat()


def test_declaring_twice_leads_to_the_same_receipt(client, application):
    answers = [client.post(address(application, "declare"), FORM) for _click in range(2)]
    assert {answer["Location"] for answer in answers} == {address(application, "receipt")}
    assert Deposit.objects.count() == 1


@pytest.mark.parametrize("missing", ["accept", "civility", "place", "quality_organisation", "first_name"])
def test_declaration_without_an_answer_deposits_nothing_and_keeps_the_rest(client, application, missing):
    page = client.post(address(application, "declare"), {name: value for name, value in FORM.items() if name != missing})
    assert page.status_code == 200 and list(page.context["form"].errors) == [missing]
    assert 'value="Tahiri"' in page.content.decode() and untouched(application)


def test_refused_deposit_shows_why_and_keeps_the_declaration(client, application):
    application.documents.filter(requirement__code="ADM_RI").update(replaced_at=clock.now())
    page = client.post(address(application, "declare"), FORM)
    assert page.status_code == 409 and untouched(application)
    assert [url for url, _label, _sentence in page.context["refused"]] == [reverse("applications:step", args=[application.pk, "pieces"])]
    assert 'value="Nouaceur"' in page.content.decode()


def test_declaration_of_an_unfinished_dossier_leads_back_to_the_check(client, owner):
    application = make_application(user=owner)
    assert client.get(address(application, "declare"))["Location"] == address(application, "check")


def test_editor_who_declares_is_told_why_he_may_not(client, application):
    client.force_login(add_editor(application))
    page = client.post(address(application, "declare"), FORM)
    assert page.status_code == 403 and "Only the authorised representative" in page.content.decode()
    assert untouched(application)


def test_after_the_closing_the_draft_is_kept_and_the_page_says_when(client, application):
    closed = clock.now() - timedelta(minutes=3)
    type(application.call).objects.filter(pk=application.call_id).update(deadline_at=closed)
    text = client.get(address(application, "check")).content.decode()
    assert clock.format_moment(closed, "en") in text and address(application, "declare") not in text
    assert client.post(address(application, "declare"), FORM).status_code == 409
    assert untouched(application)
    step = reverse("applications:step", args=[application.pk, "start-up"])
    client.post(step, {"version": "1", "startups-preparation": "Écrit trop tard"})
    assert application.startupsupport.preparation == "Écrit trop tard"


def test_no_receipt_before_a_deposit(client, application):
    assert client.get(address(application, "receipt")).status_code == 404


def test_pages_of_the_deposit_write_nothing_on_get(client, application):
    before = AuditEntry.objects.count()
    for name in ("check", "declare", "task_list"):
        client.get(address(application, name))
    assert untouched(application) and AuditEntry.objects.count() == before


def test_deposit_takes_the_same_number_of_queries_whatever_the_rows(owner):
    counts = []
    for slug, extra in (("appel-un", 0), ("appel-deux", 30)):
        application = filled_application(call=make_call(slug), user=owner)
        engaged = {"category": "company", "engagement": "engaged", "qualifies": True}
        Member.objects.bulk_create(
            Member(application=application, name_fr=f"Société {n}", position=100 + n, **engaged) for n in range(extra)
        )
        with CaptureQueriesContext(connection) as queries:
            deposit(application=application, declaration=DECLARATION, actor=owner)
        # PostgreSQL is asked the time as well: that is a reading of its clock, not of a table.
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 30
