"""What pages and acts cost: processor and SQL, each against the page of a bare Django project measured beside it in the same run.

Run: ``.venv/bin/python benchmarks/pages.py [--dossiers 200] [--rounds 5] [--only WORD]``; prints a Markdown table. It starts a
PostgreSQL of its own. Pages are asked of the portal's WSGI handler within this process and counted in processor time: what a
worker of gunicorn spends, whoever else uses the machine meanwhile; the client's own work and the server's reading of the
socket, which would flatter the ratio, are outside. The database's processor is outside too: the statements are counted.
Targets are those of the design: 3 bare pages for a step, 5 for a list; else the milliseconds « ours at most » over the 2.6 ms
a bare page cost on the machine where peers were measured.
"""

import argparse
import statistics
import time
from dataclasses import dataclass, field

import ground

ground.over_postgresql()

import django

django.setup()

import bare
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from judged import judged_call
from visitor import InProcess, sent

from applications.services.deposit import deposit
from applications.tests import builders
from applications.tests.factories import make_call, make_user
from clusters_portal.accounts.roles import Role
from evaluation.services import committee, meetings, rankings
from evaluation.tests import factories as make
from evaluation.tests import session_builders

BARE_THERE = 2.6  # ms of a bare page where the peers were measured
SHOWN = ("identite", "membres", "strategie", "budget")
SAVED = ("identite", "strategie", "budget")


@dataclass
class Measure:
    """One page or act. `most` is « ours at most » in ms there, `target` in bare pages; `once` when it cannot be done again."""

    label: str
    act: object
    most: float
    sql: int
    target: float = 0
    once: bool = False
    costs: list = field(default_factory=list)
    bare: list = field(default_factory=list)
    queries: int = 0

    def __post_init__(self):
        self.target = self.target or self.most / BARE_THERE


