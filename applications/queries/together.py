"""Rows of many tables in one query: what a whole dossier needs, without a question for each of its tables.

Each row comes as JSON beside the number of its table, and becomes a model instance again: same values, same types,
same order as a query of that table would give.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, DateTimeField, DecimalField, F, Func, IntegerField, Model, TextField, Value, Window
from django.db.models.functions import RowNumber
from django.utils.dateparse import parse_datetime


class _AsJson(Func):
    """The columns given as the text of a JSON list."""

    function, output_field = "JSON_ARRAY", TextField()

    def as_postgresql(self, compiler, connection, **extra):
        template = "(%(function)s(%(expressions)s))::text"
        return self.as_sql(compiler, connection, function="JSONB_BUILD_ARRAY", template=template, **extra)


@dataclass(frozen=True)
class Rows:
    """The rows of a table that belong to some owners: `column` is the foreign key, `keys` the owners' keys."""

    model: type[Model]
    column: str
    keys: tuple


def read_together(tables: Sequence[Rows]) -> list[list]:
    """The rows of each table, in its own order, all read in one query. Relations are not followed: see `joined_to`."""
    found = [[] for _table in tables]
    if not tables:
        return found
    statement = _statement(connection.vendor, tuple((table.model, table.column, len(table.keys)) for table in tables))
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for number, table in enumerate(tables) for value in (number, *_prepared(table))])
        for number, _place, text in sorted(cursor.fetchall(), key=itemgetter(0, 1)):
            found[number].append(_row(tables[number].model, text))
    return found


def joined_to(rows, name, known: dict) -> None:
    """Give each row its related object `name` out of `known`, {key: object}, as select_related would."""
    for row in rows:
        field = row._meta.get_field(name)
        key = getattr(row, field.attname)
        if key is None or key in known:
            field.set_cached_value(row, known.get(key))


def _prepared(table) -> list:
    """The keys as the database takes them."""
    column = table.model._meta.get_field(table.column)
    return [column.target_field.get_db_prep_value(key, connection) for key in table.keys]


@lru_cache(maxsize=64)
def _statement(vendor, shapes) -> str:
    """The SQL for (model, column, number of keys) of each table; made once, it takes Django longer than the answer takes to come.

    Its parameters are, table by table, the table's number and its keys.
    """
    stand_ins = [Rows(model, column, _stand_ins(model, column, count)) for model, column, count in shapes]
    first, *others = (_as_json(table, number) for number, table in enumerate(stand_ins))
    sql, params = (first.union(*others, all=True) if others else first).query.sql_with_params()
    expected = [value for number, table in enumerate(stand_ins) for value in (number, *_prepared(table))]
    if list(params) != expected:
        raise ValueError(f"The parameters of a whole dossier's query are not in order: {params}")
    return sql


def _stand_ins(model, column, count) -> tuple:
    to_python = model._meta.get_field(column).target_field.to_python
    return tuple(to_python(number) for number in range(count))


def _as_json(table, number):
    model = table.model
    told = model._default_manager.filter(**{f"{table.column}__in": table.keys}).annotate(
        told_number=Value(number, output_field=IntegerField()),
        told_place=Window(RowNumber(), order_by=[F(n[1:]).desc() if n.startswith("-") else F(n) for n in model._meta.ordering or ("pk",)]),
        told_row=_AsJson(*(F(field.attname) for field in model._meta.concrete_fields)),
    )
    return told.order_by().values_list("told_number", "told_place", "told_row")


def _row(model, text):
    fields, values = model._meta.concrete_fields, json.loads(text, parse_float=Decimal)
    values = [_value(field, value) for field, value in zip(fields, values, strict=True)]
    return model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], values)


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
