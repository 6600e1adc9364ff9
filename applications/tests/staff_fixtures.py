"""People, a call and deposited dossiers for the tests of DPTC's pages: sample A written straight into the tables."""

import json
from datetime import UTC, datetime
from pathlib import Path

from applications.models import (
    Action,
    Application,
    Association,
    BoardMember,
    BudgetDetail,
    BudgetLine,
    BudgetNote,
    CollaborativeProject,
    Collaborator,
    CooperationProject,
    CriterionArgument,
    Deposit,
    Document,
    FeeRule,
    Governance,
    Identity,
    IndicatorValue,
    Member,
    Officer,
    Strategy,
    StrategySeries,
    Territory,
)
from applications.models.years import YEAR_FIELDS
from applications.queries import Dossier
from applications.services.calls import load_edition
from applications.services.editions import read_edition
from applications.snapshots import snapshot_of
from clusters_portal.accounts.models import User
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from django.contrib.auth.models import Group

SAMPLE = json.loads((Path(__file__).parent / "samples" / "a-textile.json").read_text(encoding="utf-8"))
RECEIVED = datetime(2026, 7, 27, 10, 30, tzinfo=UTC)


def make_user(name, *roles) -> User:
    user = User.objects.create_user(f"{name}@example.com", "motdepasse-de-test", first_name=name.capitalize(), last_name="Essai")
    user.groups.set([Group.objects.get_or_create(name=str(role))[0] for role in roles])
    return user


def make_call():
    return load_edition(read_edition("edition_2026.json"), now=RECEIVED)[0]


def make_draft(call, applicant, name=SAMPLE["association"]["name_fr"], members=22) -> Application:
    """Sample A as a draft: `members` of its engaged members, every text, budget and indicator, one file per required piece."""
    association = Association.objects.create(name_fr=name, name_ar=SAMPLE["association"]["name_ar"])
    application = Application.objects.create(call=call, association=association, created_by=applicant)
    Collaborator.objects.create(application=application, user=applicant, role="mandatary")
    _texts(application)
    _tables(application, members)
    _figures(application)
    for position, piece in enumerate(call.document_requirements.filter(required=True)):
        Document.objects.create(
            application=application, requirement=piece, file=f"applications/{position}", original_name=f"{piece.code}.pdf", size=120_000 + position,
            content_type="application/pdf", pages=3, sha256=f"{position:064x}", uploaded_by=applicant, uploaded_at=RECEIVED,
        )  # fmt: skip
    return application


def deposit_of(application, number, *, received_at=RECEIVED, **content) -> Deposit:
    """The draft as it would be once deposited. `content` replaces keys of the snapshot."""
    dossier, identity = Dossier(application), application.identity
    snapshot = snapshot_of(dossier)
    snapshot["application"] |= {"number": number, "sequence": 1}
    applicant = application.created_by
    snapshot |= {"received_at": received_at, "deposited_by": {"name": applicant.get_full_name(), "email": applicant.email}, "declaration": {}}
    text = canonical_json(snapshot | content)
    application.status, application.number, application.deposited_at = "deposited", number, received_at
    application.save()
    return Deposit.objects.create(
        application=application, sequence=1, number=number, received_at=received_at, deadline_at=application.call.deadline_at,
        deposited_by=applicant, snapshot=text, sha256=sha256_hex(text), name_fr=application.association.name_fr,
        name_ar=application.association.name_ar, acronym=identity.acronym, region=identity.region, nma_section=identity.nma_section,
    )  # fmt: skip


def make_deposited(call, applicant, number="CL-2026-0001", name="Cluster Fil-Atlas", members=22, **content) -> Application:
    application = make_draft(call, applicant, name, members)
    deposit_of(application, number, **content)
    return application


def copies(first, numbers) -> list[Application]:
    """Further deposited dossiers with the content of the first, for lists: one association and one deposit each."""
    model = first.deposits.get()
    found = []
    for number in numbers:
        association = Association.objects.create(name_fr=f"Association {number}")
        application = Application.objects.create(
            call=first.call, association=association, created_by=first.created_by, status="deposited", number=number, deposited_at=RECEIVED
        )
        Deposit.objects.create(
            application=application, sequence=1, number=number, received_at=RECEIVED, deadline_at=model.deadline_at, deposited_by=first.created_by,
            snapshot=model.snapshot, sha256=model.sha256, name_fr=association.name_fr, region=model.region, nma_section=model.nma_section,
        )  # fmt: skip
        found.append(application)
    return found


