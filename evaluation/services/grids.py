"""Writing grids: the default proposal of a call, and its adoption by a dated minute."""

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Call
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from evaluation.models import Grid, GridCriterion, LevelAnchor
from evaluation.queries import rules_grid
from evaluation.rules.scoring import InvalidGrid
from evaluation.services.refusals import Refused

# Proposed wording, editable in the admin until the grid is locked. Not gettext: it is data of the call, in its languages.
DEFAULT_ANCHORS = (
    (
        "Absent : le critère n'est pas traité ou ne peut pas être apprécié.",
        "منعدم: المعيار غير معالج أو يتعذر تقديره.",
        "Absent: the criterion is not addressed or cannot be judged.",
    ),
    ("Insuffisant : des faiblesses graves.", "غير كاف: نقائص جسيمة.", "Poor: serious weaknesses."),
    (
        "Partiel : traité dans ses grandes lignes, avec des faiblesses importantes.",
        "جزئي: معالج في خطوطه العريضة مع نقائص مهمة.",
        "Fair: broadly addressed, with significant weaknesses.",
    ),
    (
        "Bon : bien traité, avec plusieurs points à améliorer.",
        "جيد: معالج بشكل جيد مع عدة جوانب قابلة للتحسين.",
        "Good: addressed well, with several points to improve.",
    ),
    (
        "Très bon : très bien traité, avec quelques réserves mineures.",
        "جيد جدا: معالج بشكل جيد جدا مع تحفظات طفيفة.",
        "Very good: addressed very well, with a few minor reservations.",
    ),
    (
        "Excellent : traité sous tous ses aspects, sans réserve notable.",
        "ممتاز: معالج من جميع جوانبه دون تحفظ يذكر.",
        "Excellent: addressed in every respect, without notable reservation.",
    ),
)

# The sections of the dossier (steps) that inform each criterion of clause 7.2, by its code; unknown codes have no jump.
DEFAULT_STEPS = {
    "T1": ["identite", "strategie", "indicateurs"],
    "T2": ["membres", "territoire"],
    "T3": ["membres", "gouvernance", "strategie"],
    "T4": ["projets", "plan-action"],
    "T5": ["projets", "membres"],
    "Q1": ["gouvernance", "identite"],
    "Q2": ["projets", "strategie"],
    "Q3": ["territoire", "membres"],
    "Q4": ["budget"],
    "Q5": ["start-up", "plan-action"],
}


def equal_weights(count: int) -> list[int]:
    """Whole percents that add up to 100, as equal as they can be; the first criteria take what does not divide."""
    share, rest = divmod(100, count)
    return [share + (1 if index < rest else 0) for index in range(count)]


def why_not_create(call) -> str:
    """What prevents a default grid, in words; "" when it can be made."""
    if not call.criteria.exists():
        return _("This call has no criteria: enter them first.")
    return _("This call already has a grid.") if call.grids.exists() else ""


@transaction.atomic
def create_default_grid(*, call, actor) -> Grid:
    """Version 1 of the call's grid: equal weights, no eliminating threshold, default ladder and anchors. Journals.

    Raises Refused when the call has no criteria or already has a grid.
    """
    Call.objects.select_for_update().get(pk=call.pk)
    criteria = list(call.criteria.order_by("position", "pk"))
    reason = why_not_create(call)
    if reason:
        raise Refused(reason, "grid_exists" if criteria else "no_criteria")
    grid = Grid.objects.create(call=call, created_by=actor)
    for position, (criterion, weight) in enumerate(zip(criteria, equal_weights(len(criteria)), strict=True)):
        row = GridCriterion.objects.create(
            grid=grid, criterion=criterion, position=position, weight=weight, step_slugs=DEFAULT_STEPS.get(criterion.code, [])
        )
        LevelAnchor.objects.bulk_create(
            LevelAnchor(grid_criterion=row, level=level, text_fr=fr, text_ar=ar, text_en=en)
            for level, (fr, ar, en) in enumerate(DEFAULT_ANCHORS)
        )
    journal.record(
        "grid.create", grid, actor=actor, data={"weights": {c.code: w for c, w in zip(criteria, equal_weights(len(criteria)), strict=True)}}
    )
    return grid


@transaction.atomic
def save_terms(*, grid, actor) -> None:
    """Write ladder, thresholds and expected date of a grid; once it is adopted, the expected date only. Journals."""
    locked = Grid.objects.select_for_update().get(pk=grid.pk)
    terms = () if locked.adopted_on else ("tie_ladder", "threshold_technical", "threshold_qualitative", "threshold_total")
    for name in ("due_on", *terms):
        setattr(locked, name, getattr(grid, name))
    locked.save(update_fields=["due_on", *terms])
    journal.record("grid.change", locked, actor=actor, data={name: str(getattr(locked, name)) for name in ("due_on", *terms)})


@transaction.atomic
def adopt(*, grid, adopted_on, reference, actor) -> Grid:
    """Record that the committee adopted the grid on a date by a minute. Journals.

    Raises Refused when it is adopted already, when weights do not add up to 100, or without a reference.
    """
    locked = Grid.objects.select_for_update().get(pk=grid.pk)
    if locked.adopted_on is not None:
        raise Refused(_("This grid is already adopted."), "already_adopted")
    if not adopted_on or not (reference or "").strip():
        raise Refused(_("An adopted grid has a date and the reference of the minutes."), "no_reference")
    try:
        rules_grid(locked)
    except InvalidGrid as error:
        raise Refused(_("The weights must add up to 100 percent."), "weights") from error
    locked.adopted_on, locked.adoption_reference = adopted_on, reference.strip()
    locked.save(update_fields=["adopted_on", "adoption_reference"])
    journal.record("grid.adopt", locked, actor=actor, after=f"{adopted_on.isoformat()} · {locked.adoption_reference}")
    return locked


def lock(*, grid, actor) -> None:
    """Freeze the grid: a mark relies on it. Harmless when it is locked already. Called inside the caller's transaction."""
    locked = Grid.objects.select_for_update().get(pk=grid.pk)
    if locked.locked_at is None:
        locked.locked_at = clock.now()
        locked.save(update_fields=["locked_at"])
        journal.record("grid.lock", locked, actor=actor)
