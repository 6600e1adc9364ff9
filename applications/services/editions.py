"""The editions shipped with the portal, as files: read, completed by their base, turned into values of columns.

A file of `applications/data/` holds `call` (columns) and one list per kind of row. Texts are `{"fr", "ar", "en"}`, each
a string or a list of lines; moments are Casablanca wall-clock times. `base` names the file an edition differs from.
"""

import json
from datetime import datetime, time, timedelta
from pathlib import Path

from clusters_portal.lib import clock

FOLDER = Path(__file__).resolve().parent.parent / "data"
SHIPPED = ("edition_2026.json", "edition_2023.json", "edition_demo.json")
MOMENTS = ("published_at", "opens_at", "deadline_at", "results_published_at")
LANGUAGES = ("fr", "ar", "en")


def read_edition(name: str) -> dict:
    """The edition of that file, its base included. Raises FileNotFoundError or ValueError (bad JSON)."""
    data = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    base_name = data.pop("base", None)
    if base_name is None:
        return data
    base = read_edition(base_name)
    return {**base, **data, "call": {**base["call"], **data.get("call", {})}}


def call_values(columns: dict, *, now) -> dict:
    """Columns of a Call from the `call` part of a file; `now` (aware) stands for the first load."""
    values = flatten(columns)
    for name in MOMENTS:
        values[name] = _moment(values.get(name), now)
    for name in ("year", "base_year"):
        if isinstance(columns[name], dict):
            values[name] = clock.local(now).year + columns[name]["years_after_first_load"]
    return values


def flatten(row: dict) -> dict:
    """`{"label": {"fr": …, "ar": …}}` as `{"label_fr": …, "label_ar": …}`; a list of lines as one text."""
    values = {}
    for name, value in row.items():
        if isinstance(value, dict) and set(value) <= set(LANGUAGES):
            values |= {f"{name}_{code}": _text(text) for code, text in value.items()}
        else:
            values[name] = value
    return values


def _text(value):
    return "\n".join(value) if isinstance(value, list) else value


def _moment(value, now):
    """A wall-clock text, or `{"days_after_first_load": 30, "at": "15:00"}`; without `at`, the very moment."""
    if value is None:
        return None
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=clock.CASABLANCA)
    later = clock.local(now) + timedelta(days=value["days_after_first_load"])
    if "at" not in value:
        return later
    return datetime.combine(later.date(), time.fromisoformat(value["at"]), tzinfo=clock.CASABLANCA)
