"""The figures of an advice as rows for pages, plots and sheets: read from what is stored, nothing is computed again."""

import json
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from clusters_portal.lib.bilingual import localized
from evaluation.models import RankingAdvice
from evaluation.queries.advice import Badge, evaluator_names, share_text
from evaluation.rules import robustness
from evaluation.rules.agreement import LEVELS, hidden_reason
from evaluation.rules.divergence import CRITERION, SPLIT, TOTAL_SUBJECT
from evaluation.rules.scoring import QUALITATIVE, TECHNICAL, truncated

HEAT = (Decimal("0.01"), Decimal("0.05"), Decimal("0.15"), Decimal("0.35"), Decimal("0.65"))
"""Shares from which a cell of the heat table is one shade darker."""


@dataclass(frozen=True)
class Statistic:
    """One value (Decimal) or the reason why it is not shown; ``n`` dossiers and ``k`` evaluators it rests on."""

    value: Decimal | None
    reason: str
    n: int
    k: int


@dataclass(frozen=True)
class AgreementRow:
    """One subject: the weighted score, or a criterion."""

    subject: str
    label: str
    marks: int
    alphas: dict
    icc_single: Statistic
    icc_mean: Statistic
    kendall_w: Statistic
    chi_square: Decimal | None
    degrees: int
    probability: Decimal | None


@dataclass(frozen=True)
class Cell:
    """Lowest and highest mark of a criterion, its standard deviation, and whether it is flagged."""

    code: str
    low: Decimal
    high: Decimal
    deviation: Decimal | None
    flagged: bool


@dataclass(frozen=True)
class SpreadRow:
    """What the evaluators gave one dossier. ``totals``: [(name, total or None)]; ``flags``: sentences."""

    line: object
    totals: list
    mean: Decimal | None
    total: Cell | None
    cells: list
    flags: list


@dataclass(frozen=True)
class Stand:
    """Where one way of drawing puts a dossier."""

    scheme: str
    first: Decimal
    expected: Decimal
    low: int
    high: int
    places: list

    @property
    def text(self) -> str:
        """Share of the draws in which the dossier is in the first n."""
        return share_text(self.first)


@dataclass(frozen=True)
class StandRow:
    """One ranked dossier with its badge (or None) and one Stand per scheme that is shown, by scheme."""

    line: object
    badge: Badge | None
    stands: dict


