"""Fictitious dossiers for the demonstration, filled and deposited through the services people go through.

Every name is invented. The closed 2026 edition receives its dossiers at a moment of July 2026, said to the clock.
"""

import copy
from datetime import UTC, datetime, timedelta
from functools import cache

from django.core.files.base import ContentFile

from clusters_portal.lib import clock
from clusters_portal.lib.pdf import render_pdf

from ..models import Application, Call
from ..services import admissibility, admissibility_acts, counter, deposit, documents, drafts
from ..steps import STEPS_BY_SLUG
from .desk import work_at_the_desk
from .samples import form_data, read_sample

__all__ = [
    "CLUSTERS", "FIRST_DEPOSIT", "confirmed", "declaration_of", "declare_admissible", "deposit_closed_edition", "fill",
    "open_edition", "read_sample", "receive_paper", "variant", "work_at_the_desk",
]  # fmt: skip

# name, Arabic name, acronym, region, province, NMA section and division, model, companies, research, other, size of the budget (%)
CLUSTERS = (
    ("Cluster Nacre Plasturgie", "قطب نكر لصناعة البلاستيك", "CNP", "MA-01", "TNG", "C", "22", "a-textile", 15, 4, 3, 100),
    ("Pôle Cuir de l'Oued", "قطب جلد الوادي", "PCO", "MA-03", "FES", "C", "15", "a-textile", 14, 3, 3, 80),
    ("Cluster Batteries Sahel", "قطب بطاريات الساحل", "CBS", "MA-04", "KEN", "C", "27", "b-hydrogene", 16, 4, 2, 120),
    ("Agro-Numérique Tadla", "الفلاحة الرقمية تادلة", "ANT", "MA-05", "BEM", "C", "10", "c-agritech", 18, 5, 3, 90),
    ("Cluster Pierres et Marbres", "قطب الأحجار والرخام", "CPM", "MA-07", "ESI", "B", "08", "a-textile", 12, 3, 2, 70),
    ("Pôle Conserve Atlantique", "قطب التصبير الأطلسي", "PCA", "MA-09", "AGD", "C", "10", "c-agritech", 20, 4, 4, 110),
    ("Cluster Solaire Drâa", "قطب شمس درعة", "CSD", "MA-08", "OUA", "D", "35", "b-hydrogene", 11, 4, 2, 100),
    ("Logiciels Industriels Rabat", "البرمجيات الصناعية الرباط", "LIR", "MA-04", "RAB", "J", "62", "a-textile", 17, 5, 2, 95),
    ("Cluster Nautisme Oriental", "قطب الملاحة الشرقية", "CNO", "MA-02", "NAD", "C", "30", "a-textile", 13, 3, 3, 85),
    ("Pôle Emballage Vert", "قطب التعبئة الخضراء", "PEV", "MA-06", "BRR", "C", "17", "a-textile", 16, 3, 3, 105),
    ("Cluster Eau et Membranes", "قطب الماء والأغشية", "CEM", "MA-10", "GUE", "E", "36", "b-hydrogene", 10, 4, 2, 90),
    ("Cluster Mécatronique Chaouia", "قطب الميكاترونيك الشاوية", "CMC", "MA-06", "SET", "C", "28", "a-textile", 19, 5, 4, 115),
)
FIRST_DEPOSIT = datetime(2026, 7, 14, 9, 12, tzinfo=UTC)


def variant(row) -> dict:
    """A whole dossier in the shape of the samples, from one line of CLUSTERS."""
    name_fr, name_ar, acronym, region, province, section, division, model, companies, research, other, percent = row
    sample = copy.deepcopy(read_sample(model))
    sample["association"] |= {
        "name_fr": name_fr, "name_ar": name_ar, "acronym": acronym, "region": region, "province": province, "address": "Zone industrielle",
    }  # fmt: skip
    sample["sector"] |= {"nma_section": section, "division": division}
    sample["territory"]["core"] |= {"regions": [region], "provinces": [province]}
    sample["territory"]["potential"] |= {"regions": [region]}
    sample["members"] = _members(acronym, region, section, companies, research, other)
    members = companies + research + other
    for series in (sample["indicators"]["active_members"], sample["strategy"]["members_forecast"]):
        series[:] = [members + 2 * year for year in range(5)]
    sample["indicators"]["member_companies"] = [companies + year for year in range(5)]
    _scale(sample, percent)
    return sample


def _members(acronym, region, section, companies, research, other) -> list:
    kinds = [("company", "Entreprise")] * companies + [("research_training", "Laboratoire")] * research + [("other", "Organisme")] * other
    return [
        {
            "name_fr": f"{title} {acronym} n° {number} (fictif)", "name_ar": "", "category": kind, "engagement": "engaged", "ice": "",
            "region": region, "nma_section": section if kind == "company" else "P", "qualifies_60": kind == "company",
            "representative": "", "size": "PME" if kind == "company" else "", "fee_mad": 20000,
        }
        for number, (kind, title) in enumerate(kinds, start=1)
    ]  # fmt: skip


