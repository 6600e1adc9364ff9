"""A part that is one form over one row."""

from .parts import BoundPart, Part, Problem, Writes, put, set_columns


class FormPart(Part):
    """`form_class` over the dossier's one row of its model (made on first save), or over the association."""

    template = "applications/parts/form.html"

    def __init__(self, key, form_class, **kwargs):
        super().__init__(key, **kwargs)
        self.form_class = form_class
        self.model = form_class._meta.model

    def bind(self, dossier, data=None):
        return BoundForm(self, dossier, data)

    def problems(self, dossier):
        instance = dossier.one(self.model)
        missing = [
            Problem(self.form_class.missing_sentence(name), f"id_{self.key}-{name}") for name in self.form_class.missing_in(instance)
        ]
        if self.optional:
            missing = []
        return missing + [Problem(sentence, f"id_{self.key}-{name}") for name, sentence in self.form_class.conditions(instance)]

    def values(self, dossier):
        instance = dossier.one(self.model)
        return {name: getattr(instance, name) for name in self.form_class.base_fields}

    def restored(self, dossier, values):
        instance = dossier.one(self.model)
        set_columns(instance, values)
        return Writes(save=[instance])


class BoundForm(BoundPart):
    def __init__(self, part, dossier, data=None):
        super().__init__(part, dossier, data)
        self.instance = dossier.one(part.model)
        form = part.form_class(prefix=part.key, instance=self.instance, dossier=dossier)
        source = data if data is not None else _with_kept(form.stored(self.instance), part.key, self.kept_inputs)
        self.form = part.form_class(source, prefix=part.key, instance=self.instance, dossier=dossier)

    def forms(self):
        return [self.form]

    def writes(self, only=()):
        changed = put(self.instance, {name: value for name, value in self.form.accepted.items() if not only or name in only})
        unread = [name for name in self.form.errors if name in self.form.fields and (not only or name in only)]
        kept = [(None, name, self.form.raw_of(name)) for name in unread]
        return Writes(save=[self.instance] if changed else [], kept=kept)


def _with_kept(stored, prefix, kept):
    return {**stored, **{f"{prefix}-{name}": raw for name, raw in kept.items()}}
