"""What an import writes: good rows, known members, a full list, and nothing when it is refused."""

from datetime import timedelta

import pytest

from applications.demonstration.samples import rows
from applications.models import ImportDraft, RejectedInput
from applications.services.drafts import DraftRefused, save_step
from applications.services.imports import ImportRefused, apply_members, keep_members
from applications.steps import STEPS_BY_SLUG
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from ..builders import deposited_application
from ..factories import make_user
from .helpers import ICE_1, ICE_2, add, pasted, state, stored


def test_good_rows_are_written_and_bad_rows_are_not(application, user):
    done = add(application, user, f"A\tEntreprise\tEngagé\t{ICE_1}\tFès\t25 000", "B\tbanque\tEngagé", "C\tautre\tEngagé\t\t\t0")
    assert (done.added, done.refused) == (2, 1)
    assert [(m["name_fr"], m["fee"]) for m in stored(application)] == [("A", 25000), ("C", 0)]
    entry = AuditEntry.objects.get(action="application.members_imported")
    assert entry.data == {"file": "pasted", "mode": "append", "added": 2, "updated": 0, "deleted": 0, "skipped": 0, "refused": 1}


def test_append_leaves_known_members_alone(application, user):
    add(application, user, f"A\tEntreprise\tEngagé\t{ICE_1}\tFès\t10")
    done = add(application, user, f"A\tautre\tEngagé\t{ICE_1}\tRabat\t99", "b\tautre\tEngagé")
    assert (done.added, done.skipped) == (1, 1)
    assert [(m["name_fr"], m["category"], m["fee"]) for m in stored(application)] == [("A", "company", 10), ("b", "other", None)]


def test_update_writes_filled_cells_and_never_erases(application, user):
    add(application, user, f"Alpha\tEntreprise\tEngagé\t{ICE_1}\tFès\t10", "Béta\tautre\tEngagé\t\tRabat\t20")
    before = {m["name_fr"]: m["id"] for m in stored(application)}
    done = add(
        application, user, f"ALPHA SA\t\tPartenaire majeur\t{ICE_1}\t\t30", f"béta\t\t\t{ICE_2}", "Gamma\tautre\tEngagé", mode="update"
    )
    assert (done.added, done.updated, done.deleted) == (1, 2, 0)
    alpha, beta, gamma = stored(application)
    assert (alpha["id"], alpha["name_fr"], alpha["category"], alpha["engagement"], alpha["region"], alpha["fee"]) == (
        before["Alpha"], "ALPHA SA", "company", "major_partner", "MA-03", 30)  # fmt: skip
    assert (beta["id"], beta["ice"], beta["region"], beta["fee"]) == (before["Béta"], ICE_2, "MA-04", 20)
    assert gamma["name_fr"] == "Gamma"


def test_replace_makes_the_list_exactly_the_file(application, user):
    add(application, user, f"A\tEntreprise\tEngagé\t{ICE_1}", "B\tautre\tEngagé")
    done = add(application, user, "C\tautre\tEngagé", f"A2\tEntreprise\tEngagé\t{ICE_1}", mode="replace")
    assert (done.added, done.deleted) == (2, 2)
    assert [m["name_fr"] for m in stored(application)] == ["C", "A2"]


def test_an_input_to_correct_survives_an_import(application, user):
    data = rows("members", [{"name_fr": "A", "category": "company", "engagement": "engaged", "fee": "beaucoup"}])
    save_step(application=application, step=STEPS_BY_SLUG["membres"], data=data, actor=user)
    add(application, user, "B\tautre\tEngagé")
    [kept] = RejectedInput.objects.all()
    assert (kept.raw, kept.key) == ("beaucoup", f"members.{stored(application)[0]['id']}.fee")


def test_a_draft_is_applied_once(application, user):
    draft = keep_members(application=application, source=pasted("A\tautre\tEngagé"), actor=user)
    apply_members(draft=draft, mode="append", actor=user)
    before = state(application)
    with pytest.raises(ImportRefused):
        apply_members(draft=ImportDraft(pk=1, application=application), mode="append", actor=user)
    assert state(application) == before


def test_nothing_is_written_when_every_row_is_bad_or_the_list_is_too_long(application, user):
    add(application, user, "A\tautre\tEngagé")
    before = state(application)
    for lines, mode in ((["B\tbanque\tEngagé"], "replace"), ([f"M{n}\tautre\tEngagé" for n in range(400)], "append")):
        with pytest.raises(ImportRefused):
            add(application, user, *lines, mode=mode)
    with pytest.raises(ImportRefused):
        add(application, user, *[f"M{n}\tautre\tEngagé" for n in range(401)])
    with pytest.raises(ImportRefused):
        add(application, user, "Total\tautre")
    assert state(application) == before


def test_a_full_list_can_be_replaced(application, user):
    add(application, user, *[f"M{n}\tautre\tEngagé" for n in range(400)])
    done = add(application, user, *[f"N{n}\tautre\tEngagé" for n in range(400)], mode="replace")
    assert (done.added, done.deleted) == (400, 400)
    assert {m["name_fr"][0] for m in stored(application)} == {"N"}


def test_a_submitted_dossier_and_a_stranger_are_refused(user):
    application, _deposit = deposited_application(user=user)
    before = state(application)
    for actor in (user, make_user()):
        with clock.set_to(application.call.deadline_at + timedelta(seconds=1)), pytest.raises(DraftRefused):
            keep_members(application=application, source=pasted("A\tautre\tEngagé"), actor=actor)
    assert state(application) == before
