"""Second factors that were lost, in the administration site."""

from django import forms
from django.contrib import admin

from ..accounts import two_people
from ..accounts.models import FactorReset
from ..accounts.two_people_admin import TwoPeopleAdmin
from . import factor_resets


class FactorResetForm(forms.ModelForm):
    """What is proposed; `actor` is set by the page."""

    actor = None

    class Meta:
        model = FactorReset
        fields = ("person", "reason")

    def clean(self):
        data = super().clean()
        if data.get("person"):
            try:
                factor_resets.check(person=data["person"], actor=self.actor)
            except two_people.Refused as refused:
                raise forms.ValidationError(str(refused)) from None
        return data


@admin.register(FactorReset)
class FactorResetAdmin(TwoPeopleAdmin):
    form = FactorResetForm
    list_display = ("person", "state", "reason", "proposed_by", "proposed_at", "decided_by", "decided_at")
    list_filter = ("state",)
    search_fields = ("person__email", "person__last_name", "reason")

    def save_model(self, request, obj, form, change):
        data = form.cleaned_data
        obj.pk = factor_resets.propose(person=data["person"], reason=data["reason"], actor=request.user).pk

    def decide(self, act, *, confirms, actor):
        factor_resets.decide(reset=act, confirms=confirms, actor=actor)
