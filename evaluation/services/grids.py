"""Writing grids: the default proposal of a call, its copy as a further version, and adoption by a dated minute.

A ranking stands on one grid, and evaluations begun keep theirs. So once a mark exists in the call, no other version is adopted:
the safe rule, since changing the grid under evaluations would make them say what nobody judged.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Call
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from evaluation.models import Evaluation, Grid, GridCriterion, LevelAnchor
from evaluation.queries import current_grid, rules_grid
from evaluation.queries.grids import grid_sha256
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


CRITERION_FIELDS = (
    "criterion_id",
    "position",
    "weight",
    "threshold",
    "min_justification",
    "step_slugs",
    "guidance_fr",
    "guidance_ar",
    "guidance_en",
)
TERMS = ("tie_ladder", "threshold_technical", "threshold_qualitative", "threshold_total", "due_on")


@transaction.atomic
def copy(*, grid, actor) -> Grid:
    """The next version of the call's grid, equal to this one and not adopted: the only way to change an adopted grid. Journals.

    Raises Refused while another version waits for its adoption, and once marks exist.
    """
    Call.objects.select_for_update().get(pk=grid.call_id)
    reason = why_not_copy(grid.call)
    if reason:
        raise Refused(reason, "copy")
    last = Grid.objects.filter(call=grid.call_id).order_by("-version").first()
    terms = {name: getattr(grid, name) for name in TERMS}
    made = Grid.objects.create(call_id=grid.call_id, version=last.version + 1, copied_from=grid, created_by=actor, **terms)
    for row in grid.criteria.prefetch_related("anchors"):
        criterion = GridCriterion.objects.create(grid=made, **{name: getattr(row, name) for name in CRITERION_FIELDS})
        LevelAnchor.objects.bulk_create(
            LevelAnchor(grid_criterion=criterion, level=a.level, text_fr=a.text_fr, text_ar=a.text_ar, text_en=a.text_en)
            for a in row.anchors.all()
        )
    journal.record("grid.copy", made, actor=actor, data={"from": grid.version})
    return made


def sum_of_weights(grid) -> int:
    """The weights of a grid as they stand, in percent; 100 before it can be adopted."""
    return sum(grid.criteria.values_list("weight", flat=True))


def has_marks(call) -> bool:
    """Whether anybody has begun to score a dossier of the call."""
    return Evaluation.objects.filter(assignment__application__call=call).exists()


def why_not_copy(call) -> str:
    """What prevents a further version, in words; "" when it can be made."""
    if has_marks(call):
        return _("Marks exist in this call: its grid can no longer change.")
    if call.grids.filter(adopted_on=None).exists():
        return _("A version of this grid already waits for its adoption: change that one.")
    return ""


@transaction.atomic
def adopt(*, grid, adopted_on, reference, actor) -> Grid:
    """Record that the committee adopted the grid on a date by a minute, and seal it by its hash. Journals.

    Raises Refused when it is adopted already, older than the adopted one, when marks exist in the call, when weights do not add
    up to 100, or without a reference.
    """
    # Every version is locked: a first mark that begins meanwhile locks its own, and one of the two waits for the other.
    versions = {row.pk: row for row in Grid.objects.select_for_update().filter(call=grid.call_id).order_by("pk")}
    locked = versions[grid.pk]
    _check_adoption(locked, versions.values())
    if not adopted_on or not (reference or "").strip():
        raise Refused(_("An adopted grid has a date and the reference of the minutes."), "no_reference")
    try:
        rules_grid(locked)
    except InvalidGrid as error:
        raise Refused(_("The weights must add up to 100 percent."), "weights") from error
    locked.adopted_on, locked.adoption_reference = adopted_on, reference.strip()
    locked.sha256 = grid_sha256(locked)
    locked.save(update_fields=["adopted_on", "adoption_reference", "sha256"])
    after = f"{adopted_on.isoformat()} · {locked.adoption_reference}"
    journal.record("grid.adopt", locked, actor=actor, after=after, data={"sha256": locked.sha256})
    return locked


def _check_adoption(grid, versions):
    if grid.adopted_on is not None:
        raise Refused(_("This grid is already adopted."), "already_adopted")
    if any(row.adopted_on is not None and row.version > grid.version for row in versions):
        raise Refused(_("A later version of this grid is already adopted."), "later")
    if has_marks(grid.call_id):
        raise Refused(_("Marks exist in this call: its grid can no longer change."), "marks")


def lock(*, grid, actor) -> None:
    """Freeze the grid: a mark relies on it. Harmless when it is locked already. Called inside the caller's transaction.

    Raises Refused when another version was adopted since the caller read this one.
    """
    locked = Grid.objects.select_for_update(of=("self",)).select_related("call").get(pk=grid.pk)
    if locked.locked_at is None:
        if current_grid(locked.call) != locked:
            raise Refused(_("Another version of the grid has just been adopted: open this page again."), "grid_changed")
        locked.locked_at = clock.now()
        locked.save(update_fields=["locked_at"])
        journal.record("grid.lock", locked, actor=actor)
