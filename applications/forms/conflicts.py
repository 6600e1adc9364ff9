"""Two people on one page: what differs between what is being sent and what stands."""

from dataclasses import dataclass

from clusters_portal.lib.canonical import canonical_json, sha256_hex


@dataclass(frozen=True)
class Difference:
    """One input on which two people disagree, in words. `input_id` is the id of the control."""

    label: str
    mine: str
    theirs: str
    input_id: str


def fingerprint(form) -> str:
    """A short text that changes when any value of the form changes."""
    return sha256_hex(canonical_json({name: shown(form[name]) for name in form.fields}))[:16]


def differences(mine: list, theirs: list) -> list[Difference]:
    """What differs between two lists of cells (see `BoundPart.cells`). Rows only one of them has are not compared."""
    known = {key: field for key, _where, field in theirs}
    found = []
    for key, where, field in mine:
        if key in known and not _same(field, known[key]):
            label = f"{where}, {field.label}" if where else str(field.label)
            found.append(Difference(label, shown(field), shown(known[key]), field.id_for_label or f"div_{field.auto_id}"))
    return found


def shown(field) -> str:
    """The value of a bound field as people read it: the words of a choice, else the text."""
    value = field.value()
    if isinstance(value, bool) or value in ("on",):
        return "✓" if value else ""
    labels = {str(code): str(label) for code, label in getattr(field.field, "choices", ()) if not isinstance(label, (list, tuple))}
    values = value if isinstance(value, (list, tuple)) else [value]
    return ", ".join(labels.get(str(item), str(item)) for item in values if item not in (None, ""))


def _same(one, other) -> bool:
    """Equal once read: « 1 500 » and « 1500 » are. What cannot be read is compared as typed."""
    if one.errors or other.errors:
        return shown(one) == shown(other)
    return one.form.cleaned_data.get(one.name) == other.form.cleaned_data.get(other.name)
