"""The addresses of this floor and who gets what from each, before and at deliberation (evaluation.md 1.3)."""

from dataclasses import dataclass, field

from django.urls import reverse

from clusters_portal.accounts.roles import Role
from evaluation.tests import factories as make
from evaluation.tests.session_routes import SESSION_ROUTES
from tests.rights.visits import Visitor

ROLES = [None, *Role]
OFFICER, HEAD, COUNTER, EVALUATOR, MEMBER, CHAIR, ADMIN, AUDITOR = (
    Role.CASE_OFFICER,
    Role.DIVISION_HEAD,
    Role.COUNTER_AGENT,
    Role.EVALUATOR,
    Role.COMMITTEE_MEMBER,
    Role.COMMITTEE_CHAIR,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)


def visitors() -> dict:
    """{role, or None: a visitor who has it}; a visit leaves nothing behind, so the order of roles does not matter."""
    return {role: Visitor(make.user(*([role] if role else []))) for role in ROLES}


@dataclass(frozen=True)
class Route:
    """Who gets a page (200 or 302), who is told why not (403); everyone else gets the 404 of what does not exist."""

    name: str
    args: tuple = ()
    post: bool = False
    allowed: tuple = ()
    told: tuple = ()
    data: dict = field(default_factory=dict)

    @property
    def id(self):
        return f"{self.name}-{'post' if self.post else 'get'}"

    def expected(self, role) -> tuple:
        """The statuses this role may get."""
        return (200, 302, 409, 422) if role in self.allowed else (403,) if role in self.told else (404,)

    def wrong(self, visitors, objects) -> list:
        """[(address, role, status)] of what is not as the table says. `visitors` are {role: Visitor}, `objects` {word of args: value}."""
        address = reverse(f"evaluation:{self.name}", args=[objects.get(arg, arg) for arg in self.args])
        answers = {role: visitor.ask(address, "post" if self.post else "get", self.data) for role, visitor in visitors.items()}
        return [(address, role, answer.status) for role, answer in answers.items() if answer.status not in self.expected(role)]


