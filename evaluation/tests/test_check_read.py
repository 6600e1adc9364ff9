"""The committee reads the check of recevabilité of the dossiers before it, and those of no others."""

import pytest
from django.urls import reverse

from applications.models import AdmissibilityCheck, Application
from applications.tests.factories import declare_admissible, make_call
from applications.tests.test_admissibility import REASONS, received
from clusters_portal.accounts.roles import COMMITTEE_ROLES, Role
from clusters_portal.lib import clock
from evaluation.models import ConflictDeclaration
from evaluation.queries.states import BARRING, BEFORE_COMMITTEE
from evaluation.tests import factories as make

pytestmark = pytest.mark.django_db


def address(dossier):
    return reverse("evaluation:admissibility", args=[dossier.pk])


@pytest.fixture
def dossier():
    """A dossier with a check validated by two persons, before the committee."""
    found = received(make_call(prefix="CL-2026"))
    declare_admissible(found, **REASONS)
    Application.objects.filter(pk=found.pk).update(**{"status": BEFORE_COMMITTEE[0]})
    return Application.objects.get(pk=found.pk)


@pytest.mark.parametrize("role", COMMITTEE_ROLES)
def test_committee_reads_the_check_and_acts_on_nothing(client, dossier, role):
    client.force_login(make.user(role))
    page = client.get(address(dossier))
    check = AdmissibilityCheck.objects.get(deposit=dossier.current_deposit)
    assert page.status_code == 200 and page.context["check"] == check
    assert [line.item for _said, line, _files in page.context["lines"]] == [line.item for line in check.lines.all()]
    html = page.content.decode()
    file = dossier.current_deposit.content["documents"][0]["id"]
    assert f'href="{reverse("evaluation:document", args=[dossier.pk, file])}"' in html
    assert "<form" not in html[html.index("<main") : html.index("</main>")]
    assert f'href="{address(dossier)}"' in client.get(reverse("evaluation:dossier", args=[dossier.pk])).content.decode()


def test_a_recused_member_finds_nothing(client, dossier):
    member = make.user(Role.COMMITTEE_MEMBER)
    ConflictDeclaration.objects.create(
        evaluator=member, application=dossier, interest="current", kind="other", text="I sit on its board.",
        status=BARRING[0], declared_at=clock.now(), source=ConflictDeclaration.Source.SELF,
    )  # fmt: skip
    client.force_login(member)
    assert client.get(address(dossier)).status_code == 404


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.CASE_OFFICER, Role.ADMINISTRATOR])
def test_others_do_not_read_it_here(client, dossier, role):
    client.force_login(make.user(role))
    assert client.get(address(dossier)).status_code == 404


def test_not_before_the_dossier_is_before_the_committee(client, dossier):
    Application.objects.filter(pk=dossier.pk).update(**{"status": Application.Status.UNDER_EVALUATION})
    client.force_login(make.user(Role.COMMITTEE_MEMBER))
    assert client.get(address(dossier)).status_code == 404
