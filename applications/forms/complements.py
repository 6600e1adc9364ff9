"""What DPTC fills in to ask for a complement, and to take a request back."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib import clock
from clusters_portal.lib.fields import CleanTextField, DayField

DAYS, HOUR = timedelta(days=10), time(15)
LONGEST = 4000  # characters of the reason, of a question


class AskForm(forms.Form):
    """The reason and the due date. The things asked are boxes of the page: `picked`, `questions`."""

    reason = CleanTextField(label=_("What is asked and why"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))
    due_day = DayField(label=_("Answer due on"), help_text=_("Day/month/year. The due minute itself is included."))
    due_time = forms.TimeField(label=_("at (Morocco time)"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def __init__(self, data=None, *, keys, proposed=None, **kwargs):
        super().__init__(data, initial={"due_day": clock.today() + DAYS, "due_time": HOUR}, **kwargs)
        self.questions = {key: data.get(f"question-{key}", "") if data is not None else (proposed or {}).get(key, "") for key in keys}
        self.picked = [key for key in keys if key in (data.getlist("pick") if data is not None else proposed or {})]

    @property
    def due_at(self):
        """The due moment, aware; None when one of its parts is not readable."""
        day, hour = self.cleaned_data.get("due_day"), self.cleaned_data.get("due_time")
        return datetime.combine(day, hour, tzinfo=clock.CASABLANCA) if day and hour else None

    def asked(self) -> list:
        """[(key, question)] of the boxes that are ticked, in the order of the dossier."""
        return [(key, self.questions[key]) for key in self.picked]


class CancelForm(forms.Form):
    reason = CleanTextField(label=_("Reason of the cancellation"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))