STAFF_READERS = (OFFICER, HEAD, AUDITOR)
GRID_READERS = (HEAD, MEMBER, CHAIR, AUDITOR, OFFICER, EVALUATOR)
AT_WORK = [
    Route("full_grid", ("slug", "json")),
    Route("register_decision", ("slug", "pk")),
    Route("register_decision", ("slug", "pk"), post=True),
    Route("dashboards", allowed=(OFFICER, HEAD, MEMBER, CHAIR, AUDITOR)),
    Route("dashboard", ("slug",), allowed=STAFF_READERS),
    Route("call_archive", ("slug",), allowed=(HEAD, AUDITOR)),
    Route("call_archive", ("slug",), post=True, allowed=(HEAD, AUDITOR)),
    Route("call_archive_file", ("slug", 999_999)),
    Route("my_evaluations", allowed=(EVALUATOR,)),
    Route("commitment", allowed=(EVALUATOR,)),
    Route("commitment", post=True, allowed=(EVALUATOR,)),
    Route("dossier", ("pk",), allowed=STAFF_READERS),
    Route("document", ("pk", "file")),
    Route("document_page", ("pk", "file", "one")),
    Route("admissibility", ("pk",)),
    Route("pack", ("pk", "fr"), allowed=STAFF_READERS),
    Route("declare", ("pk",)),
    Route("declare", ("pk",), post=True),
    Route("evaluate", ("pk",)),
    Route("evaluate", ("pk",), post=True),
    Route("total", ("pk",), post=True),
    Route("sheet", ("sheet",), allowed=STAFF_READERS),
    Route("reopen", ("sheet",), allowed=(HEAD,), told=(OFFICER, AUDITOR)),
    Route("reopen", ("sheet",), post=True, allowed=(HEAD,), told=(OFFICER, AUDITOR)),
    Route("assignments", allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("call_assignments", ("slug",), allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("assign", ("slug",), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("assign_all", ("slug",), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("release", ("slug", "assignment"), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("rule", ("slug", "conflict"), allowed=(HEAD,), told=(OFFICER, CHAIR, AUDITOR)),
    Route("rule", ("slug", "conflict"), post=True, allowed=(HEAD,), told=(OFFICER, CHAIR, AUDITOR)),
    Route("assignments_csv", ("slug",), allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("assignments_file", ("slug",), allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("assignments_file", ("slug",), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("apply_assignments_file", ("slug",), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("auto_assign", ("slug",), allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("auto_assign", ("slug",), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("assignment_run", ("slug", "run"), allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("run_document", ("slug", "run"), allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("apply_run", ("slug", "run"), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("interests", ("slug",), allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("look_for_conflicts", ("slug",), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("record_interest", ("slug",), allowed=(HEAD,), told=(OFFICER, CHAIR, AUDITOR)),
    Route("record_interest", ("slug",), post=True, allowed=(HEAD,), told=(OFFICER, CHAIR, AUDITOR)),
    Route("dismiss_conflict", ("slug", "likely"), allowed=(HEAD,), told=(OFFICER, CHAIR, AUDITOR)),
    Route("dismiss_conflict", ("slug", "likely"), post=True, allowed=(HEAD,), told=(OFFICER, CHAIR, AUDITOR)),
    Route("evaluators", allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("evaluator", ("person",), allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("evaluator", ("person",), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("grids", allowed=GRID_READERS),
    Route("call_grid", ("slug",), allowed=GRID_READERS),
    Route("grid_version", ("slug", "one"), allowed=GRID_READERS),
    Route("grid_differences", ("slug", "one", "one"), allowed=GRID_READERS),
    Route("create_grid", ("slug",), post=True, allowed=(HEAD,), told=(MEMBER, CHAIR, AUDITOR, OFFICER, EVALUATOR)),
    Route("copy_grid", ("slug", "one"), post=True, allowed=(HEAD,), told=(MEMBER, CHAIR, AUDITOR, OFFICER, EVALUATOR)),
    Route("adopt_grid", ("slug", "one"), allowed=(HEAD, MEMBER, CHAIR), told=(AUDITOR, OFFICER, EVALUATOR)),
    Route("adopt_grid", ("slug", "one"), post=True, allowed=(HEAD, MEMBER, CHAIR), told=(AUDITOR, OFFICER, EVALUATOR)),
    Route("offline", allowed=(EVALUATOR,)),
    Route("offline", post=True, allowed=(EVALUATOR,)),
    Route("offline_forms", allowed=(EVALUATOR,)),
    Route("offline_sheet", ("pk",)),
    Route("apply_offline", post=True, allowed=(EVALUATOR,)),
    Route("consensuses", allowed=(HEAD, OFFICER, EVALUATOR, MEMBER, CHAIR, AUDITOR)),
    Route("call_consensus", ("slug",), allowed=STAFF_READERS),
    Route("open_consensuses", ("slug",), post=True, allowed=(HEAD, OFFICER), told=(AUDITOR,)),
    Route("open_consensus", ("pk",), post=True, allowed=(HEAD, OFFICER), told=(AUDITOR,)),
    Route("consensus", ("pk",)),
    Route("consensus", ("pk",), post=True),
    Route("rankings", allowed=(HEAD, OFFICER, MEMBER, CHAIR, AUDITOR)),
    Route("ranking", ("slug",), allowed=(HEAD, AUDITOR)),
    Route("ranking_run", ("slug", "one")),
    Route("ranking_document", ("slug", "one")),
    Route("run_ranking", ("slug",), post=True, allowed=(HEAD,), told=(AUDITOR,)),
    Route("submit_ranking", ("slug",), post=True, told=(AUDITOR,)),
    Route("advice", ("slug", "one")),
    Route("compute_advice", ("slug", "one"), post=True),
    Route("advice_file", ("slug", "one", "xlsx")),
    Route("committees", allowed=(MEMBER, CHAIR, HEAD, AUDITOR)),
    Route("committee", ("slug",)),
    Route("decide", ("slug", "pk")),
    *(Route(name, args, post) for name, args, post in SESSION_ROUTES),
    Route("shortlist", ("slug", "xlsx")),
    Route("shortlist", ("slug", "json")),
    Route("shortlist", ("slug", "pdf-fr")),
    Route("publication", ("slug",)),
    Route("letter", ("slug", "one", "fr")),
    Route("letters", ("slug", "one")),
    Route("minutes", ("slug", "one")),
    Route("draw_minutes", ("slug", "one"), post=True),
    Route("correct_minutes", ("slug", "one")),
    Route("correct_minutes", ("slug", "one"), post=True),
    Route("minutes_document", ("slug", "one", "one")),
    Route("minutes_to_sign", ("slug", "one", "one")),
    Route("sign_minutes", ("slug", "one", "one")),
    Route("sign_minutes", ("slug", "one", "one"), post=True),
    Route("minutes_original", ("slug", "one", "one")),
    Route("decision_told", ("pk",)),
    Route("told_letter", ("pk", "one", "fr")),
    Route("file_appeal", ("pk",)),
    Route("appeal_receipt", ("pk", "fr")),
    Route("own_appeal_piece", ("pk",)),
    Route("observe", ("pk",)),
    Route("appeals", allowed=(OFFICER, HEAD, AUDITOR)),
    Route("appeal", ("slug",)),
    Route("appeal", ("slug",), post=True),
    Route("appeal_piece", ("slug",)),
    Route("observations", ("slug",)),
    Route("open_observations", ("slug",), post=True),
    Route("findings", ("slug", "pk")),
    Route("findings", ("slug", "pk"), post=True),
]
WITH_RANKING = (HEAD, OFFICER, MEMBER, CHAIR, AUDITOR)
COMMITTEE = (HEAD, MEMBER, CHAIR, AUDITOR)
AT_DELIBERATION = [
    Route("full_grid", ("slug", "xlsx"), allowed=COMMITTEE),
    Route("full_grid", ("slug", "json"), allowed=COMMITTEE),
    Route("full_grid", ("slug", "pdf-ar"), allowed=COMMITTEE),
    Route("register_decision", ("slug", "pk")),
    Route("pack", ("pk", "fr"), allowed=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("dashboard", ("slug",), allowed=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("dossier", ("pk",), allowed=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("sheet", ("sheet",), allowed=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("reopen", ("sheet",), allowed=(HEAD,), told=(OFFICER, AUDITOR, MEMBER, CHAIR)),
    Route("call_consensus", ("slug",), allowed=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("consensus", ("pk",), allowed=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("consensus", ("pk",), post=True, told=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("consensus_answer", ("pk",), post=True, told=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("consensus_revise", ("pk",), post=True, told=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("consensus_conclude", ("pk",), post=True, allowed=(HEAD,), told=(OFFICER, AUDITOR, MEMBER, CHAIR)),
    Route("consensus_reopen", ("pk",), post=True, allowed=(HEAD,), told=(OFFICER, AUDITOR, MEMBER, CHAIR)),
    Route("consensus_rapporteur", ("pk",), post=True, allowed=(HEAD, OFFICER), told=(AUDITOR, MEMBER, CHAIR)),
    Route("ranking", ("slug",), allowed=WITH_RANKING),
    Route("ranking_run", ("slug", "one"), allowed=WITH_RANKING),
    Route("ranking_document", ("slug", "one"), allowed=WITH_RANKING),
    Route("run_ranking", ("slug",), post=True, allowed=(HEAD,), told=(OFFICER, MEMBER, CHAIR, AUDITOR)),
    Route("submit_ranking", ("slug",), post=True, allowed=(HEAD,), told=(OFFICER, MEMBER, CHAIR, AUDITOR), data={"number": "1"}),
    Route("advice", ("slug", "one"), allowed=WITH_RANKING),
    Route("compute_advice", ("slug", "one"), post=True, allowed=(HEAD,), told=(OFFICER, MEMBER, CHAIR, AUDITOR)),
    Route("advice_file", ("slug", "one", "xlsx"), allowed=WITH_RANKING),
    Route("advice_file", ("slug", "one", "json"), allowed=WITH_RANKING),
    Route("committee", ("slug",), allowed=COMMITTEE),
    Route("decide", ("slug", "pk"), allowed=(HEAD, CHAIR), told=(MEMBER, AUDITOR)),
    Route("decide", ("slug", "pk"), post=True, allowed=(HEAD, CHAIR), told=(MEMBER, AUDITOR)),
    Route("shortlist", ("slug", "xlsx"), allowed=COMMITTEE),
    Route("shortlist", ("slug", "json"), allowed=COMMITTEE),
    Route("shortlist", ("slug", "pdf-fr"), allowed=COMMITTEE),
    Route("publication", ("slug",), allowed=COMMITTEE),
    Route("publication", ("slug",), post=True, allowed=(HEAD,), told=(MEMBER, CHAIR, AUDITOR)),
    Route("letters", ("slug", "one"), post=True),
    Route("minutes", ("slug", "one")),
]
# Read without an account: its row is in tests/rights/of_minutes.py.
PUBLIC = {"verify_letter"}
