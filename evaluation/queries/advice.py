"""Reading the advice kept beside a run: its sealed document, its badges, the names of those it speaks of."""

import json
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from clusters_portal.accounts.models import User
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from evaluation.models import Ranking, RankingAdvice
from evaluation.rules.robustness import LIKELY, SENSITIVE, SOLID, badge_label

NBSP = "\u00a0"
TONES = {SOLID: "ok", LIKELY: "info", SENSITIVE: "warn"}


def sealed_advice(ranking_sha256: str, content: str, badges: str, version: str) -> str:
    """The canonical JSON text an advice is sealed by; its SHA-256 is the hash of the advice."""
    return canonical_json(
        {"advice": json.loads(content), "badges": json.loads(badges), "code_version": version, "ranking_sha256": ranking_sha256}
    )


def advice_document(advice: RankingAdvice) -> str:
    """The sealed text of a stored advice."""
    return sealed_advice(advice.ranking.sha256, advice.content, advice.badges, advice.code_version)


@dataclass(frozen=True)
class Badge:
    """How firmly a dossier sits on its side of the line. ``share``: probability (0–1) of being in the first n."""

    code: str
    share: Decimal

    @property
    def label(self) -> str:
        """The badge in words."""
        return badge_label(self.code)

    @property
    def tone(self) -> str:
        """Tone of the tag."""
        return TONES[self.code]

    @property
    def text(self) -> str:
        """The probability as a percentage."""
        return share_text(self.share)


def badges_of(ranking: Ranking) -> dict[UUID, Badge] | None:
    """The badges of a run by dossier, in one query; None when no advice was computed."""
    return read_badges(RankingAdvice.objects.filter(ranking=ranking).values_list("badges", flat=True).first())


def read_badges(kept: str | None) -> dict[UUID, Badge] | None:
    """Stored badges by dossier; None when no advice was computed."""
    if kept is None:
        return None
    return {UUID(dossier): Badge(code, Decimal(share)) for dossier, (code, share) in json.loads(kept).items()}


def share_text(share: Decimal) -> str:
    """A share in whole percent. What happened, or did not, in a few draws is neither never nor always."""
    if 0 < share < Decimal("0.01"):
        return f"<{NBSP}1{NBSP}%"
    if Decimal("0.99") < share < 1:
        return f">{NBSP}99{NBSP}%"
    return f"{round(share * 100)}{NBSP}%"


def evaluator_names(ranking: Ranking, *, named: bool) -> dict[str, str]:
    """{code of the run: what the reader calls this evaluator}, in the order to show.

    Without the right to names, evaluators are numbered in an order drawn from the run's hash, which tells nothing of them.
    """
    dossiers = json.loads(ranking.inputs)["dossiers"]
    codes = {evaluation["evaluator"] for dossier in dossiers for evaluation in dossier["evaluations"]}
    if not named:
        ordered = sorted(codes, key=lambda code: sha256_hex(f"{ranking.sha256} {code}"))
        return {code: _("Evaluator %(number)d") % {"number": number} for number, code in enumerate(ordered, 1)}
    people = User.objects.in_bulk([int(code.removeprefix("E")) for code in codes])
    names = {f"E{pk}": str(person) for pk, person in people.items()}
    return dict(sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: (pair[1], pair[0])))
