"""What these tests share."""

from io import BytesIO

from pypdf import PdfReader

from evaluation.models import ConflictDeclaration
from evaluation.services import minutes as services
from evaluation.tests.deliberated import OPENED


def recuse(person, dossier):
    ConflictDeclaration.objects.create(
        evaluator=person, application=dossier, interest="disqualifying", kind="family", text="x", status="confirmed", declared_at=OPENED
    )


def text_of(printed):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(printed)).pages)


def draw(it):
    return services.draw_up(session=it.session, actor=it.head)