def _texts(application):
    a, territory, strategy = SAMPLE["association"], SAMPLE["territory"], SAMPLE["strategy"]
    Identity.objects.create(
        application=application, acronym=a["acronym"], constitution_date=a["constitution_date"], receipt_type="final", receipt_number=a["receipt_number"],
        receipt_date="2024-06-03", receipt_authority=a["receipt_authority"], legalisation_date="2026-06-01", address=a["address"], region=a["region"],
        province=a["province"], sector_type="industrial", nma_section="C", nma_division="13", themes=SAMPLE["sector"]["themes"],
    )  # fmt: skip
    Territory.objects.create(
        application=application, core_regions=territory["core"]["regions"], core_provinces=territory["core"]["provinces"],
        core_text=territory["core"]["text"], potential_regions=territory["potential"]["regions"], potential_text=territory["potential"]["text"],
        history=SAMPLE["history"],
    )  # fmt: skip
    Governance.objects.create(
        application=application, organisation=SAMPLE["governance"]["organisation"], membership_terms=SAMPLE["governance"]["membership_terms"]
    )
    Strategy.objects.create(
        application=application, overall=strategy["overall"], technologies_markets=strategy["technologies_markets"], positioning=strategy["positioning"]
    )
    CriterionArgument.objects.create(application=application, criterion=application.call.criteria.first(), text="Premier argument.")


def _tables(application, members):
    engaged = [row for row in SAMPLE["members"] if row["engagement"] == "engaged"][:members]
    Member.objects.bulk_create(
        Member(
            application=application, position=at, name_fr=row["name_fr"], category=row["category"], engagement="engaged", ice=row["ice"],
            region=row["region"], nma_section=row["nma_section"], qualifies=row["qualifies_60"], fee=row["fee_mad"],
        )
        for at, row in enumerate(engaged)
    )  # fmt: skip
    people = ("first_name", "last_name", "quality", "email", "phone")
    Officer.objects.bulk_create(
        Officer(application=application, position=at, function=row["role"], **{key: row[key] for key in people}) for at, row in enumerate(SAMPLE["officers"])
    )
    BoardMember.objects.create(application=application, first_name="Karima", last_name="Chraïbi", quality="Dirigeante", from_company=True)
    FeeRule.objects.create(application=application, category="Tout membre", rule="forfait annuel", amount=20000)
    for model, rows in ((CooperationProject, "cooperation_projects"), (CollaborativeProject, "collaborative_projects")):
        model.objects.bulk_create(model(application=application, position=at, **row) for at, row in enumerate(SAMPLE[rows]))
    categories = list(application.call.action_categories.all())
    Action.objects.bulk_create(
        Action(
            application=application, position=at, title=row["title"], category=categories[at], start_year=row["from"], end_year=row["to"],
            **years(row["costs_mad"]),
        )
        for at, row in enumerate(SAMPLE["actions"])
    )  # fmt: skip


def _figures(application):
    headings = {row.code: row for row in application.call.budget_headings.all()}
    amounts = SAMPLE["budget"]["expenses_mad"] | SAMPLE["budget"]["income_mad"]
    BudgetLine.objects.bulk_create(BudgetLine(application=application, heading=headings[code], **years(row)) for code, row in amounts.items())
    for code, rows in SAMPLE["budget_details"].items():
        for row in rows:
            BudgetDetail.objects.create(
                application=application, heading=headings[code], label=row["label"], nature=row.get("nature", ""), **years(row["amounts_mad"])
            )
    BudgetNote.objects.create(application=application, comment="Résultat négatif la première année.")
    series = {
        "rd_projects": SAMPLE["strategy"]["targets"]["rd_projects"],
        "export_share": SAMPLE["strategy"]["targets"]["export_share_percent"],
        "members_forecast": SAMPLE["strategy"]["members_forecast"],
    }
    StrategySeries.objects.bulk_create(StrategySeries(application=application, code=code, **years(row)) for code, row in series.items())
    definitions = {row.code: row for row in application.call.indicator_definitions.all()}
    IndicatorValue.objects.bulk_create(
        IndicatorValue(application=application, definition=definitions[code], **years(row)) for code, row in SAMPLE["indicators"].items() if code in definitions
    )


def years(values) -> dict:
    return dict(zip(YEAR_FIELDS, values, strict=True))
