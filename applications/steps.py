"""The steps of a dossier, each declared once: addresses, task list, recap, deposit gate and PDF come from this list.

Section numbers are those of clause 6 of the cahier des charges. What is required is said by the forms.
"""

from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from .forms.budget import BudgetDetailForm, BudgetNoteForm, ExtraIndicatorForm, budget_rows, indicator_rows
from .forms.grids import ArgumentsPart, GridPart
from .forms.identity import (
    AssociationForm,
    IdentityForm,
    OfficerForm,
    OfficersPart,
    SupportPeriodForm,
    TerritoryForm,
)
from .forms.organisation import BoardMemberForm, FeeRuleForm, GovernanceForm, MemberForm
from .forms.parts import Part, Problem, Writes
from .forms.pieces import PiecesPart
from .forms.rows import RowsPart
from .forms.single import FormPart
from .forms.strategy import (
    ActionForm,
    CollaborativeProjectForm,
    CooperationProjectForm,
    PartnershipForm,
    StartupServiceForm,
    StartupSupportForm,
    StrategyForm,
    series_rows,
)
from .models import BudgetLine, CriterionArgument, IndicatorValue, RejectedInput, StrategySeries
from .queries import OFTEN_EMPTY, Dossier, noting_empty_tables, single_row_name

TO_START, IN_PROGRESS, TO_CORRECT, COMPLETE = "todo", "in_progress", "to_correct", "complete"


@dataclass(frozen=True)
class Step:
    """`slug` is its address, `code` the name the rules know it by, `number` its section of the call document."""

    slug: str
    code: str
    number: str
    label: str
    parts: tuple[Part, ...]
    optional: bool = False

    def bind(self, dossier: Dossier, data=None) -> "BoundStep":
        return BoundStep(self, dossier, data)

    def problems(self, dossier: Dossier) -> list[Problem]:
        """What stands between what is stored and a complete step, in sentences."""
        unread = self._unread(dossier)
        places = {problem.input_id for problem in unread if problem.input_id.startswith("id_")}
        return unread + [p for part in self.parts for p in part.problems(dossier) if p.input_id not in places]

    def _unread(self, dossier) -> list[Problem]:
        """Inputs kept as typed because they could not be read."""
        keys = {part.key for part in self.parts}
        if not any(key.split(".", 1)[0] in keys for key in dossier.rejected):
            return []
        return self.bind(dossier).errors

    def values(self, dossier: Dossier) -> dict:
        return {part.key: part.values(dossier) for part in self.parts}

    @property
    def is_form(self) -> bool:
        """Is the step one form? Members and files are sent from pages and cards of their own."""
        return any(part.inline for part in self.parts)

    def part(self, key) -> Part:
        """The part of that key. Raises KeyError."""
        return {part.key: part for part in self.parts}[key]


class BoundStep:
    """A step with a browser's data, or with what is stored, ready to be shown or written."""

    def __init__(self, step, dossier, data=None):
        self.step, self.dossier = step, dossier
        self.parts = [part.bind(dossier, data) for part in step.parts]

    @cached_property
    def errors(self) -> list[Problem]:
        return [error for part in self.parts for error in part.errors]

    def problems(self) -> list[Problem]:
        """What is sent and cannot be read, then what is missing once `writes` are laid over the dossier."""
        places = {error.input_id for error in self.errors}
        return self.errors + [p for part in self.step.parts for p in part.problems(self.dossier) if p.input_id not in places]

    def writes(self) -> list[tuple[Part, Writes]]:
        """What saving comes to, for the parts that were sent."""
        return [(bound.part, bound.writes()) for bound in self.parts if bound.is_sent]


@dataclass(frozen=True)
class Progress:
    """One line of the task list."""

    step: Step
    state: str
    problems: list

    @property
    def is_complete(self):
        return self.state == COMPLETE


def progress_of(dossier: Dossier) -> list[Progress]:
    """The task list: every step with its state and what it lacks."""
    return [_progress(step, dossier) for step in STEPS]


def _progress(step, dossier):
    problems = step.problems(dossier)
    started = step.slug in dossier.step_states
    if any(problem.kind == "invalid" for problem in problems):
        state = TO_CORRECT
    elif not problems:
        state = COMPLETE if started or not step.optional else TO_START
    else:
        state = IN_PROGRESS if started else TO_START
    return Progress(step, state, problems)


