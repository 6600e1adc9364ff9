"""P3: the figures of the eligibility self-test, turned into the facts the rules judge. Nothing is required, nothing is stored."""

from itertools import chain

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.fields import AmountField, CountField, DayField

from ..models import BudgetHeading, Identity, Member
from ..rules import facts as f

# (code, category, does it count among the industrial, technological or specific companies, label)
MEMBER_ROWS = (
    ("qualifying", f.COMPANY, True, _("Industrial, technological or specific companies")),
    ("company", f.COMPANY, False, _("Other companies")),
    ("research", f.RESEARCH_TRAINING, False, _("Training, innovation and research bodies")),
    ("other", f.OTHER, False, _("Other members: institutions, associations, public bodies")),
)
ENGAGEMENTS = Member.Engagement.choices
PRIVATE_PART = "private_part"


class SelfTestForm(forms.Form):
    """One field per count (`<row>_<engagement>`) and per heading of the call (`y1_<code>`).

    A field that cannot be read counts for nothing.
    """

    applicant_type = forms.ChoiceField(
        label=_("Kind of cluster"), choices=Identity._meta.get_field("applicant_type").choices, widget=forms.RadioSelect, required=False
    )
    association = forms.BooleanField(label=_("The applicant is an association (law no. 75-00)"), required=False)
    constitution_date = DayField(label=_("Date of foundation"), help_text=_("For example 12/06/2024."), required=False)

    def __init__(self, data=None, *, call):
        self.call, self.headings = call, list(call.budget_headings.all())
        super().__init__(data, initial={"applicant_type": f.NEW, "association": True})
        if call.existing_allowed and call.existing_min_support_years is not None:
            self.fields["support_from"] = DayField(label=_("State support: first day"), required=False)
            self.fields["support_to"] = DayField(label=_("State support: last day"), required=False)
        for code, _category, _qualifies, label in MEMBER_ROWS:
            for engagement, words in ENGAGEMENTS:
                self.fields[f"{code}_{engagement}"] = CountField(label=f"{label} – {words}", max_digits=3, required=False)
        for heading in self.headings:
            self.fields[f"y1_{heading.code}"] = AmountField(label=str(heading), required=False)
            if heading.code == f.OWN_RESOURCE_DETAILED_LINE:
                self.fields[PRIVATE_PART] = AmountField(label=_("of which private income"), required=False)

    @cached_property
    def figures(self) -> dict:
        """Everything readable, by field name; None for a field left empty or unreadable."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}

    @property
    def member_lines(self) -> list:
        """[(label, [(label of the column, bound field)])] of the table of counts."""
        return [
            (label, [(words, self[f"{code}_{engagement}"]) for engagement, words in ENGAGEMENTS])
            for code, _category, _qualifies, label in MEMBER_ROWS
        ]

    @property
    def budget_groups(self) -> list:
        """[(label of the side, [(heading, bound fields)])] in the order of the call's canvas."""
        return [(label, [(h, self._cells(h)) for h in self.headings if h.side == side]) for side, label in BudgetHeading.Side.choices]

    @property
    def status_fields(self) -> list:
        names = ("applicant_type", "association", "constitution_date", "support_from", "support_to")
        return [self[name] for name in names if name in self.fields]

    def _cells(self, heading):
        cells = [self[f"y1_{heading.code}"]]
        return [*cells, self[PRIVATE_PART]] if heading.code == f.OWN_RESOURCE_DETAILED_LINE else cells

    def facts(self) -> f.Facts:
        """What the rules are told."""
        given = self.figures
        support = (given.get("support_from"), given.get("support_to"))
        return f.Facts(
            applicant_type=given["applicant_type"] or f.NEW,
            support_periods=(support,) if all(support) and support[0] <= support[1] else (),
            legal_form_is_association=bool(given["association"]),
            constitution_date=given["constitution_date"],
            members=tuple(chain.from_iterable(self._members(*row) for row in MEMBER_ROWS)),
            lines=tuple(self._line(heading) for heading in self.headings),
            details=(f.DetailFacts(f.OWN_RESOURCE_DETAILED_LINE, "", f.PRIVATE, year_one(given.get(PRIVATE_PART))),),
        )

    def _members(self, code, category, qualifies, _label):
        """As many distinct legal persons as the count says."""
        for engagement, _words in ENGAGEMENTS:
            for number in range(self.figures[f"{code}_{engagement}"] or 0):
                yield f.MemberFacts(f"{code} {engagement} {number}", category, engagement, qualifies)

    def _line(self, heading):
        amounts = year_one(self.figures[f"y1_{heading.code}"])
        return f.LineFacts(heading.code, heading.side, heading.state_fundable, heading.needs_detail, amounts)


def year_one(amount) -> tuple:
    """The five years of a line of which only the first is known."""
    return (amount, None, None, None, None)
