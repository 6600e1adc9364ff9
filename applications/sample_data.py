"""A dossier written as JSON, as associations describe themselves, turned into what a browser would send step by step.

The demonstration and the tests fill dossiers through this, hence through the same forms and services as people.
"""

import json
from datetime import date, timedelta
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "data" / "samples"
YEARS = ("y1", "y2", "y3", "y4", "y5")


def read_sample(name: str) -> dict:
    """One of the fictitious dossiers: "a-textile", "b-hydrogene", "c-agritech". Raises FileNotFoundError."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def form_data(sample: dict) -> dict:
    """{step slug: {input name: text or list of texts}} for every step but the pieces."""
    return {
        "identite": _identity(sample),
        "territoire": _territory(sample),
        "membres": _rows("members", map(_member, sample["members"])),
        "gouvernance": _governance(sample),
        "strategie": _strategy(sample),
        "projets": _projects(sample),
        "start-up": _fields("startups", sample["startups"]),
        "plan-action": _rows("actions", map(_action, sample["actions"])),
        "budget": _budget(sample),
        "indicateurs": _indicators(sample),
    }


def _fields(key, values) -> dict:
    return {f"{key}-{name}": value for name, value in values.items()}


def _rows(key, rows) -> dict:
    data = {}
    for index, row in enumerate(rows):
        data |= _fields(f"{key}-{index}", row)
        data[f"{key}-TOTAL"] = str(index + 1)
    return data


def _grid(key, series: dict) -> dict:
    return {f"{key}-{code}_{year}": str(value) for code, values in series.items() for year, value in zip(YEARS, values, strict=True)}


def _years(values) -> dict:
    return {year: str(value) for year, value in zip(YEARS, values, strict=True)}


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
        **_rows("officers", officers),
        "support-TOTAL": "0",
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
    row["fee"] = str(member["fee_mad"])
    return row | ({"qualifies": "on"} if member["qualifies_60"] and member["category"] == "company" else {})


def _governance(sample) -> dict:
    governance = sample["governance"]
    board = []
    for person in governance["board"]:
        first, last = person["name"].split(" ", 1)
        row = {"first_name": first, "last_name": last, **{name: person[name] for name in ("quality", "organisation", "function")}}
        board.append(row | ({"from_company": "on"} if person["quality"].startswith("Dirig") else {}))
    fees = [{"category": f["category"], "rule": f["rule"], "amount": str(f["amount_mad"])} for f in governance["fee_rule"]]
    texts = {name: governance[name] for name in ("organisation", "membership_terms")}
    return {**_rows("board", board), **_fields("governance", texts), **_rows("fees", fees)}


def _strategy(sample) -> dict:
    strategy = sample["strategy"]
    series = {
        "rd_projects": strategy["targets"]["rd_projects"],
        "funds_raised": strategy["targets"]["funds_raised_mad"],
        # « 4.0 » is written « 4,0 » here: a dot and one digit reads the same, a dot and three would be ambiguous.
        "export_share": [text.replace(".", ",") for text in strategy["targets"]["export_share_percent"]],
        "members_forecast": strategy["members_forecast"],
        "fees_forecast": strategy["fees_forecast_mad"],
    }
    texts = {name: strategy[name] for name in ("overall", "technologies_markets", "positioning")}
    return {**_fields("strategy", texts), **_grid("series", series)}


def _projects(sample) -> dict:
    partnerships = [
        {"scope": p["scope"], "kind": p["type"], "state": p["status"], "entity": p["entity"], "country": p["country"]}
        for p in sample["partnerships"]
    ]
    return {
        **_rows("cooperation", sample["cooperation_projects"]),
        **_rows("collaborative", sample["collaborative_projects"]),
        **_rows("partnerships", partnerships),
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
    return {**_grid("lines", lines), **_rows("details", details), "note-comment": sample.get("budget_comment", "")}


def _indicators(sample) -> dict:
    extra = [{"label": row["label"], "unit": row["unit"], **_years(row["values"])} for row in sample["extra_indicators"]]
    return {**_grid("indicators", sample["indicators"]), **_rows("extra", extra)}
