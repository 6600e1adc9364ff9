"""People, calls and files for the tests of the middle floor. Nothing here fills a dossier: see `builders`."""

from datetime import timedelta
from io import BytesIO
from itertools import count

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

from applications.models import Application, Call, Collaborator
from applications.services.admissibility import Written, proposals
from applications.services.admissibility_acts import check_of, propose, validate
from applications.services.calls import load_edition
from applications.services.counter import Checklist, receive
from applications.services.drafts import create_application
from applications.services.editions import read_edition
from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock

_numbers = count(1)


def make_user(email: str = "", *, roles=(), **fields) -> User:
    """An active person; `roles` are codes of `accounts.roles.Role`. Applicants have none."""
    number = next(_numbers)
    fields = {"first_name": f"Prénom-{number:02d}", "last_name": f"NOM-{number:02d}", **fields}
    user = User.objects.create_user(email or f"personne{number}@cluster.example", "motdepasse-essai", **fields)
    if roles:
        user.groups.set([Group.objects.get_or_create(name=str(role))[0] for role in roles])
    return user


def make_call(slug: str = "appel-essai", *, prefix: str = "", **columns) -> Call:
    """The 2026 edition with all its rows, open from ten days ago to twenty days ahead unless `columns` say otherwise."""
    data = read_edition("edition_2026.json")
    data["call"] = {**data["call"], "slug": slug, "number_prefix": prefix or f"CL-{slug.upper()}"}
    now = clock.now()
    call, _created = load_edition(data, now=now)
    moments = {
        "published_at": now - timedelta(days=10),
        "opens_at": now - timedelta(days=10),
        "deadline_at": (now + timedelta(days=20)).replace(microsecond=0),
    }
    for name, value in {**moments, **columns}.items():
        setattr(call, name, value)
    call.save()
    return call


def close(call, *, ago=timedelta(minutes=5)) -> Call:
    """The deadline passed this long ago: from now on DPTC checks what was deposited."""
    deadline = clock.now().replace(microsecond=0) - ago
    Call.objects.filter(pk=call.pk).update(opens_at=deadline - timedelta(days=30), deadline_at=deadline)
    call.refresh_from_db()
    return call


def hand_in(application, *, agent=None, register=None, **found):
    """Receive the paper file of a deposited dossier, as asked for unless `found` says otherwise; returns its acknowledgement."""
    asked = {"copies": application.call.required_copies, "all_pages_signed": True, "is_sealed": True, "fingerprint_matches": True}
    checklist = Checklist(**{**asked, "depositor_name": "Salma Bennis", **found})
    agent = agent or make_user(roles=[Role.COUNTER_AGENT])
    return receive(application=application, checklist=checklist, register=register, actor=agent)


def confirmed(application, **changes) -> Written:
    """What an officer writes who confirms every line; `changes` are fields of `Written`, findings added to the confirmed ones."""
    lines = proposals(application.current_deposit, changes.get("companies"))
    findings = {line.item: (line.finding, "") if line.finding else ("conforming", "Article 3.") for line in lines}
    return Written(**{"outcome": "admissible", **changes, "findings": findings | changes.get("findings", {})})


def propose_check(application, *, officer=None, **changes):
    """The first person's act on a closed call: every line confirmed unless `changes` say otherwise; returns the check."""
    officer = officer or make_user(roles=[Role.CASE_OFFICER])
    standing = check_of(application.current_deposit)
    version = standing.version if standing else 0
    return propose(application=application, written=confirmed(application, **changes), version=version, actor=officer)


def declare_admissible(application, *, officer=None, head=None, **changes):
    """Recevabilité through both persons, admissible unless `changes` say otherwise; returns the validated check."""
    check = propose_check(application, officer=officer, **changes)
    return validate(application=application, version=check.version, actor=head or make_user(roles=[Role.DIVISION_HEAD]))


def make_application(*, call=None, user=None, name: str = "Cluster d'essai") -> Application:
    """An empty draft, opened through the service; `user` is its mandatary."""
    return create_application(call=call or make_call(), association_name=name, actor=user or make_user())


def add_editor(application, user=None) -> User:
    user = user or make_user()
    Collaborator.objects.create(application=application, user=user, role=Collaborator.Role.EDITOR)
    return user


def pdf_bytes(pages: int = 1) -> bytes:
    writer, out = PdfWriter(), BytesIO()
    for _page in range(pages):
        writer.add_blank_page(width=595, height=842)
    writer.write(out)
    return out.getvalue()


def pdf_file(name: str = "piece.pdf", pages: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf_bytes(pages), content_type="application/pdf")


def image_file(name: str = "scan.jpg", kind: str = "JPEG") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, kind)
    return SimpleUploadedFile(name, out.getvalue(), content_type=f"image/{kind.lower()}")
