"""Forms of the committee's sessions. What may be done when is the services' to say; these clean what was typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.counter import TimeField, moment_of
from clusters_portal.lib import clock
from clusters_portal.lib.fields import DayField
from evaluation.models import Ballot, ConflictDeclaration, SessionMember
from evaluation.models.outcomes import Outcome


class SessionForm(forms.Form):
    """When and where, and what the convocation says besides the agenda."""

    day = DayField(label=_("Day"), help_text=_("Day/month/year."))
    at = forms.TimeField(label=_("at (Morocco time)"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    place = forms.CharField(label=_("Place"), max_length=250, widget=forms.TextInput(attrs={"dir": "auto"}))
    notice = forms.CharField(
        label=_("Text of the convocation"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Written above the agenda."),
    )

    @classmethod
    def of(cls, session, data=None):
        """The form on an existing session."""
        local = clock.local(session.scheduled_at)
        return cls(data, initial={"day": local.date(), "at": local.time(), "place": session.place, "notice": session.notice})

    @property
    def details(self) -> dict:
        """What the service takes."""
        data = self.cleaned_data
        moment = moment_of(data["day"], data["at"])
        return {"scheduled_at": moment, "place": data["place"], "notice": data["notice"]}


class MembersForm(forms.Form):
    """One choice of capacity per person who may be called. ``people`` have ``capacities``."""

    def __init__(self, *args, people, members=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.people = list(people)
        known = {member.person_id: member.capacity for member in members}
        for person in self.people:
            choices = [("", _("Not called")), *((c.value, c.label) for c in person.capacities)]
            self.fields[f"person_{person.pk}"] = forms.ChoiceField(
                label=str(person), required=False, choices=choices, initial=known.get(person.pk, "")
            )

    @property
    def rows(self):
        """[(person, field)]"""
        return [(person, self[f"person_{person.pk}"]) for person in self.people]

    @property
    def capacities(self) -> dict:
        """{User: capacity} of those called."""
        chosen = {person: self.cleaned_data[f"person_{person.pk}"] for person in self.people}
        return {person: SessionMember.Capacity(capacity) for person, capacity in chosen.items() if capacity}


class QuestionForm(forms.Form):
    """A general question of the agenda."""

    title = forms.CharField(label=_("Question"), max_length=250, widget=forms.TextInput(attrs={"dir": "auto"}))


class ReasonForm(forms.Form):
    """The reason of an act. `about` tells it from the others of the page, so that each label is that of its own field."""

    reason = forms.CharField(label=_("Reason"), max_length=3000, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, auto_id=f"id_{about}_%s", **kwargs)


class AttendanceForm(forms.Form):
    """A time of day of today, when it is not now."""

    at = TimeField(label=_("Time, if it is not now"), required=False)

    @property
    def moment(self):
        """The moment, or None for now."""
        at = self.cleaned_data["at"]
        return moment_of(clock.today(), at) if at else None


class SummaryForm(forms.Form):
    """What was said, for the minutes."""

    summary = forms.CharField(
        label=_("Summary of the discussion"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Goes into the minutes."),
    )


class StandInForm(forms.Form):
    """Who chairs an item in the place of the chair. ``members`` are those who may; `about` tells the form from those of other items."""

    member = forms.ChoiceField(label=_("Chaired by"))

    def __init__(self, *args, members, about, **kwargs):
        super().__init__(*args, auto_id=f"id_{about}_%s", **kwargs)
        self.fields["member"].choices = [("", "—"), *((str(member.pk), str(member.person)) for member in members)]


def _method(terms):
    return forms.ChoiceField(
        label=_("How to vote"),
        choices=Ballot.Method.choices,
        widget=forms.RadioSelect,
        initial=Ballot.Method.SECRET if terms.secret_ballots else Ballot.Method.NAMED,
    )


class ProposalForm(forms.Form):
    """A proposal put to the vote; on a dossier it may propose an outcome."""

    proposed_outcome = forms.ChoiceField(
        label=_("Outcome put to the vote"),
        required=False,
        choices=[("", "—"), *Outcome.choices],
        help_text=_("The decision will have to follow the vote."),
    )
    question = forms.CharField(
        label=_("Question put to the vote"), required=False, max_length=500, widget=forms.TextInput(attrs={"dir": "auto"})
    )

    def __init__(self, *args, terms, item, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["method"] = _method(terms)
        if not item.application_id:
            del self.fields["proposed_outcome"]
            self.fields["question"].required = True

    def clean(self):
        """A vote is on something."""
        data = super().clean()
        if "question" not in self.errors and not data.get("question") and not data.get("proposed_outcome"):
            self.add_error("question", _("Choose an outcome or write the question put to the vote."))
        return data


class TieForm(forms.Form):
    """How the vote between equals is held."""

    def __init__(self, *args, terms, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["method"] = _method(terms)


class CastingForm(forms.Form):
    """The casting vote between options left equal."""

    option = forms.TypedChoiceField(label=_("Casting vote"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=3000, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))

    def __init__(self, *args, options, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["option"].choices = [(option.pk, str(option)) for option in options]


class StepDownForm(forms.Form):
    """An interest declared at the meeting."""

    interest = forms.ChoiceField(
        label=_("Your declaration"),
        choices=[choice for choice in ConflictDeclaration.Interest.choices if choice[0] != ConflictDeclaration.Interest.NONE],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(label=_("Kind of interest"), choices=[("", "—"), *ConflictDeclaration.Kind.choices])
    text = forms.CharField(
        label=_("Explanation"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Who or what links you to this application, since when. Read by the head of division and auditors only."),
    )