def main():
    """Build the world, measure round after round, print the table."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--dossiers", type=int, default=200, help="dossiers of the judged call")
    asked.add_argument("--people", type=int, default=3, help="evaluators who scored each of them")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--only", default="", help="measure what has this word in its label")
    options = asked.parse_args()
    ground.migrate()
    measures, plain = world(options)
    print(f"| Page or act | CPU, ms | bare page, ms | ratio | target | SQL | at most |\n|{'---|' * 7}")
    for measure in measures:
        if options.only in measure.label:
            measured(measure, plain, options.rounds)
            print(line(measure), flush=True)
        elif measure.once:
            measure.act()  # what follows stands on it


def measured(measure, plain, rounds):
    """Fill in its costs: a warm request, one with its statements counted, then rounds beside the bare page."""
    if not measure.once:
        measure.act()
        with CaptureQueriesContext(connection) as captured:
            measure.act()
        measure.queries = len(captured)
    plain()
    for _round in range(1 if measure.once else rounds):
        measure.bare.append(spent(plain, 20))
        if measure.once:
            with CaptureQueriesContext(connection) as captured:
                measure.costs.append(spent(measure.act, 1))
            measure.queries = len(captured)
        else:
            measure.costs.append(spent(measure.act, 3))
        measure.bare.append(spent(plain, 20))


def spent(act, times) -> float:
    """Milliseconds of processor for one."""
    started = time.process_time()
    for _time in range(times):
        act()
    return (time.process_time() - started) / times * 1000


def line(measure) -> str:
    cost, plain = statistics.median(measure.costs), statistics.median(measure.bare)
    ratio = cost / plain
    over = f", × {ratio / measure.target:.1f}" if ratio > measure.target else ""
    queries = f"{measure.queries}{' (over)' if measure.queries > measure.sql else ''}"
    return f"| {measure.label} | {cost:.1f} | {plain:.2f} | {ratio:.1f} | {measure.target:.1f}{over} | {queries} | {measure.sql} |"


def world(options):
    """(measures, the bare page): somebody with a whole draft, and a call of many judged dossiers with its staff."""
    handler, call, owner = get_wsgi_application(), make_call(), make_user()
    draft = builders.filled_application(call=call, user=owner)
    _application, made = builders.deposited_application(call=call, user=make_user())
    judged, dossiers = judged_call(options.dossiers, options.people, made.content)
    other = make.call()
    make.adopted_grid(other)
    to_score, head, evaluator = make.application(other, snapshot=made.content), make.user(Role.DIVISION_HEAD), make.user(Role.EVALUATOR)
    make.accepted(to_score, evaluator)
    visitors = {person: InProcess(handler, session_of(person)) for person in (owner, head, evaluator)}
    plain = InProcess(bare.handler(), session_of(head))
    measures = [
        *steps_of(draft, visitors[owner]),
        Measure("the deposit itself", lambda: deposited(draft, owner), 100, 30, once=True),
        *pages_of_staff(judged, dossiers, visitors[head]),
        *scoring(to_score, visitors[evaluator]),
        *deliberation(judged, dossiers, head, visitors[head]),
    ]
    return measures, lambda: expect(plain, "/bare/")


def session_of(person) -> str:
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    return client.cookies["sessionid"].value


def expect(visitor, address, fields=None, status=200):
    """The page; stops the run when it is not what is to be measured."""
    found, _headers, body = visitor.ask(address, fields)
    if found != status:
        raise SystemExit(f"{address} answered {found}, not {status}:\n{body[:2000]}")
    return body


def steps_of(draft, owner) -> list:
    """Each step shown; each saved as it stands on the page, with its version."""
    addresses = {slug: reverse("applications:step", args=[draft.pk, slug]) for slug in {*SHOWN, *SAVED}}
    return [
        *(Measure(f"step {slug}, GET", shown(owner, addresses[slug]), 20, 10, 3) for slug in SHOWN),
        Measure("the panel beside it", shown(owner, reverse("applications:step_preview", args=[draft.pk, "budget"])), 20, 10),
        *(Measure(f"step {slug}, save", saved(owner, addresses[slug], "step-form"), 15, 10) for slug in SAVED),
    ]


def shown(visitor, address):
    return lambda: expect(visitor, address)


def saved(visitor, address, form_id, **typed):
    """A save again and again: the form of the page, read once, with the version that follows."""
    fields: dict = {}

    def act():
        if not fields:
            fields["sent"] = sent(expect(visitor, address), form_id, **typed)
            fields["version"] = int(dict(fields["sent"])["version"])
        now = [(name, fields["version"] if name == "version" else value) for name, value in fields["sent"]]
        expect(visitor, address, now, status=302)
        fields["version"] += 1

    return act


def pages_of_staff(call, dossiers, head) -> list:
    return [
        Measure("work list of 50", shown(head, reverse("applications:worklist") + f"?call={call.pk}"), 25, 10, 5),
        Measure("one dossier, staff", shown(head, reverse("applications:reading", args=[dossiers[0].pk])), 25, 12),
    ]


def scoring(application, evaluator) -> list:
    address = reverse("evaluation:evaluate", args=[application.pk])
    marks = {f"mark_{code}": "3" for code in make.CODES} | {f"why_{code}": make.LONG for code in make.CODES}
    return [
        Measure("review form, GET", shown(evaluator, address), 25, 12),
        Measure("review form, save", saved(evaluator, address, "sheet", action="save", **marks), 20, 12),
    ]


def deposited(draft, owner):
    return deposit(application=draft, declaration=builders.DECLARATION, actor=owner)


def deliberation(call, dossiers, head, reader) -> list:
    """In the order of life: what follows stands on what comes before."""
    count, slug, runs = len(dossiers), call.slug, []
    return [
        Measure(f"ranking of {count}, the run", lambda: runs.append(rankings.run(call=call, actor=head)), 1300, 60, once=True),
        Measure(f"ranking of {count}, its page", shown(reader, reverse("evaluation:ranking", args=[slug])), 80, 8),
        Measure(
            f"{count} brought before the committee", lambda: committee.submit_to_committee(ranking=runs[0], actor=head), 500, 60, once=True
        ),
        Measure("export of all reviews, JSON", shown(reader, reverse("evaluation:full_grid", args=[slug, "json"])), 60, 5),
        Measure("export of all reviews, XLSX", shown(reader, reverse("evaluation:full_grid", args=[slug, "xlsx"])), 60, 5),
        Measure(f"{count} decisions, one by one in a session", lambda: decided(call, dossiers, head), 500, 60 * count, once=True),
    ]


def decided(call, dossiers, head):
    """Each item opened, its project deferred with reasons: quorum, conflicts and the standing vote are looked at every time."""
    session = session_builders.open_it(call)
    for item in session.items.filter(application__in=dossiers):
        meetings.open_item(item=item, actor=head)
        committee.decide(application=item.application, outcome="deferred", actor=head, deviation_reason="As read.", **make.REASONS)


if __name__ == "__main__":
    main()
