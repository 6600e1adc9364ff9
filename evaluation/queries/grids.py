"""Grids as they are read: the record an adopted grid is sealed by, what differs between two, and what is public."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.formats import localize
from django.utils.translation import gettext as _

from applications.models import Call, Criterion
from clusters_portal.accounts.roles import COMMITTEE_ROLES, Role, has_role
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from evaluation.models import Grid
from evaluation.rules.ties import STEP_SENTENCES

FORMAT = 1
LANGUAGES = ("fr", "ar", "en")
DRAFT_READERS = (Role.DIVISION_HEAD, *COMMITTEE_ROLES, Role.AUDITOR)
READERS = (*DRAFT_READERS, Role.CASE_OFFICER, Role.EVALUATOR)


def readable_grids(user) -> QuerySet:
    """Versions this person may read: adopted ones for whoever judges, drafts for those who prepare or adopt them."""
    grids = Grid.objects.select_related("call", "copied_from", "created_by").order_by("-version")
    if has_role(user, *DRAFT_READERS):
        return grids
    return grids.adopted().filter(call__published_at__isnull=False) if has_role(user, *READERS) else grids.none()


def calls_with_grid(user) -> QuerySet:
    """Calls whose grid this person may read; whoever prepares grids also meets the calls that have none."""
    if has_role(user, Role.DIVISION_HEAD):
        return Call.objects.order_by("-deadline_at")
    return Call.objects.filter(pk__in=readable_grids(user).order_by().values("call")).order_by("-deadline_at")


def criteria_rows(grid: Grid) -> list:
    """The criteria of a grid with labels and anchors, in order of priority; two queries."""
    return list(grid.criteria.select_related("criterion").prefetch_related("anchors"))


def shown(grid: Grid) -> dict:
    """What a page of the grid shows: criteria by block with the weight of each block, the sum of weights, the ladder in words,
    and the anchors once when every criterion has the same.
    """
    rows = criteria_rows(grid)
    blocks = [(label, [row for row in rows if row.criterion.block == block]) for block, label in Criterion.Block.choices]
    return {
        "blocks": [(label, found, sum(row.weight for row in found)) for label, found in blocks if found],
        "total_weight": sum(row.weight for row in rows),
        "ladder": [STEP_SENTENCES[step] for step in grid.tie_ladder],
        "common_anchors": _common_anchors(rows),
        "thresholds": [
            (label, value)
            for label, value in (
                (_("Technical block"), grid.threshold_technical),
                (_("Qualitative block"), grid.threshold_qualitative),
                (_("Total"), grid.threshold_total),
            )
            if value is not None
        ],
        "has_thresholds": any(row.threshold is not None for row in rows),
    }


def _common_anchors(rows) -> list:
    """The anchors of the first criterion when all the others say the same, otherwise nothing."""
    said = {tuple((a.level, a.text_fr, a.text_ar, a.text_en) for a in row.anchors.all()) for row in rows}
    return list(rows[0].anchors.all()) if len(said) == 1 else []


def grid_record(grid: Grid) -> dict:
    """Everything an adopted grid says, as plain values in a fixed order, ready for canonical JSON."""
    return {
        "format": FORMAT,
        "call": grid.call_id,
        "version": grid.version,
        "adopted_on": grid.adopted_on,
        "reference": grid.adoption_reference,
        "thresholds": {
            "technical": grid.threshold_technical, "qualitative": grid.threshold_qualitative, "total": grid.threshold_total
        },
        "tie_ladder": list(grid.tie_ladder),
        "criteria": [_criterion_record(row) for row in criteria_rows(grid)],
    }  # fmt: skip


def _criterion_record(row) -> dict:
    return {
        "code": row.criterion.code,
        "block": row.criterion.block,
        "label": {language: getattr(row.criterion, f"label_{language}") for language in LANGUAGES},
        "weight": row.weight,
        "threshold": row.threshold,
        "min_justification": row.min_justification,
        "steps": list(row.step_slugs),
        "guidance": {language: getattr(row, f"guidance_{language}") for language in LANGUAGES},
        "anchors": [[anchor.level, anchor.text_fr, anchor.text_ar, anchor.text_en] for anchor in row.anchors.all()],
    }


def grid_sha256(grid: Grid) -> str:
    """SHA-256 of the canonical JSON of a grid as the database gives it."""
    return sha256_hex(canonical_json(grid_record(grid)))


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two versions say differently. ``code`` is the criterion's, or "" for the grid; ``what`` names the term."""

    code: str
    what: str
    before: object
    after: object

    @property
    def label(self) -> str:
        """The term in words."""
        return {
            "weight": _("Weight (percent)"),
            "threshold": _("Threshold (out of 5)"),
            "min_justification": _("Minimum length of the justification (characters)"),
            "position": _("Order of priority"),
            "guidance": _("Guidance"),
            "steps": _("Steps of the application it concerns"),
            "anchors": _("What each mark means"),
            "threshold_technical": _("Threshold of the technical block"),
            "threshold_qualitative": _("Threshold of the qualitative block"),
            "threshold_total": _("Threshold of the total"),
            "tie_ladder": _("Tie ladder"),
        }[self.what]

    @property
    def before_lines(self) -> list:
        """What the earlier version says, as lines of text."""
        return self._lines(self.before, self.after)

    @property
    def after_lines(self) -> list:
        """What the later version says."""
        return self._lines(self.after, self.before)

    def _lines(self, value, other) -> list:
        if value in (None, "", []):
            return []
        if self.what == "tie_ladder":
            return [f"{n}. {STEP_SENTENCES[step]}" for n, step in enumerate(value, 1)]
        if self.what == "anchors":
            return [" · ".join(str(part) for part in anchor if part != "") for anchor in value if anchor not in (other or ())]
        if self.what == "guidance":
            return [text for text in value.values() if text]
        return [", ".join(value)] if self.what == "steps" else [str(localize(value))]


TERMS = ("weight", "threshold", "min_justification", "position", "guidance", "steps", "anchors")


def differences(before: Grid, after: Grid) -> list[Difference]:
    """What ``after`` changes, criterion by criterion in its own order, then thresholds and ladder."""
    old, new = ({row["code"]: row | {"position": n} for n, row in enumerate(grid_record(g)["criteria"], 1)} for g in (before, after))
    found = [
        Difference(code, what, old.get(code, {}).get(what), new.get(code, {}).get(what))
        for code in [*new, *(code for code in old if code not in new)]
        for what in TERMS
        if old.get(code, {}).get(what) != new.get(code, {}).get(what)
    ]
    for what in ("threshold_technical", "threshold_qualitative", "threshold_total", "tie_ladder"):
        if getattr(before, what) != getattr(after, what):
            found.append(Difference("", what, getattr(before, what), getattr(after, what)))
    return found


def published_grid(call: Call) -> Grid | None:
    """The grid applicants could read before they applied: the last version adopted by the day the call opened."""
    if call.published_at is None:
        return None
    return call.grids.adopted().filter(adopted_on__lte=clock.today(call.opens_at)).order_by("-version").first()
