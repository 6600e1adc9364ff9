"""Why an assignment is impossible, by name: the checks that need no solver, and every obstacle as a sentence.

Hall's condition for a group of dossiers (their evaluators together have too few readings to give) comes from the solver's
cut; it is worded here like the others. Hall, P. (1935), "On representatives of subsets", J. London Math. Soc. 10, 26–30.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.rules.assignment import Dossier, Evaluator, Problem

NOTHING = "nothing"
LOADS_CROSSED = "loads_crossed"
LOAD_OUT_OF_REACH = "load_out_of_reach"
TOO_FEW_READERS = "too_few_readers"
TOO_FEW_EMPLOYERS = "too_few_employers"
NO_EXPERT = "no_expert"
CAPACITY = "capacity"
SHORTAGE = "shortage"
EXPERT_SHORTAGE = "expert_shortage"
WITHOUT_MIN_LOADS = "without_min_loads"
WITHOUT_EXPERTS = "without_experts"
WITHOUT_EMPLOYERS = "without_employers"
TOGETHER = "together"
SEARCH_STOPPED = "search_stopped"
NOT_CONNECTED = "not_connected"
SECTOR_UNKNOWN = "sector_unknown"
MARKS_GIVEN = "marks_given"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why no assignment exists, or a wish that a proposal could not meet.

    ``count`` is what there is, ``needed`` what it takes; ``names`` are labels of dossiers or names of evaluators.
    """

    code: str
    names: tuple[str, ...] = ()
    count: int = 0
    needed: int = 0
    sector: str = ""

    def sentence(self) -> str:
        """The reason in words, in the active language."""
        names = ", ".join(self.names)
        facts = {"name": names, "names": names, "count": self.count, "needed": self.needed, "sector": self.sector}
        return _sentence(self.code, self.count) % facts


def _sentence(code: str, count: int) -> str:
    if code in (TOO_FEW_READERS, TOO_FEW_EMPLOYERS, LOAD_OUT_OF_REACH):
        return _counted(code, count)
    return {
        NOTHING: _("There is no application or no evaluator to assign."),
        LOADS_CROSSED: _("%(name)s: the minimum load (%(needed)d) is above the maximum load (%(count)d)."),
        NO_EXPERT: _("Application %(name)s has no possible evaluator who knows its sector (%(sector)s)."),
        CAPACITY: _("The evaluators can take %(count)d readings in all; %(needed)d are needed."),
        SHORTAGE: _("Applications %(names)s need %(needed)d readings together; their evaluators can give only %(count)d."),
        EXPERT_SHORTAGE: _(
            "Applications %(names)s need %(needed)d readings by experts of their sector; these experts can give only %(count)d."
        ),
        WITHOUT_MIN_LOADS: _("The minimum loads of the evaluators cannot all be reached; without them an assignment exists."),
        WITHOUT_EXPERTS: _("One expert of the sector per application is not possible; without this rule an assignment exists."),
        WITHOUT_EMPLOYERS: _("One evaluator per employer and application is not possible; without this rule an assignment exists."),
        TOGETHER: _("No assignment keeps all the rules at once: raise the maximum loads or add evaluators."),
        SEARCH_STOPPED: _("No assignment was found after %(needed)d attempts: too many colleagues of one employer among the experts."),
        NOT_CONNECTED: _("%(names)s share no application with the other evaluators: their severity cannot be compared."),
        MARKS_GIVEN: _("The rules would take applications away from evaluators who have begun to score them: %(names)s."),
        SECTOR_UNKNOWN: _("Application %(name)s states no sector: no expert was required for it."),
    }[code]


def _counted(code: str, count: int) -> str:
    if code == TOO_FEW_READERS:
        return ngettext(
            "Application %(name)s has only %(count)d possible evaluator; %(needed)d are needed.",
            "Application %(name)s has only %(count)d possible evaluators; %(needed)d are needed.",
            count,
        )
    if code == TOO_FEW_EMPLOYERS:
        return ngettext(
            "The possible evaluators of application %(name)s come from %(count)d employer only; %(needed)d evaluators are needed.",
            "The possible evaluators of application %(name)s come from %(count)d employers only; %(needed)d evaluators are needed.",
            count,
        )
    return ngettext(
        "%(name)s must read at least %(needed)d applications; only %(count)d application is open to this evaluator.",
        "%(name)s must read at least %(needed)d applications; only %(count)d applications are open to this evaluator.",
        count,
    )


class Infeasible(Exception):
    """No assignment keeps the hard rules; ``obstacles`` says why, by name."""

    def __init__(self, obstacles: tuple[Obstacle, ...]):
        self.obstacles = obstacles
        super().__init__(f"{len(obstacles)} obstacles")

    def sentences(self) -> list[str]:
        """Every reason in words, in the active language."""
        return [obstacle.sentence() for obstacle in self.obstacles]


def obstacles(problem: Problem) -> tuple[Obstacle, ...]:
    """What can be seen without solving, dossiers first, each in the order of its label; empty promises nothing yet."""
    if not problem.dossiers or not problem.evaluators:
        return (Obstacle(NOTHING),)
    found = [o for dossier in sorted(problem.dossiers, key=lambda d: d.label) for o in _of_dossier(problem, dossier)]
    found += [o for evaluator in sorted(problem.evaluators, key=lambda e: (e.name, e.id)) for o in _of_evaluator(problem, evaluator)]
    capacity = sum(problem.capacity(evaluator) for evaluator in problem.evaluators)
    needed = problem.min_evaluators * len(problem.dossiers)
    if not found and capacity < needed:
        found.append(Obstacle(CAPACITY, count=capacity, needed=needed))
    return tuple(found)


def _of_dossier(problem: Problem, dossier: Dossier) -> list[Obstacle]:
    """Dossiers count only evaluators who may read something at all: a maximum load of 0 is nobody."""
    idle = {e.id for e in problem.evaluators if e.max_load == 0}
    readers = [reader for reader in problem.readers(dossier.id) if reader not in idle]
    needed, found = problem.min_evaluators, []
    # Colleagues count as one: only one of them may read this dossier.
    doubles = sum(max(len(set(group) - idle) - 1, 0) for group in problem.employers(dossier.id).values())
    if len(readers) < needed:
        found.append(Obstacle(TOO_FEW_READERS, (dossier.label,), len(readers), needed))
    elif len(readers) - doubles < needed:
        found.append(Obstacle(TOO_FEW_EMPLOYERS, (dossier.label,), len(readers) - doubles, needed))
    experts = problem.experts(dossier)
    if experts is not None and not set(experts) - idle:
        found.append(Obstacle(NO_EXPERT, (dossier.label,), sector=dossier.sector))
    return found


def _of_evaluator(problem: Problem, evaluator: Evaluator) -> list[Obstacle]:
    if evaluator.max_load is not None and evaluator.min_load > evaluator.max_load:
        return [Obstacle(LOADS_CROSSED, (evaluator.name,), evaluator.max_load, evaluator.min_load)]
    possible = len(problem.readable(evaluator.id))
    if possible < evaluator.min_load:
        return [Obstacle(LOAD_OUT_OF_REACH, (evaluator.name,), possible, evaluator.min_load)]
    return []
