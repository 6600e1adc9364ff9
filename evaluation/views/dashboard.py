"""The dashboard of a call (S7): where it stands, in plots with a table beside each."""

from dataclasses import dataclass, field

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications import reference
from applications.models import Application
from applications.rules.verdicts import TITLES
from clusters_portal.accounts.roles import Role, has_role
from clusters_portal.lib import clock
from evaluation import permissions
from evaluation.models import Consensus
from evaluation.queries import dashboard as figures
from evaluation.views import dashboard_plots as plots
from evaluation.views.scope import call_or_404, only

OPENS_WORKLIST = (Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.AUDITOR)
SHARE = "{} / {}"


@dataclass
class Block:
    """One subject of the page: a plot, the same figures as a table, and a sentence. `rows`: [(label, address or "", cells)]."""

    code: str
    title: str
    heads: list
    rows: list = field(default_factory=list)
    plot: object = None
    kind: str = "bars"
    caption: str = ""
    empty: str = ""


@require_safe
@login_required
def index(request):
    """Calls whose dashboard one may read."""
    only(request.user, *figures.READERS)
    calls = figures.calls_with_dashboard(request.user)
    return render(request, "evaluation/calls.html", {"calls": calls, "page_kind": "dashboard"})


@require_safe
@login_required
def dashboard(request, slug):
    """Everything about one call this person may know, without what is barred to him."""
    call = call_or_404(figures.calls_with_dashboard(request.user), slug)
    everything = figures.sees_everything(request.user)
    rows = figures.counted_applications(request.user, call)
    groups = figures.groups_of(rows)
    address = _worklist(request.user, call)
    judged = figures.judged_of(rows)
    blocks, numbers = [], []
    if everything:
        days = figures.days_of(rows)
        numbers = _numbers(groups, days, call)
        blocks = [_over_time(days, groups, call)]
    blocks += [_by_status(groups, address), _by_region(groups, address), _by_sector(groups, address)]
    if everything:
        blocks += [_failing(rows, call), _by_delay(days[figures.CHECKS], call)]
    if permissions.can_name_evaluators(request.user):
        blocks.append(_by_evaluator(rows))
    given = figures.evaluations_by_dossier(judged)
    blocks += [_evaluations(given, call), _consensus(rows, given.total()), _least(judged)]
    context = {"call": call, "blocks": blocks, "numbers": numbers, "total": groups.statuses.total()}
    context["may_archive"] = _may_archive(request.user, call)
    return render(request, "evaluation/dashboard.html", context)


def _may_archive(user, call) -> bool:
    """Asked of the database only for those who might: nobody else pays a query."""
    return has_role(user, Role.DIVISION_HEAD, Role.AUDITOR) and figures.calls_to_archive(user).filter(pk=call.pk).exists()


def _worklist(user, call):
    """A function giving the address of the work list under one more filter, or "" for who has no work list."""
    if not has_role(user, *OPENS_WORKLIST):
        return lambda name, value: ""
    start = f"{reverse('applications:worklist')}?call={call.slug}"
    return lambda name, value: f"{start}&{name}={value}" if value else ""


def _numbers(groups, days, call) -> list[tuple]:
    """The figures on top: [(label, value)]."""
    decided = sum(days[figures.CHECKS].values())
    found = [
        (_("Applications submitted"), groups.received),
        (_("Drafts not submitted"), groups.drafts),
        (_("Admissibility decided"), SHARE.format(decided, groups.received - groups.statuses[Application.Status.WITHDRAWN])),
    ]
    spent = figures.days_to_decide(days[figures.CHECKS], clock.today(call.deadline_at))
    if spent:
        found.append((_("Median days from the deadline to this decision"), spent[0]))
    return found


def _over_time(days, groups, call) -> Block:
    opened, deposited = days[figures.OPENED], days[figures.DEPOSITS]
    between = {"opens": clock.today(call.opens_at), "deadline": clock.today(call.deadline_at), "today": clock.today()}
    drawn = plots.curve(deposited, opened, **between, name_of_day=_figures_of)
    so_far, rows = [0, 0], []
    for day in sorted({*opened, *deposited}):
        so_far = [so_far[0] + opened[day], so_far[1] + deposited[day]]
        rows.append((clock.format_day(day), "", [opened[day], deposited[day], *so_far]))
    caption = _("Green line and columns: applications submitted for the first time. Blue line: applications begun. Dashed: the deadline.")
    if groups.drafts:
        caption += " " + _("%(count)d drafts were begun and not submitted.") % {"count": groups.drafts}
    heads = [_("Day"), _("Begun"), _("Deposits"), _("Begun so far"), _("Submitted so far")]
    return Block("deposits", _("Submissions over time"), heads, rows, drawn, "curve", caption, _("No application has been begun yet."))


def _figures_of(day) -> str:
    """A day in figures: words of two directions would be turned round in a plot."""
    return day.strftime("%d/%m/%Y")


def _counts(code, title, head, rows, caption="") -> Block:
    """A block of plain counts: rows of (label, address, number)."""
    plot = plots.bars([(label, [("done", number)], number) for label, _address, number in rows])
    cells = [(label, address, [number]) for label, address, number in rows]
    return Block(code, title, [head, _("Applications")], cells, plot, caption=caption, empty=_("Nothing to count yet."))


