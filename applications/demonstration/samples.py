"""A dossier written as JSON, as associations describe themselves, turned into what a browser would send step by step.

The demonstration and the tests fill dossiers through this, hence through the same forms and services as people.
"""

import json
from datetime import date, timedelta
from pathlib import Path

from ..models.years import YEAR_FIELDS

FOLDER = Path(__file__).resolve().parents[1] / "data" / "samples"


def read_sample(name: str) -> dict:
    """One of the fictitious dossiers: "a-textile", "b-hydrogene", "c-agritech". Raises FileNotFoundError."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def form_data(sample: dict) -> dict:
    """{step slug: {input name: text or list of texts}} for every step but the pieces."""
    return {
        "identite": _identity(sample),
        "territoire": _territory(sample),
        "membres": rows("members", map(_member, sample["members"])),
        "gouvernance": _governance(sample),
        "strategie": _strategy(sample),
        "projets": _projects(sample),
        "start-up": {**_fields("startups", sample["startups"]), **rows("services", [])},
        "plan-action": rows("actions", map(_action, sample["actions"])),
        "budget": _budget(sample),
        "indicateurs": _indicators(sample),
    }


def rows(key: str, values) -> dict:
    """A table as its page sends it: one input per value that says something, and the number of rows."""
    values = list(values)
    data = {f"{key}-TOTAL": str(len(values))}
    for index, row in enumerate(values):
        data |= _fields(f"{key}-{index}", {name: str(value) for name, value in row.items() if value not in ("", None, False)})
    return data


def grid(key: str, series: dict) -> dict:
    """A grid of years as its page sends it; `series` is {row code: five numbers}."""
    return {
        f"{key}-{code}_{year}": typed(value) for code, values in series.items() for year, value in zip(YEAR_FIELDS, values, strict=True)
    }


def typed(number) -> str:
    """A number as someone types it: « 1 180 000 », « 5,5 »."""
    text = str(number)
    return text.replace(".", ",") if "." in text else f"{int(text):,}".replace(",", "\u202f")


def _fields(key, values) -> dict:
    return {f"{key}-{name}": value for name, value in values.items()}


def _years(values) -> dict:
    return {year: typed(value) for year, value in zip(YEAR_FIELDS, values, strict=True)}


def _identity(sample) -> dict:
    association, sector = sample["association"], sample["sector"]
    founded = date.fromisoformat(association["constitution_date"])
    identity = {
        "acronym": association["acronym"],
        "applicant_type": "new",
        "legal_form": association["legal_form"],
        "constitution_date": _day(founded),
        "receipt_type": "final",
        "receipt_number": association["receipt_number"],
        "receipt_date": _day(founded + timedelta(days=21)),
        "receipt_authority": association["receipt_authority"],
        "legalisation_date": "12/06/2026",
        "address": association["address"],
        "region": association["region"],
        "province": association["province"],
        "sector_type": "industrial",
        "nma_section": sector["nma_section"],
        "nma_division": sector["division"],
        "themes": sector["themes"],
    }
    officers = [{"function": o["role"], **{k: v for k, v in o.items() if k != "role"}} for o in sample["officers"]]
    return {
        **_fields("association", {"name_fr": association["name_fr"], "name_ar": association["name_ar"]}),
        **_fields("identity", identity),
        **rows("officers", officers),
        **rows("support", []),
    }


def _day(day) -> str:
    return day.strftime("%d/%m/%Y")


def _territory(sample) -> dict:
    core, potential = sample["territory"]["core"], sample["territory"]["potential"]
    return _fields(
        "territory",
        {
            "core_regions": core["regions"],
            "core_provinces": core["provinces"],
            "core_text": core["text"],
            "potential_regions": potential["regions"],
            "potential_text": potential["text"],
            "history": sample["history"],
        },
    )


def _member(member) -> dict:
    row = {
        name: member[name]
        for name in ("name_fr", "name_ar", "category", "engagement", "ice", "region", "nma_section", "size", "representative")
    }
    row["fee"] = typed(member["fee_mad"])
    return row | ({"qualifies": "on"} if member["qualifies_60"] and member["category"] == "company" else {})


def _governance(sample) -> dict:
    governance = sample["governance"]
    board = []
    for person in governance["board"]:
        first, last = person["name"].split(" ", 1)
        row = {"first_name": first, "last_name": last, **{name: person[name] for name in ("quality", "organisation", "function")}}
        board.append(row | ({"from_company": "on"} if person["quality"].startswith("Dirig") else {}))
    fees = [{"category": f["category"], "rule": f["rule"], "amount": typed(f["amount_mad"])} for f in governance["fee_rule"]]
    texts = {name: governance[name] for name in ("organisation", "membership_terms")}
    return {**rows("board", board), **_fields("governance", texts), **rows("fees", fees)}


def _strategy(sample) -> dict:
    strategy = sample["strategy"]
    series = {
        "rd_projects": strategy["targets"]["rd_projects"],
        "funds_raised": strategy["targets"]["funds_raised_mad"],
        "export_share": strategy["targets"]["export_share_percent"],
        "members_forecast": strategy["members_forecast"],
        "fees_forecast": strategy["fees_forecast_mad"],
    }
    texts = {name: strategy[name] for name in ("overall", "technologies_markets", "positioning")}
    return {**_fields("strategy", texts), **grid("series", series)}


def _projects(sample) -> dict:
    partnerships = [
        {"scope": p["scope"], "kind": p["type"], "state": p["status"], "entity": p["entity"], "country": p["country"]}
        for p in sample["partnerships"]
    ]
    return {
        **rows("cooperation", sample["cooperation_projects"]),
        **rows("collaborative", sample["collaborative_projects"]),
        **rows("partnerships", partnerships),
    }


def _action(action) -> dict:
    row = {"title": action["title"], "category": action["category"], "start_year": str(action["from"]), "end_year": str(action["to"])}
    return row | _years(action["costs_mad"])


def _budget(sample) -> dict:
    lines = {**sample["budget"]["expenses_mad"], **sample["budget"]["income_mad"]}
    details = [
        {"heading": code, "label": row["label"], "nature": row.get("nature", ""), **_years(row["amounts_mad"])}
        for code, rows in sample["budget_details"].items()
        for row in rows
    ]
    return {**grid("lines", lines), **rows("details", details), "note-comment": sample.get("budget_comment", "")}


def _indicators(sample) -> dict:
    extra = [{"label": row["label"], "unit": row["unit"], **_years(row["values"])} for row in sample["extra_indicators"]]
    return {**grid("indicators", sample["indicators"]), **rows("extra", extra)}
