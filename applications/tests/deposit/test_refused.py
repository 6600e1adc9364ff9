"""A deposit that is refused: nothing changes but the journal."""

import pytest

from applications.models import Member
from applications.services.deposit import DepositRefused, deposit, obstacles_of
from applications.services.drafts import save_step
from applications.steps import STEPS_BY_SLUG
from clusters_portal.lib import clock

from ..builders import DECLARATION, dossier_of, inputs_of
from ..factories import add_editor, make_application, make_user
from .helpers import refusals, untouched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


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
