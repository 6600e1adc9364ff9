"""Forms of an import: the file, the pasted rows, which column is what."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .base import CHOOSE
from .organisation import MemberForm

ACCEPTED = ".xlsx,.ods,.csv,.txt,.tsv"
DEFAULTED = ("category", "engagement")
# Which companies are ticked as industrial when no column tells.
BY_SECTOR, EVERY_COMPANY, NONE = "sector", "all", "none"
TELLING = {"qualifies", "nma_section"}


SAY_WHICH = gettext_lazy(
    "The file does not say which companies are industrial, technological or specific: choose. You can still change each one afterwards."
)


def tells_sector(columns) -> bool:
    """Whether these columns (names of fields) say which companies are industrial: without one, by sector would tick none."""
    return not TELLING.isdisjoint(columns)


class TableFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLSX, ODS or CSV, 5 MB at most. Columns in any order, with their headers."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Completed workbook"),
        help_text=gettext_lazy("The workbook downloaded from this page or from the call, in XLSX or ODS, 5 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods"}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )


class PasteForm(forms.Form):
    """`strip` stays off: the tab that opens a row is an empty first cell."""

    text = forms.CharField(
        label=gettext_lazy("Rows copied from a spreadsheet"),
        help_text=gettext_lazy("Select the rows in Excel or LibreOffice with their headers, copy, then paste here."),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        strip=False,
        error_messages={"required": gettext_lazy("Paste at least one row.")},
    )


class MappingForm(forms.Form):
    """One select per column, then what to do where the file is silent. `headers` are the titles of the columns."""

    def __init__(self, data=None, *, headers, **kwargs):
        super().__init__(data, **kwargs)
        self.headers = headers
        choices = [("", gettext_lazy("— Do not import —")), *((name, field.label) for name, field in MemberForm.base_fields.items())]
        for index, header in enumerate(headers):
            label = header or _("Column %(number)d") % {"number": index + 1}
            self.fields[f"column_{index}"] = forms.ChoiceField(label=label, choices=choices, required=False)
        for name in DEFAULTED:
            label = _("%(field)s, when the row does not say") % {"field": MemberForm.label_of(name)}
            choices = [("", gettext_lazy("— Leave empty —")), *(choice for choice in MemberForm.base_fields[name].choices if choice[0])]
            self.fields[f"default_{name}"] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.fields["qualify"] = forms.ChoiceField(
            label=_("Industrial, technological or specific companies, when the file does not say"),
            choices=[
                ("", CHOOSE),
                (BY_SECTOR, gettext_lazy("Tick the companies whose sector is industrial or technological")),
                (EVERY_COMPANY, gettext_lazy("Tick every company")),
                (NONE, gettext_lazy("Tick none")),
            ],
            error_messages={"required": SAY_WHICH},
        )

    def clean(self):
        chosen = [name for name in self.columns if name]
        twice = {name for name in chosen if chosen.count(name) > 1}
        for name in sorted(twice):
            raise forms.ValidationError(_("“%(field)s” is chosen for two columns.") % {"field": MemberForm.label_of(name)})
        if "name_fr" not in chosen and "name_ar" not in chosen:
            raise forms.ValidationError(_("Say which column holds the name of the members."))
        if self.cleaned_data.get("qualify") == BY_SECTOR and not tells_sector(chosen):
            self.add_error("qualify", SAY_WHICH)

    @property
    def columns(self) -> list:
        return [self.cleaned_data.get(f"column_{index}", "") for index in range(len(self.headers))]

    @property
    def defaults(self) -> dict:
        return {name: code for name in DEFAULTED if (code := self.cleaned_data.get(f"default_{name}"))}


class ModeForm(forms.Form):
    """What becomes of the members already in the dossier. `draft` is the import the page was showing."""

    APPEND, UPDATE, REPLACE = "append", "update", "replace"
    mode = forms.ChoiceField(
        label=gettext_lazy("Members already in the application"),
        choices=[
            (APPEND, gettext_lazy("Keep them as they are; add only the new ones")),
            (UPDATE, gettext_lazy("Complete and correct them with the file (by ICE, else by name); add the new ones")),
            (REPLACE, gettext_lazy("Replace the whole list with the file")),
        ],
        initial=APPEND,
        widget=forms.RadioSelect,
    )
    draft = forms.IntegerField(widget=forms.HiddenInput)


class AcceptForm(forms.Form):
    """Which workbook, and which differences, the page was showing."""

    draft = forms.IntegerField()
    digest = forms.CharField(max_length=64)
