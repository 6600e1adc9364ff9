"""One deposited application with three files, stored as a deposit stores it; for the tests of what is made from it."""

from datetime import UTC, datetime, timedelta

from applications.models import Application, Association, Call, Collaborator, Deposit, DocumentRequirement
from clusters_portal.accounts.models import User
from clusters_portal.lib.canonical import canonical_json, sha256_hex

DEADLINE = datetime(2026, 7, 28, 14, tzinfo=UTC)  # 15:00 in Morocco, at +01 on that date
RECEIVED = DEADLINE - timedelta(seconds=2)
NUMBER = "CL-2026-0007"
DEPOSITOR = "Salma Bennis"
NAME_FR, NAME_AR = "Cluster Fil-Atlas", "قطب خيوط الأطلس"
PIECES = [  # code, French title, Arabic title, label, file name, pages
    ("ADM_STATUTS", "Copie des statuts légalisée", "نسخة القانون الأساسي", "", "statuts_legalises.pdf", 24),
    ("ADM_DECL", "Déclaration sur l'honneur", "تصريح بالشرف", "", "تصريح موقع.pdf", 1),
    ("OTHER", "Autres documents", "وثائق أخرى", "Lettre de soutien", "lettre & <b>soutien</b>.png", None),
]
HASHES = [sha256_hex(piece[4]) for piece in PIECES]


def make_call(**fields):
    values = {
        "slug": "appel-2026",
        "number_prefix": "CL-2026",
        "year": 2026,
        "base_year": 2027,
        "title_fr": "Clusters marocains – appel à projets 2026",
        "title_ar": "أقطاب التنافسية والابتكار – طلب اقتراح مشاريع 2026",
        "summary_fr": "x",
        "audience_fr": "x",
        "process_fr": "x",
        "published_at": DEADLINE - timedelta(days=60),
        "opens_at": DEADLINE - timedelta(days=60),
        "deadline_at": DEADLINE,
        "contact_service_fr": "Division des Plateformes Technologiques et des Clusters (DPTC)",
        "contact_address_fr": "Quartier Administratif Chellah, Rabat",
        "contact_address_ar": "الحي الإداري شالة، الرباط",
    }
    call = Call.objects.create(**values | fields)
    for position, (code, title_fr, title_ar, *_) in enumerate(PIECES):
        DocumentRequirement.objects.create(call=call, code=code, label_fr=title_fr, label_ar=title_ar, clause="5", position=position)
    return call


def snapshot_text(call, *, sequence=1, received_at=RECEIVED, number=NUMBER):
    documents = [
        {
            "id": str(n),
            "requirement": code,
            "label": label,
            "name": name,
            "size": 10,
            "pages": pages,
            "content_type": "x",
            "sha256": HASHES[n],
        }
        for n, (code, _, _, label, name, pages) in enumerate(PIECES)
    ]
    return canonical_json(
        {
            "schema": 1,
            "call": {"slug": call.slug, "title_fr": call.title_fr, "title_ar": call.title_ar, "title_en": call.title_en},
            "application": {"number": number, "sequence": sequence},
            "received_at": received_at,
            "deposited_by": {"name": DEPOSITOR, "email": "salma@atlas.example"},
            "association": {"name_fr": NAME_FR, "name_ar": NAME_AR},
            "documents": documents,
        }
    )


def make_deposit(application, user, *, sequence=1, received_at=RECEIVED):
    text = snapshot_text(application.call, sequence=sequence, received_at=received_at, number=application.number)
    return Deposit.objects.create(
        application=application, sequence=sequence, number=application.number, received_at=received_at,
        deadline_at=application.call.deadline_at, deposited_by=user, snapshot=text, sha256=sha256_hex(text),
        name_fr=NAME_FR, name_ar=NAME_AR,
    )  # fmt: skip


def make_deposited(*, number=NUMBER, **call_fields):
    """A deposit of `DEPOSITOR`, whose account is `deposit.deposited_by`, in a call of its own."""
    user = User.objects.create_user("salma@atlas.example", "x", first_name="Salma", last_name="Bennis")
    association = Association.objects.create(name_fr=NAME_FR, name_ar=NAME_AR)
    application = Application.objects.create(
        call=make_call(**call_fields), association=association, created_by=user, number=number, status="deposited", deposited_at=RECEIVED
    )
    Collaborator.objects.create(application=application, user=user, role=Collaborator.Role.MANDATARY)
    return make_deposit(application, user)
