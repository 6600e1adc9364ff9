"""Files beside the text: pages drawn as pictures, who may see them, what the journal keeps, the panel and its links."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from applications.models import Document
from applications.services.documents import attach
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.page_images import PageUnreadable, page_png

from .builders import deposited_application
from .factories import make_call, make_user, pdf_file
from .staff_fixtures import officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def application():
    return deposited_application(call=make_call(), user=make_user())[0]


@pytest.fixture
def document(application):
    return application.documents.filter(replaced_at=None).first()


def image(document, number=1):
    return reverse("applications:document_page", args=[document.pk, number])


def drawn(content, mime, number=1):
    return Image.open(BytesIO(page_png(ContentFile(content), mime=mime, sha256=str(hash(content)), number=number)))


def test_page_is_a_picture_of_its_own_and_reading_is_journaled_once_an_hour(client, document):
    person = officer()
    client.force_login(person)
    before = clock.now()
    with clock.set_to(before):
        for _again in range(2):
            response = client.get(image(document))
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert (response["Content-Disposition"], response["X-Content-Type-Options"]) == ("inline", "nosniff")
    assert response["Cache-Control"] == "private, no-store"
    assert Image.open(BytesIO(response.content)).size == (1100, 1557)
    with clock.set_to(before + timedelta(minutes=59)):
        client.get(image(document))
    read = AuditEntry.objects.get(action="document.read")
    assert (read.actor, read.object_id, read.note) == (person, str(document.application_id), document.original_name)
    assert read.data == {"document": str(document.pk), "by_page": True, "sha256": document.sha256}
    with clock.set_to(before + timedelta(minutes=61)):
        client.get(image(document))
    assert AuditEntry.objects.filter(action="document.read").count() == 2


def test_every_download_is_journaled_but_those_of_its_own_people(client, document):
    address = reverse("applications:document_download", args=[document.pk])
    client.force_login(document.application.created_by)
    assert client.get(address).status_code == client.get(image(document)).status_code == 200
    assert not AuditEntry.objects.filter(action="document.read").exists()
    client.force_login(officer())
    assert [client.get(address)["Content-Disposition"].split(";")[0] for _again in range(2)] == ["attachment"] * 2
    assert ["by_page" in entry.data for entry in AuditEntry.objects.filter(action="document.read")] == [False] * 2


def test_pages_that_are_not_there_and_people_who_may_not_read(client, application, document):
    client.force_login(officer())
    assert [client.get(image(document, number)).status_code for number in (0, document.pages + 1, 99_999)] == [404] * 3
    later = attach(application=application, requirement=document.requirement, upload=pdf_file(pages=3), actor=application.created_by)
    assert client.get(image(later)).status_code == 404
    for user in (make_user(), make_user(roles=[Role.EVALUATOR]), make_user(roles=[Role.COMMITTEE_MEMBER])):
        client.force_login(user)
        assert client.get(image(document)).status_code == 404
    assert not AuditEntry.objects.filter(action="document.read").exists()


def test_infected_file_is_never_drawn(client, document):
    Document.objects.filter(pk=document.pk).update(scan=Document.Scan.INFECTED)
    client.force_login(officer())
    assert client.get(image(document)).status_code == 403
    page = client.get(reverse("applications:reading", args=[document.application_id]), {"piece": str(document.pk)})
    assert "The virus scan refused this file" in page.context["panel"]["reason"] and image(document) not in page.content.decode()
    assert not AuditEntry.objects.filter(action="document.read").exists()


def test_pictures_are_drawn_anew_upright_and_small_enough():
    out, exif = BytesIO(), Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a secret"  # turned by a quarter, with a description
    Image.new("RGB", (3000, 1500), "red").save(out, "JPEG", exif=exif)
    made = drawn(out.getvalue(), "image/jpeg")
    assert (made.format, made.size, made.info, dict(made.getexif())) == ("PNG", (1100, 2200), {}, {})
    clear = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(clear, "PNG")
    assert drawn(clear.getvalue(), "image/png").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"not a file"])
@pytest.mark.parametrize("mime", ["application/pdf", "image/jpeg"])
def test_what_cannot_be_drawn_is_said_and_nothing_else_breaks(content, mime):
    with pytest.raises(PageUnreadable):
        drawn(content, mime)


def test_panel_opens_turns_and_closes_by_links_that_keep_the_filter(client, application):
    piece = application.documents.filter(replaced_at=None).order_by("pages").last()
    client.force_login(officer())
    here = reverse("applications:reading", args=[application.pk])
    closed = client.get(here, {"status": "deposited"})
    assert closed.context["panel"]["file"] is None and f"{here}?status=deposited&amp;piece={piece.pk}#piece" in closed.content.decode()
    page = client.get(here, {"status": "deposited", "piece": str(piece.pk), "page": "999"})
    panel = page.context["panel"]
    assert (panel["number"], panel["image"], panel["close"]) == (piece.pages, image(piece, piece.pages), f"{here}?status=deposited")
    assert page.context["query"] == "status=deposited"
    for text in ("0", "-1", "x", "9" * 30):
        assert client.get(here, {"piece": str(piece.pk), "page": text}).context["panel"]["number"] == 1
    assert client.get(here, {"piece": "x"}).context["panel"]["file"] is None
