"""A world built once in a process: the next test that asks for it gets the rows the services wrote, written again as they were.

``@kept`` goes on a builder whose arguments are plain values and which stores no file. The rows keep their keys: they are
taken from a range of numbers no test reaches by itself, so that they meet nothing that is there already. Where keeping
would not be the same as building, the builder runs as if it were not decorated: outside a test's transaction (what
follows a commit would be missing), under a clock that was moved, for an object that belongs to one test, or when the
same world is there already. A world that names what it found (notices to people who were there) is not kept.
"""

from copy import deepcopy
from functools import wraps
from itertools import count

import time_machine
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.utils.translation import get_language

RANGE = 1_000_000  # keys per world
MIGRATED = {"auth", "contenttypes"}  # apps whose rows migrations make; a test that commits leaves a database without them
_ranges = count(1)


def kept(build):
    """Decorate a builder; the undecorated one stays there as ``__wrapped__``."""
    worlds: dict = {}

    @wraps(build)
    def again(*args, **more):
        key = get_language(), frozen(args), frozen(sorted(more.items()))
        if (
            any(isinstance(value, Model) for value in flat(key))
            or not connection.in_atomic_block
            or time_machine.escape_hatch.is_travelling()
        ):
            return build(*args, **more)
        if key not in worlds:
            before = keys()
            start_keys_at(next(_ranges) * RANGE)
            made = build(*args, **more)
            rows = rows_since(before)
            needed = named_outside(rows)
            known = tables()
            if {known[table].app_label for table in needed} <= MIGRATED and not MIGRATED & {known[table].app_label for table in rows}:
                worlds[key] = rows, needed, deepcopy(made)
            return made
        rows, needed, made = worlds[key]
        there = keys({**rows, **needed})
        if any(rows[table].keys() & there[table] for table in rows) or any(needed[table] - there[table] for table in needed):
            return build(*args, **more)
        write(rows)
        return deepcopy(made)

    return again


def frozen(value):
    """The same with tuples for lists, at every depth."""
    return tuple(map(frozen, value)) if isinstance(value, list | tuple) else value


def flat(value):
    """Everything in it, at every depth."""
    for each in value:
        if isinstance(each, tuple):
            yield from flat(each)
        else:
            yield each


def tables() -> dict:
    """{table: its model's options} of everything that may hold a row."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model._meta for model in models if model._meta.managed and not model._meta.proxy}


def keys(of=None) -> dict:
    """{table: keys of the rows that are there}, of all tables or some."""
    known = tables()
    return {table: {key for (key,) in asked(f'SELECT "{known[table].pk.column}" FROM "{table}"')} for table in of or known}


def rows_since(before) -> dict:
    """{table: {key: the row}} of what came since: on PostgreSQL each row is a JSON text, on SQLite the values as SQL writes them."""
    found = {}
    for table, meta in tables().items():
        if connection.vendor == "postgresql":
            row = "to_jsonb(t)::text"
        else:
            row = " || ',' || ".join(f'quote("{column}")' for column in columns(meta))
        came = {key: text for key, text in asked(f'SELECT "{meta.pk.column}", {row} FROM "{table}" t') if key not in before[table]}
        if came:
            found[table] = came
    return found


def named_outside(rows) -> dict:
    """{table: keys} of the rows that these name and that are not theirs."""
    known, outside = tables(), {}
    for table, came in rows.items():
        for field in known[table].concrete_fields:
            if field.is_relation:
                target = field.related_model._meta.db_table
                links = asked(f'SELECT "{known[table].pk.column}", "{field.column}" FROM "{table}" WHERE "{field.column}" IS NOT NULL')
                named = {to for key, to in links if key in came} - rows.get(target, {}).keys()
                if named:
                    outside.setdefault(target, set()).update(named)
    return outside


def write(rows) -> None:
    known = tables()
    with connection.cursor() as cursor:
        for table, came in rows.items():
            if connection.vendor == "postgresql":
                statement = f'INSERT INTO "{table}" SELECT * FROM jsonb_populate_record(NULL::"{table}", %s::jsonb)'
                cursor.executemany(statement, [(row,) for row in came.values()])
            else:
                names = ", ".join(f'"{column}"' for column in columns(known[table]))
                cursor.execute(f'INSERT INTO "{table}" ({names}) VALUES {", ".join(f"({row})" for row in came.values())}')


def columns(meta) -> list:
    return [field.column for field in meta.concrete_fields]


def start_keys_at(number) -> None:
    """The next numbered key of every table is above `number`."""
    numbered = [meta for meta in tables().values() if meta.auto_field]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for meta in numbered:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{meta.db_table}"', meta.pk.column, number])
        else:
            there = {name for (name,) in asked("SELECT name FROM sqlite_sequence")}
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE seq < %s", [number, number])
            new = [(meta.db_table, number) for meta in numbered if meta.db_table not in there]
            cursor.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", new)


def asked(statement) -> list:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
