"""Who gets what once a session is signed, its letters issued and an appeal filed: role × address (evaluation.md 1.3)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.tests.factories import add_editor, pdf_file
from clusters_portal.accounts.roles import Role
from evaluation.models import ConflictDeclaration
from evaluation.services import appeals
from evaluation.services.letters import publish
from evaluation.tests import factories as make
from evaluation.tests.deliberated import OPENED, mandatary, notified
from evaluation.tests.rights_table import AUDITOR, CHAIR, COMMITTEE, HEAD, MEMBER, OFFICER, Route, visitors

pytest_plugins = ["tests.rights.stage"]
pytestmark = pytest.mark.django_db
DPTC = (OFFICER, HEAD, AUDITOR)
SESSION, PAPER = ("slug", "one"), ("slug", "one", "one")
TEXTS = {"reason": "x", "correction": "y"}
AFTER = [
    Route("minutes", SESSION, allowed=COMMITTEE),
    Route("minutes_document", PAPER, allowed=COMMITTEE),
    Route("minutes_to_sign", PAPER, allowed=COMMITTEE),
    Route("minutes_original", PAPER, allowed=(HEAD, AUDITOR)),
    Route("sign_minutes", PAPER, told=COMMITTEE),
    Route("sign_minutes", PAPER, post=True, told=COMMITTEE),
    Route("draw_minutes", SESSION, post=True, allowed=(HEAD,), told=(MEMBER, CHAIR, AUDITOR)),
    Route("correct_minutes", SESSION, allowed=(HEAD,), told=(MEMBER, CHAIR, AUDITOR)),
    Route("letters", SESSION, allowed=COMMITTEE),
    Route("letters", SESSION, post=True, allowed=(HEAD,), told=(MEMBER, CHAIR, AUDITOR)),
    Route("letter", ("slug", "one", "fr"), allowed=COMMITTEE),
    Route("letter", ("slug", "one", "en")),
    Route("publication", ("slug",), allowed=COMMITTEE),
    Route("appeals", allowed=DPTC),
    Route("appeal", ("appeal",), allowed=DPTC),
    Route("appeal", ("appeal",), post=True, allowed=(OFFICER, HEAD), told=(AUDITOR,), data={"revision": "0", "save": "1"}),
    Route("appeal", ("appeal",), post=True, allowed=(HEAD,), told=(OFFICER, AUDITOR), data={"revision": "0", "answer": "1"}),
    Route("appeal_piece", ("appeal",), allowed=DPTC),
    Route("correct_minutes", SESSION, post=True, allowed=(HEAD,), told=(MEMBER, CHAIR, AUDITOR), data=TEXTS),
    Route("decision_told", ("pk",)),
    Route("told_letter", ("pk", "one", "fr")),
    Route("file_appeal", ("pk",)),
    Route("own_appeal_piece", ("pk",)),
]


@pytest.fixture
def it():
    made = notified(5, 3)
    made.rejected = made.dossiers[1]
    made.appeal = appeals.file(
        application=made.rejected, kind="factual", text="x", actor=mandatary(made.rejected), upload=pdf_file("preuve.pdf")
    )
    publish(call=made.call, actor=made.head)
    return made


@pytest.mark.once
@pytest.mark.usefixtures("files_of_the_world", "nowhere_in_a_word")
def test_who_gets_what_after_the_session(it):
    objects = {"slug": it.call.slug, "one": 1, "pk": it.rejected.pk, "appeal": it.appeal.number}
    people = visitors()
    assert [problem for route in AFTER for problem in route.wrong(people, objects)] == []


def test_the_people_of_the_dossier_read_it_and_its_representative_appeals(client, it):
    editor = make.user()
    add_editor(it.rejected, editor)
    own = [reverse("evaluation:decision_told", args=[it.rejected.pk]), reverse("evaluation:file_appeal", args=[it.rejected.pk])]
    own += [
        reverse("evaluation:own_appeal_piece", args=[it.rejected.pk]),
        reverse("evaluation:told_letter", args=[it.rejected.pk, 2, "fr"]),
    ]
    for person, expected in ((editor, 200), (mandatary(it.rejected), 200), (mandatary(it.dossiers[0]), 404), (it.head, 404)):
        client.force_login(person)
        assert [client.get(path).status_code for path in own] == [expected] * len(own)
    staff = [reverse("evaluation:appeals"), reverse("evaluation:letters", args=[it.call.slug, 1])]
    client.force_login(editor)
    assert [client.get(path).status_code for path in staff] == [404, 404]


def test_the_administration_hides_what_one_is_barred_from(client, it):
    head = make.user(Role.DIVISION_HEAD)
    head.is_staff = True
    head.save()
    client.force_login(head)
    labels = ("minutes", "minutessignature", "letter", "resultspublication", "appeal")
    paths = [reverse(f"admin:evaluation_{label}_changelist") for label in labels]
    assert [client.get(path).context["cl"].result_count for path in paths] == [1, 1, 2, 1, 1]
    ConflictDeclaration.objects.create(
        evaluator=head, application=it.rejected, interest="disqualifying", kind="family", text="x", status="confirmed", declared_at=OPENED
    )
    assert [client.get(path).context["cl"].result_count for path in paths] == [0, 0, 1, 0, 0]


def test_lists_cost_the_same_for_two_and_for_four(client, it):
    other, counts = notified(5, 4, 3, 2), []
    client.force_login(it.head)
    for made in (it, other):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("evaluation:letters", args=[made.call.slug, 1])).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
