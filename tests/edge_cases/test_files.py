"""X17: five files sent for one piece, two kept and three refused, each in words on the card."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import Document
from applications.tests.factories import make_application, pdf_bytes
from clusters_portal.lib.uploads import MIB
from clusters_portal.tests.test_lib_uploads import pdf

from .dossiers import address, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PROGRAM = b"MZ\x90\x00" + b"\0" * 512


def of_size(megabytes):
    """A real PDF with that many megabytes in a comment after its end."""
    content = pdf_bytes()
    return content + b"\n%" + b"x" * (megabytes * MIB - len(content) - 2)


def send(client, application, name, content):
    upload = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(address("upload", application, "ADM_STATUTS"), {"file": upload}, follow=True)


@pytest.mark.parametrize(
    ("name", "content"), [("statuts.pdf", of_size(5)), ("عقد تأسيس.pdf", pdf_bytes(pages=3))], ids=["5 MB", "Arabic name"]
)
def test_x17_a_file_in_order_is_kept_under_its_name(client, owner, name, content):
    application = make_application(user=owner)
    page = send(client, application, name, content)
    kept = Document.objects.get()
    assert (kept.original_name, kept.size, kept.requirement.code) == (name, len(content), "ADM_STATUTS")
    assert page.status_code == 200 and name in read(page)


REFUSED = [
    ("statuts.pdf", lambda: of_size(25), "This file is too large: the limit is 20 MB."),
    ("statuts.pdf", lambda: PROGRAM, "This kind of file is not accepted here. Send one of these:"),
    ("statuts.pdf", lambda: pdf(password="secret"), "This PDF is protected by a password or by restrictions. Send it without protection."),
]


@pytest.mark.parametrize(("name", "content", "sentence"), REFUSED, ids=["25 MB", "program", "password"])
def test_x17_a_file_that_is_not_in_order_is_refused_in_words(client, owner, name, content, sentence):
    application = make_application(user=owner)
    page = send(client, application, name, content())
    assert page.status_code == 422
    assert sentence in read(page)
    assert not Document.objects.exists()