def _scale(sample, percent):
    """Every amount in proportion; whole dirhams stay whole because amounts are multiples of 1 000."""

    def scaled(values):
        return [value * percent // 100 for value in values]

    for side in sample["budget"].values():
        for code in side:
            side[code] = scaled(side[code])
    for rows in sample["budget_details"].values():
        for row in rows:
            row["amounts_mad"] = scaled(row["amounts_mad"])
    for action in sample["actions"]:
        action["costs_mad"] = scaled(action["costs_mad"])
    sample["strategy"]["fees_forecast_mad"] = sample["budget"]["income_mad"]["membership_fees"]


@cache
def _piece(title) -> bytes:
    return render_pdf("pdf/demonstration_piece.html", {"piece_title": title}, lang="fr")


def fill(application, sample, *, actor, pieces=True) -> Application:
    """Save every step of the dossier and, unless told otherwise, attach every required piece."""
    for slug, data in form_data(sample).items():
        drafts.save_step(application=application, step=STEPS_BY_SLUG[slug], data=data, actor=actor)
    if pieces:
        for requirement in application.call.document_requirements.filter(required=True):
            # The comment after the last line makes each association's file its own.
            content = _piece(requirement.label_fr) + f"\n% {application.pk}\n".encode()
            upload = ContentFile(content, name=f"{requirement.code.lower()}.pdf")
            documents.attach(application=application, requirement=requirement, upload=upload, actor=actor)
    return application


def declaration_of(sample, call) -> dict:
    """What the president declares, in the shape the declaration form gives."""
    president = next(officer for officer in sample["officers"] if officer["role"] == "president")
    return {
        "version": call.declaration_version, "civility": "mr", "first_name": president["first_name"], "last_name": president["last_name"],
        "quality_organisation": "Dirigeant d'entreprise", "quality_association": president["quality"],
        "association": sample["association"]["name_fr"], "legal_form": sample["association"]["legal_form"], "other_documents": [],
        "place": "Rabat", "date": clock.today().isoformat(),
    }  # fmt: skip


def deposit_closed_edition(*, call: Call, actors) -> list[Application]:
    """The dozen of the closed edition, one every nineteen hours from FIRST_DEPOSIT, begun one to three weeks before; `actors` one
    mandatary each.
    """
    made = []
    for index, (row, actor) in enumerate(zip(CLUSTERS, actors, strict=True)):
        sample = variant(row)
        deposited_at = FIRST_DEPOSIT + timedelta(hours=19 * index)
        with clock.set_to(deposited_at - timedelta(days=6 + 5 * (index % 4))):
            application = drafts.create_application(call=call, association_name=row[0], actor=actor)
        with clock.set_to(deposited_at):
            fill(application, sample, actor=actor)
            deposit.deposit(application=application, declaration=declaration_of(sample, call), actor=actor)
        application.refresh_from_db()
        made.append(application)
    return made


def receive_paper(applications, *, actor) -> None:
    """Each association of the closed edition brings its copies to the counter, the day after its deposit."""
    for application in applications:
        president = application.current_deposit.content["declaration"]
        checklist = counter.Checklist(
            copies=application.call.required_copies, all_pages_signed=True, fingerprint_matches=True, is_sealed=True,
            depositor_name=f"{president['first_name']} {president['last_name']}", depositor_quality=president["quality_association"],
        )  # fmt: skip
        with clock.set_to(application.deposited_at + timedelta(hours=26)):
            counter.receive(application=application, checklist=checklist, actor=actor)


def declare_admissible(applications, *, officer, head) -> None:
    """The officer confirms what the rules propose on every line, the head validates the same evening: in the week after the deadline."""
    for index, application in enumerate(applications):
        moment = application.call.deadline_at + timedelta(days=2, hours=3 * index)
        with clock.set_to(moment):
            written = confirmed(application.current_deposit)
            check = admissibility_acts.propose(application=application, written=written, version=0, actor=officer)
        with clock.set_to(moment + timedelta(hours=8)):
            admissibility_acts.validate(application=application, version=check.version, actor=head)


def confirmed(deposit) -> admissibility.Written:
    """What an officer writes who finds every line as the rules propose it, and the object of the statutes in their article 3."""
    lines = admissibility.proposals(deposit)
    findings = {line.item: (line.finding, "") if line.finding else ("conforming", "Article 3 des statuts.") for line in lines}
    return admissibility.Written(outcome="admissible", findings=findings)


def open_edition(*, call: Call, actors) -> None:
    """The three samples in the open edition: one ready to deposit, one deposited, one still being filled."""
    ready, deposited, unfinished = (read_sample(name) for name in ("a-textile", "b-hydrogene", "c-agritech"))
    for sample, actor, pieces in ((ready, actors[0], True), (deposited, actors[1], True), (unfinished, actors[2], False)):
        application = drafts.create_application(call=call, association_name=sample["association"]["name_fr"], actor=actor)
        fill(application, sample, actor=actor, pieces=pieces)
        if sample is deposited:
            deposit.deposit(application=application, declaration=declaration_of(sample, call), actor=actor)