STEPS = (
    Step(
        "identite", "identity", "1.1", gettext_lazy("Identity and governance"),
        (
            FormPart("association", AssociationForm, title=gettext_lazy("Name")),
            FormPart("identity", IdentityForm, title=gettext_lazy("Association")),
            OfficersPart(
                "officers", OfficerForm, minimum=3, title=gettext_lazy("Officers and contacts"),
                help=gettext_lazy("President, vice-president, treasurer; director if there is one."),
                add_label=gettext_lazy("Add a person"),
            ),
            RowsPart(
                "support", SupportPeriodForm, title=gettext_lazy("Earlier State support"), optional=True, layout="table",
                help=gettext_lazy("Only for a cluster already labelled: each period of the label or of a contract-programme."),
                add_label=gettext_lazy("Add a period"),
            ),
        ),
    ),
    Step(
        "territoire", "territory", "1.1", gettext_lazy("Territory and history"),
        (FormPart("territory", TerritoryForm, title=gettext_lazy("Territory and history")),),
    ),
    Step(
        "membres", "members", "1.2", gettext_lazy("Members and participants"),
        (
            RowsPart(
                "members", MemberForm, minimum=1, paged=True, title=gettext_lazy("Members"), add_label=gettext_lazy("Add a member"),
            ),
        ),
    ),
    Step(
        "gouvernance", "governance", "2", gettext_lazy("Board, organisation and fees"),
        (
            RowsPart(
                "board", BoardMemberForm, minimum=1, layout="table", title=gettext_lazy("Board of directors"),
                add_label=gettext_lazy("Add a board member"),
            ),
            FormPart("governance", GovernanceForm, title=gettext_lazy("Organisation")),
            RowsPart(
                "fees", FeeRuleForm, minimum=1, layout="table", title=gettext_lazy("Membership fees and how they are computed"),
                add_label=gettext_lazy("Add a fee rule"),
            ),
        ),
    ),
    Step(
        "strategie", "strategy", "3", gettext_lazy("Strategy and quantified targets"),
        (
            FormPart("strategy", StrategyForm, title=gettext_lazy("Five-year strategy")),
            GridPart("series", StrategySeries, "code", series_rows, title=gettext_lazy("Targets and forecasts over five years")),
        ),
    ),
    Step(
        "projets", "projects", "4", gettext_lazy("Projects and partnerships"),
        (
            RowsPart(
                "cooperation", CooperationProjectForm, title=gettext_lazy("Cooperation projects"),
                add_label=gettext_lazy("Add a cooperation project"),
            ),
            RowsPart(
                "collaborative", CollaborativeProjectForm, minimum=1, title=gettext_lazy("Collaborative projects"),
                add_label=gettext_lazy("Add a collaborative project"),
            ),
            RowsPart(
                "partnerships", PartnershipForm, layout="table", title=gettext_lazy("Partnerships"),
                add_label=gettext_lazy("Add a partnership"),
            ),
        ),
    ),
    Step(
        "start-up", "startups", "5", gettext_lazy("Start-ups"),
        (
            FormPart("startups", StartupSupportForm, title=gettext_lazy("Support to innovative entrepreneurship")),
            RowsPart(
                "services", StartupServiceForm, layout="table", title=gettext_lazy("Services by type of support"),
                add_label=gettext_lazy("Add a service"),
            ),
        ),
    ),
    Step(
        "plan-action", "actions", "6.1", gettext_lazy("Plan of action"),
        (RowsPart(
            "actions", ActionForm, minimum=1, title=gettext_lazy("Actions over five years"),
            add_label=gettext_lazy("Add an action"),
        ),),
    ),
    Step(
        "budget", "budget", "6.2", gettext_lazy("Five-year budget"),
        (
            GridPart("lines", BudgetLine, "heading", budget_rows, title=gettext_lazy("Forecast budget (DH)")),
            RowsPart(
                "details", BudgetDetailForm, layout="years", title=gettext_lazy("Lines to be specified"),
                add_label=gettext_lazy("Add a detail line"),
            ),
            FormPart("note", BudgetNoteForm, title=gettext_lazy("Comment")),
        ),
    ),
    Step(
        "indicateurs", "indicators", "7", gettext_lazy("Performance indicators"),
        (
            GridPart(
                "indicators", IndicatorValue, "definition", indicator_rows, title=gettext_lazy("Indicators over five years"),
                help=gettext_lazy("All indicators are annual and are never added up."),
            ),
            RowsPart(
                "extra", ExtraIndicatorForm, layout="years", title=gettext_lazy("Additional indicators"),
                add_label=gettext_lazy("Add an indicator"),
            ),
        ),
    ),
    Step("pieces", "documents", "§5", gettext_lazy("Administrative documents"), (PiecesPart("pieces"),)),
    Step(
        "argumentaire", "arguments", gettext_lazy("Part 3"), gettext_lazy("Argument for each criterion"),
        (ArgumentsPart("arguments", CriterionArgument, title=gettext_lazy("Selection criteria")),),
        optional=True,
    ),
)  # fmt: skip


def read_with_step(applications, step: Step):
    """The same applications, each read with the single rows the step shows and with what is known empty of its tables."""
    models = [part.model for part in step.parts if hasattr(part, "model")]
    joined = [name for model in models if (name := single_row_name(model))]
    if joined:  # without a name, it would follow every relation
        applications = applications.select_related(*joined)
    return noting_empty_tables(applications, [RejectedInput, *(m for m in models if m in OFTEN_EMPTY)])


STEPS_BY_SLUG = {step.slug: step for step in STEPS}
STEPS_BY_CODE = {step.code: step for step in STEPS}


def neighbours(step: Step) -> tuple[Step | None, Step | None]:
    """The step before and the step after."""
    index = STEPS.index(step)
    return (STEPS[index - 1] if index else None, STEPS[index + 1] if index + 1 < len(STEPS) else None)
