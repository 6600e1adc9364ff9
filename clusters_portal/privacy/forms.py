"""Asking, and answering."""

from django import forms

from .models import DataRequest


class RequestForm(forms.ModelForm):
    class Meta:
        model = DataRequest
        fields = ("kind", "text")
        widgets = {"kind": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = DataRequest.Kind.choices


class AnswerForm(forms.ModelForm):
    class Meta:
        model = DataRequest
        fields = ("outcome", "answer")
        widgets = {"outcome": forms.RadioSelect, "answer": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = DataRequest.Outcome.choices
        for field in self.fields.values():
            field.required = True