def _by_status(groups, address) -> Block:
    found = [(status.label, address("status", status.value), groups.statuses[status]) for status in Application.Status]
    rows = [
        (label, "" if status == Application.Status.DRAFT else link, number)
        for status, (label, link, number) in zip(Application.Status, found, strict=True)
    ]
    return _counts("statuses", _("By status"), _("Status"), [row for row in rows if row[2]])


def _by_region(groups, address) -> Block:
    rows = [(reference.region_name(code) or _("Not given"), address("region", code), number) for code, number in groups.regions.items()]
    return _counts("regions", _("By region"), _("Region"), _largest_first(rows))


def _by_sector(groups, address) -> Block:
    rows = [(reference.section_name(code) or _("Not given"), address("sector", code), number) for code, number in groups.sectors.items()]
    return _counts("sectors", _("By sector"), _("Sector"), _largest_first(rows))


def _largest_first(rows):
    return sorted(rows, key=lambda row: (-row[2], str(row[0])))


def _failing(applications, call) -> Block:
    found = figures.failing_items(applications)
    pieces = {f"piece:{row.code}": str(row) for row in call.document_requirements.all()} if found else {}
    named = [(_item_title(item, pieces), failing, examined) for item, failing, examined in found]
    parts = [
        (title, [("warn", failing), ("left", examined - failing)], SHARE.format(failing, examined)) for title, failing, examined in named
    ]
    return Block(
        "failing", _("Points found not conforming"), [_("Point"), _("Not conforming"), _("Examined")],
        [(title, "", [failing, examined]) for title, failing, examined in named], plots.bars(parts),
        caption=_("Pieces and thresholds in the checks of admissibility proposed or validated."),
        empty=_("No point has been found not conforming in a check proposed or validated."),
    )  # fmt: skip


def _item_title(item, pieces) -> str:
    kind, _colon, code = item.partition(":")
    if kind == "rule" and code in TITLES:
        return TITLES[code]()
    own = {"statutes:object": _("Object of the statutes"), "paper:deposit": _("Paper file handed in at the counter")}
    return pieces.get(item) or own.get(item) or code


def _by_delay(checks, call) -> Block:
    """Decisions on admissibility by week after the deadline."""
    deadline, weeks = clock.today(call.deadline_at), {}
    for day, count in checks.items():
        week = max((day - deadline).days, 0) // 7
        weeks[week] = weeks.get(week, 0) + count
    rows = [(_("Week %(number)d") % {"number": week + 1}, "", weeks.get(week, 0)) for week in range(max(weeks, default=-1) + 1)]
    block = _counts("delay", _("Time to the decision on admissibility"), _("After the deadline"), rows)
    spent = figures.days_to_decide(checks, deadline)
    if spent:
        block.caption = _("Half of the decisions came within %(median)d days of the deadline, the last within %(longest)d.") % {
            "median": spent[0], "longest": spent[1],
        }  # fmt: skip
    block.empty = _("No decision on admissibility yet.")
    return block


def _progress_block(code, title, head, rows, empty) -> Block:
    """A block of `rows`: [(label, address, Progress)]."""
    parts = [
        (label, [("done", one.done), ("begun", one.begun), ("left", one.left)], SHARE.format(one.done, one.total))
        for label, _link, one in rows
    ]
    cells = [(label, link, [one.done, one.begun, one.left]) for label, link, one in rows]
    return Block(
        code, title, [head, _("Evaluations submitted"), _("In progress"), _("Not begun")], cells, plots.bars(parts),
        caption=_("Green: submitted. Blue: in progress. Grey: not begun."), empty=empty,
    )  # fmt: skip


def _by_evaluator(applications) -> Block:
    rows = [(one.label, "", one) for one in figures.evaluators_of(applications)]
    return _progress_block("evaluators", _("Evaluations by evaluator"), _("Evaluator"), rows, _("No evaluator is assigned yet."))


def _evaluations(counts, call) -> Block:
    """Dossiers in judgement by how many evaluations each has."""
    rows = [(_("%(count)d submitted") % {"count": given}, "", counts[given]) for given in range(max(counts, default=-1) + 1)]
    block = _counts("evaluations", _("Applications by number of evaluations"), _("Evaluations"), rows)
    block.caption = _("The call asks for at least %(count)d per application.") % {"count": call.min_evaluators}
    return block


def _consensus(applications, judged) -> Block:
    """Dossiers in judgement by the state of their consensus report; `judged`: how many there are."""
    counts = figures.consensus_counts(applications)
    rows = [(_("Not opened"), "", max(judged - counts.total(), 0)), *((status.label, "", counts[status]) for status in Consensus.Status)]
    return _counts("consensus", _("Consensus reports"), _("State"), [row for row in rows if row[2]])


def _least(judged) -> Block:
    rows = [(one.label, reverse("evaluation:dossier", args=[one.pk]), one) for one in figures.least_advanced(judged)]
    title = _("The applications with the fewest evaluations")
    return _progress_block("dossiers", title, _("Application"), rows, _("No application is under evaluation yet."))
