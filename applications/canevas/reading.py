"""The workbook taken back: which cell says what, by the hidden codes. No value is judged here."""

from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext as _

from clusters_portal.lib.tabular import TableRefused, cell_name

from .writing import BOOK_MARK, MARK, SKIPPED


@dataclass
class Workbook:
    """`sheets[key]` lists [line code, line number, {column code: text}]; `titles[key]` is the sheet's name.

    `application` and `versions` ({slug: version}) say which dossier was downloaded, "" and {} for the call's empty one.
    """

    name: str
    call: str
    application: str
    versions: dict
    sheets: dict = field(default_factory=dict)
    titles: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)  # {key: {column code: column number}}

    @classmethod
    def from_json(cls, content: dict) -> "Workbook":
        return cls(**content)

    def to_json(self) -> dict:
        return asdict(self)

    def cell(self, key, row_number, column) -> str:
        """« C12 » for people."""
        return cell_name(row_number - 1, self.places[key].get(column, 0))


def read_workbook(tables, *, name: str) -> Workbook:
    """Take back the tables of a file. Raises TableRefused: not the portal's workbook, or a formula in a cell to fill."""
    marks = [table.rows[0][0].split("|") for table in tables if table.rows[0][0].startswith(f"{BOOK_MARK}|")]
    if len(marks) != 1 or len(marks[0]) != 5:
        raise TableRefused("not_ours", _("This is not the workbook of the application: download it first, fill it, then send it."))
    _mark, _version, call, application, versions = marks[0]
    book = Workbook(name, call, application, _versions(versions))
    for table in tables:
        mark, _bar, key = table.rows[0][0].partition("|")
        if mark == MARK and key not in book.sheets:
            book.titles[key] = table.name
            book.places[key] = {code: column for column, code in enumerate(table.rows[0]) if column and code}
            book.sheets[key] = _lines(table, book.places[key])
    return book


def _lines(table, places):
    lines = []
    for index, row in enumerate(table.rows[1:], start=1):
        if row[0] == SKIPPED:
            continue
        for column in places.values():
            if (index, column) in table.formulas:
                where = {"sheet": table.name, "cell": cell_name(index, column)}
                raise TableRefused("formula", _("Sheet “%(sheet)s”, cell %(cell)s holds a formula: replace it with its value.") % where)
        values = {code: row[column] for code, column in places.items()}
        if row[0] or any(values.values()):
            lines.append([row[0], index + 1, values])
    return lines


def _versions(text):
    pairs = [pair.split("=") for pair in text.split(",") if pair.count("=") == 1]
    return {slug: int(version) for slug, version in pairs if version.isdecimal() and len(version) < 10}
