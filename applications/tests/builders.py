"""Fill a dossier from a sample file through the services, with inputs as a browser would send them."""

import json
from datetime import date
from functools import cache
from pathlib import Path

from applications.models.years import YEAR_FIELDS
from applications.queries import Dossier
from applications.services.deposit import deposit
from applications.services.documents import attach
from applications.services.drafts import save_step
from applications.steps import STEPS_BY_SLUG

from .factories import make_application, pdf_file

SAMPLES = Path(__file__).parent / "samples"
DECLARATION = {
    "version": "2026",
    "civility": "mr",
    "first_name": "Youssef",
    "last_name": "Tahiri",
    "quality_organisation": "Dirigeant",
    "quality_association": "Président",
    "association": "Cluster Fil-Atlas Textiles Techniques",
    "legal_form": "Association",
    "other_documents": [],
    "place": "Nouaceur",
    "date": "2026-07-20",
}
# Answers the call asks for and the samples do not give.
FORM_ANSWERS = {
    "identity-applicant_type": "new",
    "identity-receipt_type": "final",
    "identity-receipt_date": "12/06/2024",
    "identity-legalisation_date": "02/06/2026",
    "identity-sector_type": "industrial",
}


@cache
def sample(name: str = "a-textile") -> dict:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def inputs_of(name: str = "a-textile") -> dict:
    """{step slug: {input name: text or list of texts}} of a sample, as typed in the pages."""
    s = sample(name)
    return {
        "identite": _identity(s),
        "territoire": {
            "territory-core_regions": s["territory"]["core"]["regions"],
            "territory-core_provinces": s["territory"]["core"]["provinces"],
            "territory-core_text": s["territory"]["core"]["text"],
            "territory-potential_regions": s["territory"]["potential"]["regions"],
            "territory-potential_text": s["territory"]["potential"]["text"],
            "territory-history": s["history"],
        },
        "membres": rows("members", [_member(m) for m in s["members"]]),
        "gouvernance": _governance(s),
        "strategie": _strategy(s),
        "projets": {
            **rows("cooperation", s["cooperation_projects"]),
            **rows("collaborative", s["collaborative_projects"]),
            **rows("partnerships", [{**p, "kind": p["type"], "state": p["status"]} for p in s["partnerships"]]),
        },
        "start-up": {**{f"startups-{name}": s["startups"][name] for name in ("preparation", "support")}, **rows("services", [])},
        "plan-action": rows("actions", [_action(a) for a in s["actions"]]),
        "budget": _budget(s),
        "indicateurs": {
            **grid("indicators", s["indicators"]),
            **rows("extra", [{"label": x["label"], "unit": x["unit"], **years(x["values"])} for x in s.get("extra_indicators", [])]),
        },
    }


def fill(application, *, actor, name: str = "a-textile", pieces: bool = True) -> None:
    """Save every step of the sample, and upload one page for each required piece."""
    for slug, data in inputs_of(name).items():
        save_step(application=application, step=STEPS_BY_SLUG[slug], data=data, actor=actor)
    if pieces:
        for requirement in application.call.document_requirements.filter(required=True):
            attach(application=application, requirement=requirement, upload=pdf_file(f"{requirement.code}.pdf"), actor=actor)


def filled_application(*, call=None, user, name: str = "a-textile"):
    """A complete, eligible draft."""
    application = make_application(call=call, user=user, name=sample(name)["association"]["name_fr"])
    fill(application, actor=user, name=name)
    return application


def deposited_application(*, call=None, user, name: str = "a-textile"):
    """(application, deposit) of a complete dossier."""
    application = filled_application(call=call, user=user, name=name)
    made = deposit(application=application, declaration=DECLARATION, actor=user)
    application.refresh_from_db()
    return application, made


def dossier_of(application) -> Dossier:
    return Dossier(type(application).objects.select_related("call", "association").get(pk=application.pk))


def rows(key: str, values: list) -> dict:
    """A table as its page sends it; values a form does not know are ignored by it."""
    data = {f"{key}-TOTAL": str(len(values))}
    for index, row in enumerate(values):
        data |= {f"{key}-{index}-{field}": str(value) for field, value in row.items() if value not in ("", None, False)}
    return data


def grid(key: str, values: dict) -> dict:
    return {f"{key}-{code}_{year}": typed(cell) for code, cells in values.items() for year, cell in zip(YEAR_FIELDS, cells, strict=True)}


def years(cells) -> dict:
    return dict(zip(YEAR_FIELDS, map(typed, cells), strict=True))


def typed(number) -> str:
    """A number as someone types it: « 1 180 000 », « 5,5 »."""
    text = str(number)
    return text.replace(".", ",") if "." in text else f"{int(text):,}".replace(",", "\u202f")


def _identity(s):
    a, sector = s["association"], s["sector"]
    officers = [{**officer, "function": officer["role"]} for officer in s["officers"]]
    columns = ("acronym", "legal_form", "receipt_number", "receipt_authority", "address", "region", "province")
    identity = {f"identity-{name}": a[name] for name in columns}
    return {
        "association-name_fr": a["name_fr"],
        "association-name_ar": a["name_ar"],
        **identity,
        "identity-constitution_date": date.fromisoformat(a["constitution_date"]).strftime("%d/%m/%Y"),
        **FORM_ANSWERS,
        "identity-nma_section": sector["nma_section"],
        "identity-nma_division": sector["division"],
        "identity-themes": sector["themes"],
        **rows("officers", officers),
        **rows("support", []),
    }


def _member(m):
    return {**m, "qualifies": "on" if m["qualifies_60"] else "", "fee": typed(m["fee_mad"])}


def _governance(s):
    g = s["governance"]
    companies = {m["name_fr"] for m in s["members"] if m["category"] == "company"}
    board = []
    for person in g["board"]:
        first, _space, last = person["name"].partition(" ")
        from_company = "on" if person["organisation"] in companies else ""
        board.append({**person, "first_name": first, "last_name": last, "from_company": from_company})
    fees = [{**fee, "amount": typed(fee["amount_mad"])} for fee in g["fee_rule"]]
    texts = {"governance-organisation": g["organisation"], "governance-membership_terms": g["membership_terms"]}
    return {**rows("board", board), **texts, **rows("fees", fees)}


def _strategy(s):
    st = s["strategy"]
    series = {
        "rd_projects": st["targets"]["rd_projects"],
        "funds_raised": st["targets"]["funds_raised_mad"],
        "export_share": st["targets"]["export_share_percent"],
        "members_forecast": st["members_forecast"],
        "fees_forecast": st["fees_forecast_mad"],
    }
    texts = {f"strategy-{name}": st[name] for name in ("overall", "technologies_markets", "positioning")}
    return {**texts, **grid("series", series)}


def _action(a):
    return {
        "title": a["title"],
        "category": a["category"],
        "objective": a.get("objective", ""),
        "start_year": str(a["from"]),
        "end_year": str(a["to"]),
        **years(a["costs_mad"]),
    }


def _budget(s):
    details = [
        {"heading": code, "label": detail["label"], "nature": detail.get("nature", ""), **years(detail["amounts_mad"])}
        for code, lines in s["budget_details"].items()
        for detail in lines
    ]
    note = {"note-comment": s.get("budget_comment") or s["budget"].get("comment", "")}
    return {**grid("lines", {**s["budget"]["expenses_mad"], **s["budget"]["income_mad"]}), **rows("details", details), **note}
