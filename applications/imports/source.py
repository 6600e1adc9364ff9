"""What was read from a file or pasted, kept between the pages of an import as plain JSON."""

from dataclasses import asdict, dataclass, field, replace

from clusters_portal.lib.tabular import Table, drop_noise

from .headers import Guess, best_table, find_header, guess_columns

SAMPLE_ROWS = 40


@dataclass
class Source:
    """`rows` are [row number as the sheet shows it, cells]; `dropped` are [number, "blank" or "total", text]."""

    name: str
    sheet: str
    headers: list
    rows: list
    dropped: list = field(default_factory=list)
    titles: list = field(default_factory=list)
    formulas: list = field(default_factory=list)
    # {row number as text: [sentence]} once the good rows are written: what is left is what was refused
    refused: dict = field(default_factory=dict)

    @classmethod
    def of(cls, tables: list[Table], name: str) -> "Source":
        """The sheet that looks most like a list of members, cut into header and rows."""
        table = best_table(tables)
        header = find_header(table)
        start = 0 if header is None else header + 1
        kept, dropped = drop_noise(table, start)
        return cls(
            name=name,
            sheet=table.name,
            headers=[""] * table.width if header is None else table.rows[header],
            rows=[[index + 1, cells] for index, cells in kept],
            dropped=[[index + 1, reason, " ".join(filter(None, cells))] for index, reason, cells in dropped],
            titles=[" ".join(filter(None, row)) for row in table.rows[: header or 0] if any(row)],
            formulas=[[row + 1, column] for row, column in sorted(table.formulas)],
        )

    @classmethod
    def from_json(cls, content: dict) -> "Source":
        return cls(**content)

    def only_refused(self, errors: dict) -> "Source":
        """What is left once the good rows are written; `errors` is {row number: [sentence]}."""
        rows = [[number, cells] for number, cells in self.rows if number in errors]
        return replace(self, rows=rows, dropped=[], refused={str(number): sentences for number, sentences in errors.items()})

    def to_json(self) -> dict:
        return asdict(self)

    def values_of(self, column: int) -> list:
        """The first filled cells of a column."""
        return [cells[column] for _number, cells in self.rows if cells[column]][:SAMPLE_ROWS]

    def guesses(self) -> list[Guess]:
        return guess_columns(self.headers, [self.values_of(column) for column in range(len(self.headers))])
