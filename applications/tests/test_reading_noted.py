"""Who opened which file of a dossier is in the journal."""

import pytest
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry

from .builders import deposited_application
from .factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(owner):
    application, _deposit = deposited_application(user=owner)
    return application.documents.first()


def readings():
    return list(AuditEntry.objects.filter(action="document.read").values_list("actor__email", "object_id", "note", "data"))


def ask(client, document, user, method="get"):
    client.force_login(user)
    return getattr(client, method)(reverse("applications:document_download", args=[document.pk])).status_code


def test_reading_by_staff_names_the_reader_the_dossier_and_the_file(client, document):
    officer = make_user(roles=[Role.CASE_OFFICER])
    assert ask(client, document, officer) == 200
    data = {"document": str(document.pk), "sha256": document.sha256}
    assert readings() == [(officer.email, str(document.application_id), document.original_name, data)]


def test_own_people_refusals_and_mere_questions_leave_nothing(client, document, owner):
    assert ask(client, document, owner) == 200
    assert ask(client, document, make_user()) == 404
    assert ask(client, document, make_user(roles=[Role.CASE_OFFICER]), "head") == 200
    assert readings() == []
