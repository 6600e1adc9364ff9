"""Rows of many tables in one query: what a whole dossier needs, without a question for each of its tables.

Each row comes as JSON beside the number of its queryset, and becomes a model instance again: same values, same types,
same order as the queryset itself would give.
"""

import json
from collections.abc import Sequence
from datetime import UTC
from decimal import Decimal

from django.db.models import BooleanField, DateTimeField, DecimalField, F, Func, IntegerField, QuerySet, TextField, Value, Window
from django.db.models.functions import RowNumber
from django.utils.dateparse import parse_datetime


class _AsJson(Func):
    """The columns given as the text of a JSON list."""

    function, output_field = "JSON_ARRAY", TextField()

    def as_postgresql(self, compiler, connection, **extra):
        template = "(%(function)s(%(expressions)s))::text"
        return self.as_sql(compiler, connection, function="JSONB_BUILD_ARRAY", template=template, **extra)


def read_together(querysets: Sequence[QuerySet]) -> list[list]:
    """The rows of each queryset, in its order, all read in one query. Relations are not followed: see `joined_to`."""
    parts = [_as_json(queryset, number) for number, queryset in enumerate(querysets)]
    found = [[] for _queryset in querysets]
    if not parts:
        return found
    first, *others = parts
    for number, _place, text in sorted(first.union(*others, all=True) if others else first, key=lambda row: row[:2]):
        found[number].append(_row(querysets[number], text))
    return found


def joined_to(rows, name, known: dict) -> None:
    """Give each row its related object `name` out of `known`, {key: object}, as select_related would."""
    for row in rows:
        field = row._meta.get_field(name)
        key = getattr(row, field.attname)
        if key is None or key in known:
            field.set_cached_value(row, known.get(key))


def _as_json(queryset, number):
    model = queryset.model
    order = queryset.query.order_by or model._meta.ordering or ("pk",)
    told = queryset.order_by().annotate(
        told_number=Value(number, output_field=IntegerField()),
        told_place=Window(RowNumber(), order_by=[F(name[1:]).desc() if name.startswith("-") else F(name) for name in order]),
        told_row=_AsJson(*(F(field.attname) for field in model._meta.concrete_fields)),
    )
    return told.values_list("told_number", "told_place", "told_row")


def _row(queryset, text):
    fields, values = queryset.model._meta.concrete_fields, json.loads(text, parse_float=Decimal)
    values = [_value(field, value) for field, value in zip(fields, values, strict=True)]
    return queryset.model.from_db(queryset.db, [field.attname for field in fields], values)


def _value(field, value):
    """A value of the database's JSON as the column's own type, the same on both databases."""
    if value is None:
        return None
    if isinstance(field, DecimalField):
        return Decimal(value).quantize(Decimal(1).scaleb(-field.decimal_places))
    if isinstance(field, DateTimeField):
        moment = parse_datetime(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return bool(value) if isinstance(field, BooleanField) else field.to_python(value)
