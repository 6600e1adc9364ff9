"""A spreadsheet of labelled clusters read row by row, one period a row: what would be entered, and what is wrong in words."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clusters_portal.lib.fields import DayField
from clusters_portal.lib.tabular import Table
from clusters_portal.lib.text import clean_text, search_words

from ..reference import REGIONS, SECTIONS
from ..rules.register import first_overlap

MAX_ROWS = 500
# Words of a header → column; the first that fits wins, so that « nom en arabe » is not the French name.
HEADERS = (
    ("name_ar", ("arabe", "arabic", "العربية")),
    ("acronym", ("sigle", "acronyme", "acronym")),
    ("region", ("region", "الجهة", "جهة")),
    ("nma_section", ("secteur", "sector", "section", "القطاع")),
    ("labelled_on", ("labellisation", "labellise", "labelled")),
    ("starts_on", ("debut", "start", "premier", "first")),
    ("ends_on", ("fin", "end", "dernier", "last")),
    ("contract_reference", ("contrat", "reference", "decision", "contract")),
    ("name_fr", ("nom", "denomination", "cluster", "name", "francais")),
)
DAYS = ("labelled_on", "starts_on", "ends_on")
LIMITS = {"name_fr": 200, "name_ar": 200, "acronym": 30, "contract_reference": 150}


class UnreadableRegister(Exception):
    """The table cannot be understood; `str()` says why, in words."""


@dataclass
class ReadRow:
    """One row of the sheet: `number` as the spreadsheet counts, the values, and the sentences that keep it out."""

    number: int
    values: dict
    errors: list = field(default_factory=list)


def read_register(table: Table, known: dict) -> list[ReadRow]:
    """The rows of a table. `known` is {name key: ((first day, last day), …)} of what the register holds. Raises UnreadableRegister."""
    heads, start = _columns(table)
    taken = {name: list(spans) for name, spans in known.items()}
    rows = []
    for number, cells in enumerate(table.rows[start + 1 :], start + 2):
        typed = {name: clean_text(cells[column], multiline=False) for column, name in heads.items() if column < len(cells)}
        if any(typed.values()):
            rows.append(_read(number, typed, taken))
    if len(rows) > MAX_ROWS:
        raise UnreadableRegister(_("There are more than %(limit)d rows.") % {"limit": MAX_ROWS})
    if not rows:
        raise UnreadableRegister(_("There is no row under the headers."))
    return rows


def name_key(name) -> str:
    """A name as two spellings of it are compared."""
    return " ".join(search_words(name))


def _columns(table):
    """{column: field} of the first row that names the clusters, and its index."""
    for index, row in enumerate(table.rows[:10]):
        found = {}
        for column, head in enumerate(row):
            words = search_words(head)
            name = next((name for name, keys in HEADERS if any(word in keys for word in words) and name not in found.values()), None)
            if name:
                found[column] = name
        if "name_fr" in found.values() and len(found) > 1:
            return found, index
    raise UnreadableRegister(_("No row names the columns: at least the name of the cluster, the first and the last day are needed."))


def _read(number, typed, taken) -> ReadRow:
    row = ReadRow(number, {})
    for name, text in typed.items():
        if len(text) > LIMITS.get(name, 200):
            row.errors.append(_("A text is longer than %(limit)d characters.") % {"limit": LIMITS.get(name, 200)})
        row.values[name] = _day(row, text) if name in DAYS else text
    row.values["region"] = _code(row, typed.get("region", ""), REGIONS, _("This region is not one of the twelve."))
    row.values["nma_section"] = _code(row, typed.get("nma_section", ""), SECTIONS, _("This sector is not a section of the nomenclature."))
    _check(row, taken)
    return row


def _day(row, text):
    try:
        return DayField(required=False).clean(text)
    except ValidationError as error:
        row.errors.extend(error.messages)
        return None


def _code(row, text, choices, sentence) -> str:
    """The code of a region or sector given by its code, by its name in either language, or by words that only its name has."""
    if not text:
        return ""
    wanted = name_key(text.split(" – ")[0])
    for choice in choices:
        if wanted in (name_key(choice.code), name_key(choice.name_fr), name_key(choice.name_ar)):
            return choice.code
    words = set(wanted.split())
    part_of = [choice.code for choice in choices if words and words <= set(search_words(f"{choice.name_fr} {choice.name_ar}"))]
    if len(part_of) == 1:
        return part_of[0]
    row.errors.append(f"{sentence} « {text[:60]} »")
    return ""


def _check(row, taken):
    first, last, name = row.values.get("starts_on"), row.values.get("ends_on"), name_key(row.values.get("name_fr", ""))
    if not name:
        row.errors.append(_("Give the cluster its name."))
    if bool(first) != bool(last):
        row.errors.append(_("A period has a first and a last day."))
    if row.errors or not first:
        return
    if last < first:
        row.errors.append(_("The last day does not come before the first."))
    elif first_overlap([(first, last), *taken.get(name, [])]):
        row.errors.append(_("This period shares days with another one of the same cluster."))
    else:
        taken.setdefault(name, []).append((first, last))
