"""The lines of the work list as they are drawn: every column, every text escaped once, nothing else."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from types import SimpleNamespace
from uuid import UUID

from django.utils import translation

from applications.models import Application, Call, ComplementRequest, Deposit, Label
from applications.queries.desk import ListRow
from applications.queries.paper import LATE_WAITING, MISSING, PaperState
from applications.templatetags.worklist import list_lines
from applications.views.worklist import CHOSEN
from clusters_portal.accounts.models import User

KEY = UUID(int=7)
NASTY = '<b>"Sud" & Cie</b>'
MOMENT = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # the 2nd in Morocco


class Cells(HTMLParser):
    """The cells of one line: (tag, its attributes, its text), and every tag met."""

    def __init__(self, html):
        super().__init__()
        self.cells, self.tags = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("td", "th"):
            self.cells.append([tag, dict(attrs), ""])

    def handle_data(self, data):
        if self.cells:
            self.cells[-1][2] += data

    def of_column(self, code) -> str:
        return next(text for _tag, attrs, text in self.cells if attrs.get("data-label") == f"{code} {NASTY}").strip()


def drawn(*, ticked=(), may_act=True, shown=tuple(dict(CHOSEN)), query="", **columns):
    """One line, its columns headed « code » and a nasty text."""
    label = Label(pk=3, text_fr=NASTY, tone="danger")
    call = Call(title_fr=NASTY, year=2026)
    officer = User(first_name="<i>Nadia</i>", last_name="Alami")
    application = Application(pk=KEY, status="deposited", call=call, assignee=officer if columns.pop("officer", True) else None)
    complement = ComplementRequest(due_at=MOMENT) if columns.pop("complement", True) else None
    deposit = Deposit(
        application=application, number="CL-2026-0007", received_at=MOMENT, name_fr=NASTY, acronym=columns.pop("acronym", "A&B")
    )
    paper = PaperState(columns.pop("paper", LATE_WAITING))
    deposit.unread, deposit.doubts, deposit.proposer = (
        columns.pop("unread", 2),
        columns.pop("doubts", 1),
        columns.pop("proposer", "<u>P</u>"),
    )
    labels = (label,) if columns.pop("labelled", True) else ()
    assert not columns
    row = ListRow(deposit, NASTY, NASTY, paper, complement, "open" if complement else "", labels)
    with translation.override("en"):
        return Cells(
            list_lines(
                {
                    "rows": [row],
                    "ticked": set(ticked),
                    "may_act": may_act,
                    "codes": ("number", "name", *shown),
                    "query": query,
                    "cells": [{"code": code, "label": f"{code} {NASTY}"} for code in shown],
                    "filter": SimpleNamespace(labels={3: label}),
                }
            )
        )


def test_every_column_says_its_value_and_no_text_becomes_a_tag():
    line = drawn()
    assert not {"b", "i", "u"} & {tag for tag, _attrs in line.tags}
    assert line.cells[1][2] == "CL-2026-0007 2 unread" and line.cells[2][2] == f"{NASTY} (A&B)"
    assert {code: line.of_column(code) for code, _label in CHOSEN} == {
        "received": "2 July 2026",
        "status": "Submitted proposed by <u>P</u>, to be validated",
        "doubts": "1 point not conforming",
        "paper": "Late: decision awaited",
        "complement": "Complement asked for 2 July 2026",
        "region": NASTY,
        "sector": NASTY,
        "call": NASTY,
        "labels": NASTY,
        "assignee": "<i>Nadia</i> Alami",
    }


def test_what_is_missing_is_an_empty_cell_or_said():
    line = drawn(officer=False, complement=False, paper="not_asked", doubts=None, unread=0, proposer="", labelled=False, acronym="")
    assert [line.of_column(code) for code in ("doubts", "paper", "complement", "labels")] == [""] * 4
    assert line.of_column("assignee") == "Nobody yet" and line.of_column("status") == "Submitted"
    assert line.cells[1][2] == "CL-2026-0007" and line.cells[2][2] == NASTY
    assert drawn(doubts=0).of_column("doubts") == "Everything conforming"


def test_the_state_says_what_has_no_column_of_its_own():
    assert drawn(shown=("status",), proposer="").of_column("status") == "Submitted Complement asked for Late: decision awaited"
    assert drawn(shown=("status", "complement"), proposer="", paper=MISSING).of_column("status") == "Submitted Paper not received"


def test_the_link_keeps_the_filters_and_the_box_what_was_ticked():
    line = drawn(ticked=[KEY], query='q="&sort=name')
    box = next(attrs for tag, attrs in line.tags if tag == "input")
    assert (box["value"], "checked" in box, box["aria-label"]) == (str(KEY), True, "Tick CL-2026-0007")
    assert next(attrs["href"] for tag, attrs in line.tags if tag == "a") == f'/instruction/{KEY}/?q="&sort=name'
    assert "checked" not in next(attrs for tag, attrs in drawn().tags if tag == "input")
    assert not [tag for tag, _attrs in drawn(may_act=False).tags if tag == "input"]
