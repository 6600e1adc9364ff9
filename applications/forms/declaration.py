"""The sworn declaration of the annex: what its signatory fills in. The sentences around it are in `declaration.py`."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.fields import CleanCharField, CleanTextField

from ..declaration import ADMINISTRATIVE, CIVILITIES, DECLARATION, OTHER, PIECES, TECHNICAL
from ..models import Identity, Officer
from ..queries import Dossier

# The box of the annex that each piece stands for; every other piece belongs to the administrative file.
BOX_OF_PIECE = {"ADM_DECL": DECLARATION, "TEC_SIGNED": TECHNICAL, "OTHER": OTHER}
MAX_OTHER_DOCUMENTS = 40


class DeclarationForm(forms.Form):
    """Everything is required but the list of other documents. `words` are the annex's sentences."""

    civility = forms.ChoiceField(label=_("Civility"), widget=forms.RadioSelect)
    first_name = CleanCharField(label=_("First name"), max_length=80)
    last_name = CleanCharField(label=_("Last name"), max_length=80)
    quality_organisation = CleanCharField(label=_("Position within your own organisation"), max_length=150)
    quality_association = CleanCharField(label=_("Position within the association"), max_length=150)
    association = CleanCharField(label=_("Name of the association"), max_length=200)
    legal_form = CleanCharField(label=_("Legal form"), max_length=150)
    other_documents = CleanTextField(
        label=_("Other documents provided in support of the application"), required=False, max_length=4000,
        help_text=_("One document per line."), widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    place = CleanCharField(label=_("Done at (place)"), max_length=120)
    # The deposit that stood when the page was opened; nothing is checked when it is not sent.
    replaces = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    accept = forms.BooleanField(
        label="", error_messages={"required": _("Tick the box: without the declaration the application cannot be submitted.")}
    )

    def __init__(self, *args, words, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["civility"].choices = list(zip(CIVILITIES, words.civilities, strict=True))
        self.fields["accept"].label = words.exact
        self.fields["accept"].error_alone = True
        self.fields["other_documents"].optional_mark = True

    def clean_other_documents(self):
        lines = [line.strip() for line in self.cleaned_data["other_documents"].split("\n")]
        return [line for line in lines if line][:MAX_OTHER_DOCUMENTS]


def prefilled(dossier: Dossier) -> dict:
    """What the dossier already says of its president, its name and its other documents."""
    president = next((o for o in dossier.rows(Officer) if o.function == Officer.Function.PRESIDENT), None) or Officer()
    others = [d.label or d.original_name for d in dossier.documents if BOX_OF_PIECE.get(d.requirement.code) == OTHER]
    return {
        "first_name": president.first_name,
        "last_name": president.last_name,
        "quality_organisation": "",
        "quality_association": president.quality,
        "association": dossier.application.association.name_fr,
        "legal_form": dossier.one(Identity).legal_form,
        "other_documents": "\n".join(dict.fromkeys(others)),
    }


def boxes_sent(dossier: Dossier) -> tuple:
    """Which boxes of the annex are ticked: derived from the files that are there, never ticked by hand."""
    present = {BOX_OF_PIECE.get(document.requirement.code, ADMINISTRATIVE) for document in dossier.documents}
    return tuple(code for code in PIECES if code in present)


def declared(form: DeclarationForm, dossier: Dossier, *, words, day) -> dict:
    """The valid form as the snapshot keeps it: the answers, the boxes, the signed sentences themselves."""
    answers = {name: value for name, value in form.cleaned_data.items() if name not in ("accept", "replaces")}
    return {
        **answers,
        "version": words.version,
        "language": words.language,
        "sent": list(boxes_sent(dossier)),
        "date": day.isoformat(),
        "wording": words.as_data(),
    }
