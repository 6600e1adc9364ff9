"""The steps of a filled dossier, written again under new keys: the services write them once in a process, then the rows serve.

What is kept was read back from the database after the services wrote it; nothing is made up here. `test_stamp.py` compares.
"""

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.core.files.base import ContentFile
from django.db.models import DateField

from applications.models import Application, Call, Document, DocumentRequirement, RejectedInput, StepState
from applications.permissions import can_edit
from applications.services import scans
from applications.services.documents import STEP
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.uploads import store

TERMS = [field.attname for field in Call._meta.concrete_fields if not isinstance(field, DateField)]
OWN = {"id", "slug", "number_prefix"}


@dataclass(frozen=True)
class Stamp:
    """Rows by model as {attribute: value}, codes of the call's rows they name, and the names the first step gives the association."""

    rows: dict
    names: dict


@cache
def tables() -> tuple:
    """Models of a dossier's answers: those tied to it one row each or many, and to nothing but it, people and rows of the call."""
    return tuple(model for model in apps.get_app_config("applications").get_models() if _is_answer(model))


def _is_answer(model):
    relations = {field.name: field.related_model for field in model._meta.concrete_fields if field.is_relation}
    others = [related for name, related in relations.items() if name not in ("application", "saved_by")]
    return relations.get("application") is Application and all(hasattr(related, "call") and hasattr(related, "code") for related in others)


def terms_of(call) -> tuple:
    """What of a call decides how a dossier is written: its terms and the codes of its rows."""
    columns = tuple(str(getattr(call, name)) for name in TERMS if name not in OWN)
    return columns, tuple(tuple(sorted(codes(model, call))) for model in call_rows())


@cache
def call_rows() -> tuple:
    """Models of the call's rows that answers name."""
    found = {field.related_model for model in tables() for field in model._meta.concrete_fields if field.is_relation}
    return tuple(sorted((model for model in found if hasattr(model, "code")), key=lambda model: model.__name__))


def codes(model, call) -> dict:
    return dict(model.objects.filter(call=call).values_list("code", "pk"))


def is_fresh(application, actor) -> bool:
    """An empty draft this person may write, as the services would find it."""
    return bool(can_edit(actor, application)) and not StepState.objects.filter(application=application).exists()


def take(application) -> Stamp:
    """Keep what the services wrote. What is kept as typed names its row by key: a dossier with such answers has no stamp."""
    assert not RejectedInput.objects.filter(application=application).exists()
    named = {model: {pk: code for code, pk in codes(model, application.call).items()} for model in call_rows()}
    rows = {}
    for model in tables():
        fields = [field for field in model._meta.concrete_fields if not field.primary_key and field.name != "application"]
        kept = [
            {
                f.attname: named[f.related_model][getattr(row, f.attname)] if f.related_model in named else getattr(row, f.attname)
                for f in fields
            }
            for row in model.objects.filter(application=application).order_by("pk")
        ]
        if kept:
            rows[model] = kept
    application.association.refresh_from_db()
    return Stamp(rows, {name: getattr(application.association, name) for name in ("name_fr", "name_ar")})


def print_on(stamp, application, actor) -> None:
    """Write the kept rows as those of this dossier, saved now by this person."""
    named = {model: codes(model, application.call) for model in call_rows()}
    for model, kept in stamp.rows.items():
        links = {field.attname: named[field.related_model] for field in model._meta.concrete_fields if field.related_model in named}
        now = {"saved_at": clock.now(), "saved_by_id": actor.pk} if model is StepState else {}
        model.objects.bulk_create(
            model(application_id=application.pk, **{**row, **{name: ids[row[name]] for name, ids in links.items()}, **now}) for row in kept
        )
    for name, value in stamp.names.items():
        setattr(application.association, name, value)
    application.association.save(update_fields=list(stamp.names))


INSPECTED = ("label", "original_name", "size", "pages", "content_type", "sha256")


def take_pieces(application) -> list:
    """[(code of the piece, what the service noted of the file, its bytes)] of a dossier whose files were just attached."""
    documents = application.documents.filter(replaced_at=None).select_related("requirement").order_by("uploaded_at")
    return [
        (document.requirement.code, {name: getattr(document, name) for name in INSPECTED}, document.file.read()) for document in documents
    ]


def print_pieces(kept, application, actor) -> None:
    """The same files in this dossier: stored, handed to the antivirus, noted in the journal, counted as saves of their step."""
    requirements, lines = codes(DocumentRequirement, application.call), []
    for code, columns, content in kept:
        document = Document(**columns, application=application, requirement_id=requirements[code], uploaded_by=actor)
        document.scan, document.uploaded_at = scans.first_state(), clock.now()
        store(document.file, document.original_name, ContentFile(content))
        scans.start(document)
        data = {"document": str(document.pk), "piece": code, "sha256": document.sha256}
        lines.append((application, {"after": document.original_name, "data": data}))
    journal.record_all("document.attached", lines, actor=actor)
    StepState.objects.create(application=application, slug=STEP, version=len(kept), saved_at=clock.now(), saved_by=actor)
