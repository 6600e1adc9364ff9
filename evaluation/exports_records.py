"""Stored rows as plain values, for the archive of a call: what was recorded of a dossier or of the call, table by table.

Every table of this floor is there by itself as soon as it leads, through columns that are never empty, to a dossier or to a
call. Work in progress is not a record: checks not validated, drafts of evaluations, open consensus reports and open ballots
are left out.
"""

import json
from functools import cache

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet

from applications.models import (
    AdmissibilityCheck,
    AdmissibilityLine,
    AdmissibilityReturn,
    Application,
    Call,
    ComplementItem,
    ComplementRequest,
    Countersignature,
    LateDecision,
    Message,
    PaperDeposit,
)
from clusters_portal.accounts.models import User
from evaluation.models import Attachment

FROM_BELOW = (
    AdmissibilityCheck, AdmissibilityLine, AdmissibilityReturn, ComplementRequest, ComplementItem, PaperDeposit, Countersignature,
    LateDecision, Message,
)  # fmt: skip
DEPTH = 4
# What makes a row final, by table.
FINAL = {
    "admissibilitycheck": {"validated_at__isnull": False},
    "admissibilityline": {"check_record__validated_at__isnull": False},
    "evaluation": {"status": "submitted"},
    "score": {"evaluation__status": "submitted"},
    "consensus": {"closed_at__isnull": False},
    "consensusscore": {"consensus__closed_at__isnull": False},
    "consensusapproval": {"consensus__closed_at__isnull": False},
    "ballot": {"closed_at__isnull": False},
    "ballotoption": {"ballot__closed_at__isnull": False},
    "vote": {"ballot__closed_at__isnull": False},
    "observation": {"sent_at__isnull": False},
}
NEVER = {"appealreply", "callarchive"}


def path_to(model: type[Model], target: type[Model], depth: int = DEPTH) -> str | None:
    """The shortest way from a table to another through columns that are never empty: "assignment__application"; None without."""
    steps = [(model, "")]
    for _level in range(depth):
        further = []
        for table, way in steps:
            for field in _relations(table):
                name = f"{way}__{field.name}" if way else field.name
                if field.related_model is target:
                    return name
                further.append((field.related_model, name))
        steps = further
    return None


def _relations(model):
    return [f for f in model._meta.concrete_fields if f.is_relation and f.related_model and not f.null and f.related_model is not User]


def _kept(model) -> bool:
    return not model._meta.model_name.startswith("historical") and model._meta.model_name not in NEVER


@cache
def tables_of_dossier() -> tuple[tuple[type[Model], str], ...]:
    """(table, its way to the dossier) of what is recorded of one dossier."""
    found = [*FROM_BELOW, *filter(_kept, apps.get_app_config("evaluation").get_models())]
    return tuple((model, way) for model in found if (way := path_to(model, Application)))


@cache
def tables_of_call() -> tuple[tuple[type[Model], str], ...]:
    """(table, its way to the call) of what is recorded of the call and of no dossier alone."""
    own = {model for model, _way in tables_of_dossier()}
    found = [model for model in apps.get_app_config("evaluation").get_models() if _kept(model) and model not in own]
    return tuple((model, way) for model in found if (way := path_to(model, Call)))


def rows_of(model: type[Model], way: str, value) -> QuerySet:
    """The final rows of a table that lead to this dossier or call, in the order they were written."""
    return model._default_manager.filter(**{way: value}, **FINAL.get(model._meta.model_name, {})).order_by("pk")


def people_in(model: type[Model]) -> list[str]:
    """The columns of a table that name a person."""
    return [field.attname for field in model._meta.concrete_fields if field.related_model is User]


def attachments_in(model: type[Model]) -> list[str]:
    """The columns of a table that name an attached file."""
    return [field.attname for field in model._meta.concrete_fields if field.related_model is Attachment]


def as_json(rows) -> bytes:
    """Rows (dicts of stored values) as readable JSON, keys in order."""
    return (json.dumps(list(rows), cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
