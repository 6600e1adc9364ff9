"""`{% load worklist %}`: the lines of DPTC's work list. Written here, not by a template: fifty lines were two thirds of their page.

Every text passes through `conditional_escape`; what is the same on each line (labels of columns, states, sentences) is made once.
"""

from functools import cached_property
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape as esc
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters_portal.lib import bilingual, clock
from clusters_portal.templatetags.portal import tag_html, tone

from ..models import Application
from .states import complement_tag, unread_tag

register = template.Library()

NOBODY = UUID(int=0)  # stands in the address of a dossier, made once, where each line has its own key


@register.simple_tag(takes_context=True)
def list_lines(context):
    """The rows of the table: `rows` of `queries.desk.list_rows`, with the columns, ticks and rights the page has in its context."""
    lines = _Lines(context)
    return mark_safe("".join([lines.drawn(row) for row in context["rows"]]))


class _Lines:
    """The lines of one page. A method `_<code>` draws the inside of the column of that code."""

    def __init__(self, context):
        self.ticked, self.may_act, self.codes = context["ticked"], context["may_act"], context["codes"]
        query = f"?{context['query']}" if context["query"] else ""
        self.before, self.after = (esc(part) for part in (reverse("applications:reading", args=[NOBODY]) + query).split(str(NOBODY)))
        self.cells = [(f'<td data-label="{esc(column["label"])}">', getattr(self, f"_{column['code']}")) for column in context["cells"]]
        self.language, self.days = bilingual.active_language(), {}
        self.labels = {label: tag_html(label, label.tone) for label in context["filter"].labels.values()}
        self.statuses = {code: tag_html(label, tone(code)) for code, label in Application.Status.choices}

    def drawn(self, row) -> str:
        cells = "".join([f"{opening}{inside(row)}</td>" for opening, inside in self.cells])
        return f'<tr class="row-link">{self._tick(row.deposit)}{self._number(row.deposit)}{self._name(row.deposit)}{cells}</tr>\n'

    # --- The three first cells ---
    @cached_property
    def words(self) -> dict:
        """What every line says, in the reader's language."""
        return {
            "tick": str(esc(_("Tick %(number)s"))),
            "number": esc(_("Number")),
            "association": esc(_("Association")),
            "nobody": format_html('<span class="muted">{}</span>', _("Nobody yet")),
            "conforming": esc(_("Everything conforming")),
        }

    def _tick(self, deposit) -> str:
        if not self.may_act:
            return ""
        says = self.words["tick"] % {"number": esc(deposit.number)}
        checked = " checked" if deposit.application_id in self.ticked else ""
        box = f'<input class="form-check-input" type="checkbox" name="pk" value="{deposit.application_id}"{checked} aria-label="{says}">'
        return f'<td class="data-table__pick">{box}</td>'

    def _number(self, deposit) -> str:
        number = f'<bdi class="tabular text-nowrap">{esc(deposit.number)}</bdi>'
        link = f'<a class="row-link__a" href="{self.before}{deposit.application_id}{self.after}">{number}</a>'
        return f'<th scope="row" data-label="{self.words["number"]}">{link}{unread_tag(deposit.unread)}</th>'

    def _name(self, deposit) -> str:
        acronym = f' <span class="muted">(<bdi>{esc(deposit.acronym)}</bdi>)</span>' if deposit.acronym else ""
        name = esc(bilingual.localized(deposit, "name", self.language))
        return f'<td data-label="{self.words["association"]}"><span dir="auto">{name}{acronym}</span></td>'

    # --- The columns a person chooses ---
    def _received(self, row) -> str:
        moment = row.deposit.received_at
        return f'<time datetime="{moment.isoformat()}">{self._day(moment)}</time>'

    def _day(self, moment) -> str:
        day = clock.local(moment).date()
        if day not in self.days:
            self.days[day] = clock.format_day(day, self.language)
        return self.days[day]

    def _status(self, row) -> str:
        """With what has no column of its own in this person's list."""
        said = [self.statuses[row.application.status]]
        if row.deposit.proposer:
            sentence = _("proposed by <bdi>%(name)s</bdi>, to be validated")
            said.append(f'<span class="small muted">{sentence % {"name": esc(row.deposit.proposer)}}</span>')
        if row.complement and "complement" not in self.codes:
            said.append(complement_tag(row.complement_state))
        if "paper" not in self.codes and (label := row.paper.label):
            said.append(tag_html(label, row.paper.tone) if row.paper.is_open_question else f'<span class="small muted">{esc(label)}</span>')
        return f'<span class="desk-status">{" ".join(said)}</span>'

    def _doubts(self, row) -> str:
        number = row.deposit.doubts
        if number:
            return tag_html(
                ngettext("%(number)s point not conforming", "%(number)s points not conforming", number) % {"number": number}, "warn"
            )
        return self.words["conforming"] if number == 0 else ""

    def _paper(self, row) -> str:
        label = row.paper.label
        return tag_html(label, row.paper.tone) if label else ""

    def _complement(self, row) -> str:
        if not row.complement:
            return ""
        return f'<span>{complement_tag(row.complement_state)} <span class="small muted">{self._day(row.complement.due_at)}</span></span>'

    def _region(self, row) -> str:
        return esc(row.region)

    def _sector(self, row) -> str:
        return esc(row.sector)

    def _call(self, row) -> str:
        return f'<span class="desk-call">{esc(row.application.call)}</span>'

    def _labels(self, row) -> str:
        return f"<span>{' '.join([self.labels[label] for label in row.labels])}</span>"

    def _assignee(self, row) -> str:
        person = row.application.assignee
        return f"<bdi>{esc(person)}</bdi>" if person else self.words["nobody"]
