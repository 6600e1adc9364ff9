"""What the scoring sheet and the consensus report share: half points as radio buttons, texts beside them, two versions compared."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms

from clusters_portal.lib.bilingual import localized
from evaluation.rules.scoring import HALF_POINT_SCALE


def mark_key(value: Decimal | None) -> str:
    """The mark as written in the form: "3", "3.5", or "" when not given."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else str(value.normalize())


OF_CRITERION = ("mark", "why", "seen", "text", "outside")
"""What the fields of one criterion are called, before its code."""


def place_of(field: str) -> str:
    """Where the page shows a field that lacks something: the row of the mark, or the text itself."""
    prefix, _underscore, code = field.partition("_")
    return f"#criterion-{code}" if prefix == "mark" else f"#id_{field}"


def compared(form, stored: dict) -> list[dict]:
    """Fields of ``form`` that differ from ``stored``: dicts label, stored and typed, as people read them."""
    found = []
    for field in form:
        old, new = (str("" if value is None else value).replace("\r\n", "\n").strip() for value in (stored.get(field.name), field.value()))
        if old != new:
            words = {str(key): text for key, text in getattr(field.field, "choices", ())}
            prefix, _underscore, code = field.name.partition("_")
            code = code if prefix in OF_CRITERION else ""
            label = field.label if code in ("", field.label) else f"{code} – {field.label}"
            found.append({"label": label, "stored": words.get(old, old), "typed": words.get(new, new)})
    return found


def mark_text(value: Decimal | None) -> str:
    """The mark as people write it: « 3,5 »."""
    return mark_key(value).replace(".", ",")


CHOICES = [(mark_key(value), mark_text(value)) for value in HALF_POINT_SCALE]


@dataclass(frozen=True)
class Option:
    """One radio button of a row."""

    value: str
    text: str
    id: str
    checked: bool
    anchor: str

    @classmethod
    def of(cls, number, key, shown, prefix, chosen, anchors) -> "Option":
        """The button of one half point. ``anchors``: {level: LevelAnchor}; only whole marks have one."""
        anchor = anchors.get(key)
        return cls(key, shown, f"{prefix}_{number}", key == chosen, localized(anchor, "text") if anchor else "")


def text_field(label, rows=3, **more) -> forms.CharField:
    """A long text beside a mark, in either writing direction."""
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, max_length=4000, required=False, widget=widget, **more)


class MarksForm(forms.Form):
    """Built on the criteria of a grid (with ``criterion`` and ``anchors`` loaded): a half point each, and what ``beside`` says.
    Half-finished is valid."""

    def __init__(self, criteria, data=None, initial=None):
        super().__init__(data, initial=initial)
        self.criteria = list(criteria)
        for row in self.criteria:
            code = row.criterion.code
            self.fields[f"mark_{code}"] = forms.TypedChoiceField(
                label=code, required=False, choices=[("", ""), *CHOICES], coerce=Decimal, empty_value=None
            )
            self.fields |= {f"{name}_{code}": field for name, field in self.beside().items()}

    def beside(self) -> dict:
        """{name: new field} beside the mark of each criterion; the name goes before the criterion's code."""
        raise NotImplementedError

    def options(self, row) -> list[Option]:
        """The buttons of one criterion's half points."""
        mark, meanings = self[f"mark_{row.criterion.code}"], {str(anchor.level): anchor for anchor in row.anchors.all()}
        chosen = str(mark.value() or "")
        return [Option.of(n, key, shown, mark.auto_id, chosen, meanings) for n, (key, shown) in enumerate(CHOICES)]

    def differences(self, stored: dict) -> list[dict]:
        """What was typed otherwise than ``stored`` (initial values): dicts label, stored and typed, as people read them."""
        return compared(self, stored)

    def completed(self, stored: dict) -> "MarksForm":
        """The same form, where what was left empty takes what is ``stored`` (initial values): saved next, it erases nothing."""
        data = {name: self[name].value() for name in self.fields}
        kept = {name: stored.get(name) if value in (None, "") else value for name, value in data.items()}
        return type(self)(self.criteria, {name: "" if value is None else value for name, value in kept.items()})
