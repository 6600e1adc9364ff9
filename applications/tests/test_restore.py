"""Back to the last deposit: exact to the last character, nothing thrown away."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Association, Document, KeptDraft, Member, RejectedInput
from applications.services.deposit import deposit
from applications.services.documents import attach, remove
from applications.services.drafts import DraftRefused, save_step
from applications.services.restore import give_up, restore
from applications.snapshots import answers_in, is_changed, snapshot_of
from applications.steps import STEPS_BY_SLUG
from applications.timeline import APPLICANTS, timeline_of
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json

from .builders import DECLARATION, deposited_application, dossier_of, filled_application, inputs_of
from .factories import add_editor, make_application, make_user, pdf_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
# What people paste: markup, quotes, both scripts, joiners, other spaces, line ends, formulas, JSON, a lone percent sign.
HOSTILE = (
    'Filature « Atlas » & fils <b>"S.A."</b> \\ %s {{ x }} {"a": [1]} =1+1 \u200dنسيج\u200c الأطلس\u00a01\u202f234,50 \U0001f9f5',
    "Ligne 1\r\nLigne 2\n\n\n  Ligne\t3  \n",
    "É" + "e\u0301" + "\ufb01" + "ß" * 60,
    "'; DROP TABLE applications_member; --",
    "null", "None", "0", "[]", "١٢٣٤",
)  # fmt: skip


def now_says(application) -> dict:
    return json.loads(canonical_json(snapshot_of(dossier_of(application))))


def spoil(application, actor):
    """Change something in every step, in every way: other values, rows less, rows more, unreadable input, files."""
    for slug, data in inputs_of("b-hydrogene").items():
        save_step(application=application, step=STEPS_BY_SLUG[slug], data=data, actor=actor)
    save_step(application=application, step=STEPS_BY_SLUG["identite"], data={"identity-receipt_date": "31/02/2026"}, actor=actor)
    save_step(application=application, step=STEPS_BY_SLUG["argumentaire"], data=arguments(application, "Autre"), actor=actor)
    pieces = {piece.code: piece for piece in application.call.document_requirements.all()}
    remove(document=application.documents.filter(replaced_at=None, requirement=pieces["ADM_RI"]).get(), actor=actor)
    attach(application=application, requirement=pieces["ADM_CA"], upload=pdf_file("autre.pdf", 2), actor=actor)
    attach(application=application, requirement=pieces["OTHER"], upload=pdf_file("ajout.pdf"), actor=actor, label="Ajout")


def arguments(application, text):
    return {f"arguments-{criterion.code}": text for criterion in application.call.criteria.all()}


@pytest.mark.parametrize("name", ["a-textile", "b-hydrogene", "c-agritech"])
def test_restored_draft_says_what_the_deposit_says(owner, name):
    application = filled_application(user=owner, name=name)
    save_step(application=application, step=STEPS_BY_SLUG["argumentaire"], data=arguments(application, "Texte"), actor=owner)
    made = deposit(application=application, declaration=DECLARATION, actor=owner)
    spoil(application, owner)
    before = now_says(application)
    assert answers_in(before) != answers_in(made.content) and RejectedInput.objects.exists()
    kept = restore(application=application, actor=owner, reason=KeptDraft.Reason.DISCARDED)
    restored = now_says(application)
    assert {part: restored[part] for part in restored if part != "application"} == {
        part: made.content[part] for part in restored if part != "application"
    }
    assert not RejectedInput.objects.exists() and not is_changed(dossier_of(application))
    content = json.loads(kept.content)
    assert answers_in(content) == answers_in(before) and content["not_read"] == {"identity.receipt_date": "31/02/2026"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_come_back_to_the_last_character(owner, text):
    application = filled_application(user=owner)
    Association.objects.filter(pk=application.association_id).update(name_fr=text[:200], name_ar=text[:200])
    application.members.update(name_fr=text[:200], role=text[:300])
    application.actions.update(title=text[:100])
    type(application.strategy).objects.update(overall=text, positioning=text * 3)
    made = deposit(application=application, declaration=DECLARATION, actor=owner)
    assert made.content["steps"]["strategie"]["strategy"]["overall"] == text
    spoil(application, owner)
    restore(application=application, actor=owner, reason=KeptDraft.Reason.DISCARDED)
    assert answers_in(now_says(application)) == answers_in(made.content)


def test_files_of_the_deposit_count_again_and_no_other(owner):
    application, made = deposited_application(user=owner)
    ids = {document["id"] for document in made.content["documents"]}
    spoil(application, owner)
    restore(application=application, actor=owner, reason=KeptDraft.Reason.DISCARDED)
    current = Document.objects.filter(application=application, replaced_at=None)
    assert {str(pk) for pk in current.values_list("pk", flat=True)} == ids
    assert Document.objects.filter(application=application).count() == len(ids) + 2


def test_rows_keep_their_addresses(owner):
    application, _made = deposited_application(user=owner)
    keys = list(application.members.values_list("pk", flat=True))
    Member.objects.filter(pk=keys[-1]).delete()
    application.members.update(name_fr="Autre")
    touched(application, owner)
    restore(application=application, actor=owner, reason=KeptDraft.Reason.DISCARDED)
    assert list(application.members.values_list("pk", flat=True))[:-1] == keys[:-1] and application.members.count() == len(keys)


def touched(application, owner):
    application.step_states.filter(slug="membres").update(saved_at=clock.now() + timedelta(seconds=1))


def test_nothing_is_written_when_nothing_differs(owner):
    application, _made = deposited_application(user=owner)
    entries, versions = AuditEntry.objects.count(), list(application.step_states.values_list("version", flat=True))
    assert restore(application=application, actor=owner, reason=KeptDraft.Reason.DISCARDED) is None
    assert give_up(application=application, actor=owner) is None
    assert (AuditEntry.objects.count(), KeptDraft.objects.count()) == (entries, 0)
    assert list(application.step_states.values_list("version", flat=True)) == versions


def test_another_tab_cannot_save_over_what_was_restored(owner):
    application, _made = deposited_application(user=owner)
    save_step(application=application, step=STEPS_BY_SLUG["start-up"], data={"startups-preparation": "Autre"}, actor=owner)
    seen = application.step_states.get(slug="start-up").version
    give_up(application=application, actor=owner)
    assert application.step_states.get(slug="start-up").version == seen + 1


def test_giving_up_is_one_line_of_the_history_and_leaves_nothing_to_submit(client, owner):
    application, made = deposited_application(user=owner)
    before = timeline_of(application, audience=APPLICANTS, now=clock.now())
    with clock.set_to(made.received_at + timedelta(minutes=5)):
        save_step(application=application, step=STEPS_BY_SLUG["start-up"], data={"startups-preparation": "Autre"}, actor=owner)
        give_up(application=application, actor=owner)
        application.refresh_from_db()
        after = timeline_of(application, audience=APPLICANTS, now=clock.now())
        assert [event.action for event in after[: len(after) - len(before)]] == ["application.restored"]
        assert not application.step_states.filter(saved_at__gt=made.received_at).exists()
        client.force_login(owner)
        page = client.get(reverse("applications:people", args=[application.pk]))
        assert page.context["wording"].tone == "ok"


def test_giving_up_is_for_those_who_may_edit_until_the_deadline(owner):
    application, made = deposited_application(user=owner)
    spoil(application, owner)
    before = now_says(application)
    with pytest.raises(DraftRefused):
        give_up(application=application, actor=make_user())
    with clock.set_to(application.call.deadline_at + timedelta(seconds=1)), pytest.raises(DraftRefused):
        give_up(application=application, actor=owner)
    assert now_says(application) == before and not KeptDraft.objects.exists()
    with clock.set_to(application.call.deadline_at):
        assert give_up(application=application, actor=add_editor(application)).kept_by != owner
    assert answers_in(now_says(application)) == answers_in(made.content)


def test_there_is_nothing_to_go_back_to_before_a_deposit(owner):
    application = make_application(user=owner)
    with pytest.raises(DraftRefused):
        give_up(application=application, actor=owner)
    assert not KeptDraft.objects.exists()