class AdviceFigures:
    """Everything a reader is shown of one advice. ``lines``: the run's lines; ``named``: may this reader know who evaluated?"""

    def __init__(self, advice: RankingAdvice, lines, *, named: bool):
        self.advice, self.ranking, self.lines = advice, advice.ranking, list(lines)
        self.record, self.kept_badges = json.loads(advice.content), json.loads(advice.badges)
        self.names = evaluator_names(advice.ranking, named=named)
        self.criteria = {row.criterion.code: row for row in advice.ranking.grid.criteria.select_related("criterion")}
        self.by_id = {str(line.application_id): line for line in self.lines}

    def subject(self, code: str) -> str:
        """A criterion, a block or the whole, in words."""
        if code in self.criteria:
            return f"{code} · {localized(self.criteria[code].criterion, 'label')}"
        return {TOTAL_SUBJECT: _("Weighted score"), TECHNICAL: _("Technical block"), QUALITATIVE: _("Qualitative block")}.get(code, code)

    @cached_property
    def groups(self) -> list[tuple[list, list]]:
        """(evaluators, dossier numbers) linked by what they read; one group is a connected design."""
        return [
            (sorted(self.names[e] for e in group["evaluators"]), sorted(self.by_id[d].application.number for d in group["dossiers"]))
            for group in self.record["groups"]
        ]

    @cached_property
    def spreads(self) -> list[SpreadRow]:
        """One row per dossier, in the order of the ranking."""
        return [self._spread(line, str(line.application_id)) for line in self.lines]

    def _spread(self, line, dossier) -> SpreadRow:
        found, totals = self.record["divergence"][dossier], self.record["totals"][dossier]
        flagged = {flag["subject"] for flag in found["flags"]}
        cells = {s["subject"]: _cell(s, flagged) for s in found["spreads"]}
        values = [Fraction(total) for total in totals.values()]
        return SpreadRow(
            line,
            [(name, truncated(Fraction(totals[code])) if code in totals else None) for code, name in self.names.items()],
            truncated(sum(values, Fraction(0)) / len(values)) if values else None,
            cells.pop(TOTAL_SUBJECT, None),
            [cells.get(code) for code in self.criteria],
            [self._flag(flag) for flag in found["flags"]],
        )

    def _flag(self, flag) -> str:
        low, high = truncated(Fraction(flag["low"])), truncated(Fraction(flag["high"]))
        facts = {"subject": self.subject(flag["subject"]), "low": _plain(low), "high": _plain(high)}
        if flag["kind"] == SPLIT:
            facts["limit"] = _plain(truncated(Fraction(flag["limit"])))
            return _("%(subject)s: the threshold of %(limit)s is reached by some and not by others (%(low)s to %(high)s)") % facts
        if flag["kind"] == CRITERION:
            return _("%(subject)s: from %(low)s to %(high)s out of 5") % facts
        return _("%(subject)s: from %(low)s to %(high)s out of 100") % facts

    @cached_property
    def to_discuss(self) -> list[SpreadRow]:
        """Dossiers with at least one flag."""
        return [row for row in self.spreads if row.flags]

    @cached_property
    def agreement(self) -> list[AgreementRow]:
        """The weighted score, then each criterion."""
        return [
            AgreementRow(
                found["subject"],
                self.subject(found["subject"]),
                found["marks"],
                {level: _statistic(found["alpha"][level]) for level in LEVELS},
                *(_statistic(found[name]) for name in ("icc_single", "icc_mean", "kendall_w")),
                chi_square=_decimal(found["kendall_w"]["chi_square"]),
                degrees=found["kendall_w"]["degrees"],
                probability=_decimal(found["kendall_w"]["probability"]),
            )
            for found in self.record["agreement"]
        ]

    @cached_property
    def hidden_reasons(self) -> list[str]:
        """Why some cells of the agreement table are empty, each reason once."""
        found = [s.reason for row in self.agreement for s in (*row.alphas.values(), row.icc_single, row.icc_mean, row.kendall_w)]
        return list(dict.fromkeys(filter(None, found)))

    @cached_property
    def severity(self) -> dict:
        """Effects by evaluator and corrected ranks in the order of the ranking, or the reason why they are not shown."""
        found = self.record["severity"]
        effects = {row["evaluator"]: row for row in found["effects"]}
        lines = {row["dossier"]: row for row in found["lines"]}
        return {
            "reason": hidden_reason(found["hidden"]),
            "chance": not found["hidden"] and found["shrinkage"] is None,
            "residual": _decimal(found["residual"]),
            "n": found["n"],
            "k": found["k"],
            "effects": [(name, _effect(effects[code])) for code, name in self.names.items() if code in effects],
            "lines": [(line, _corrected(lines[d])) for d, line in self.by_id.items() if d in lines],
        }

    @cached_property
    def hidden_schemes(self) -> dict[str, str]:
        """{scheme: why it is not shown}."""
        empty = {"seed": 0, "draws": 0, "places": 0, "ranks": {}, "first": {}}
        rows = self.record["acceptability"]
        return {r["scheme"]: robustness.Acceptability(r["scheme"], **empty, hidden=r["hidden"]).reason for r in rows if r["hidden"]}

    @cached_property
    def draws(self) -> dict[str, int]:
        """{scheme: how many draws}."""
        return {row["scheme"]: row["draws"] for row in self.record["acceptability"]}

    @cached_property
    def stands(self) -> list[StandRow]:
        """One row per ranked dossier, in the order of the ranking."""
        shown = [row for row in self.record["acceptability"] if not row["hidden"]]
        return [
            StandRow(line, self._badge(dossier), {row["scheme"]: _stand(row, dossier) for row in shown})
            for dossier, line in self.by_id.items()
            if line.rank is not None and shown
        ]

    def _badge(self, dossier) -> Badge | None:
        kept = self.kept_badges.get(dossier)
        return kept and Badge(kept[0], Decimal(kept[1]))

    @cached_property
    def critical(self) -> list[dict]:
        """Per criterion: adopted weight, the weight at which somebody crosses the line (or None), and who crosses."""
        return [
            {
                "label": self.subject(row["criterion"]),
                "code": row["criterion"],
                "weight": row["weight"],
                "delta": None if row["delta"] is None else Fraction(row["delta"]),
                "ahead": self.by_id[row["ahead"]],
                "behind": self.by_id[row["behind"]],
            }
            for row in self.record["critical"]
        ]


def _cell(spread, flagged) -> Cell:
    low, high = truncated(Fraction(spread["low"])), truncated(Fraction(spread["high"]))
    return Cell(spread["subject"], low, high, _decimal(spread["deviation"]), spread["subject"] in flagged)


def _effect(row) -> dict:
    return {"readings": row["readings"]} | {name: Decimal(row[name]) for name in ("effect", "raw", "margin")}


def _corrected(row) -> dict:
    return row | {"mean": Decimal(row["mean"]), "corrected": Decimal(row["corrected"])}


def _stand(row, dossier) -> Stand:
    shares = row["ranks"][dossier]
    places = [_place(Decimal(shares.get(str(place), 0))) for place in range(1, len(row["ranks"]) + 1)]
    return Stand(row["scheme"], Decimal(row["first"][dossier]), Decimal(row["expected"][dossier]), *row["interval"][dossier], places)


def _place(share: Decimal) -> tuple[Decimal, str, int]:
    """(share, its text or nothing, shade of the cell)."""
    return share, share_text(share) if share else "", sum(share >= limit for limit in HEAT)


def _statistic(found) -> Statistic:
    return Statistic(_decimal(found["value"]), hidden_reason(found["hidden"]), found["n"], found["k"])


def _decimal(text) -> Decimal | None:
    return None if text is None else Decimal(text)


def _plain(value: Decimal) -> str:
    """Without the zeros that say nothing: 2.50 is 2.5, 40.00 is 40."""
    return number_format(value.normalize())
