"""A disk without room, made by the system's own limit on the size of a file: the person is told, nothing of the file is left."""

import resource
from contextlib import contextmanager

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.models import Document
from applications.tests.factories import make_application, make_user, pdf_bytes
from clusters_portal.operations.backups import stored_files

pytestmark = pytest.mark.django_db
MIB = 1024 * 1024
ROOM = 6 * MIB  # more than the database of the tests ever needs in one piece


@contextmanager
def room_for(size):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def send(english):
    english.raise_request_exception = False
    owner = make_user()
    application = make_application(user=owner)
    english.force_login(owner)
    address = reverse("applications:upload", args=[application.pk, "ADM_STATUTS"])

    def post(**headers):
        content = pdf_bytes() + b"\n%" + b"x" * (8 * MIB)
        return english.post(address, {"file": SimpleUploadedFile("statuts.pdf", content, content_type="application/pdf")}, headers=headers)

    return post


def test_store_that_is_full_is_said_beside_the_card_and_the_file_can_be_sent_again(send, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * MIB  # received whole: it is the store that has no room
    with room_for(ROOM):
        answer = send(Accept="application/json")
        page = send()
    assert (answer.status_code, page.status_code) == (503, 503)
    (sentence,) = answer.json()["refused"]
    assert "could not be kept" in sentence
    assert sentence in page.content.decode()
    assert (Document.objects.count(), stored_files()) == (0, [])
    assert send(Accept="application/json").json() == {"received": ["statuts.pdf"], "refused": []}
    document = Document.objects.get()
    assert default_storage.size(document.file.name) == document.size


def test_machine_without_room_to_receive_says_to_come_back(send, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # written down while it arrives
    with room_for(ROOM):
        answer = send()
    assert (answer.status_code, answer["Retry-After"], "Come back in a moment" in answer.content.decode()) == (503, "30", True)
    assert (Document.objects.count(), stored_files()) == (0, [])
