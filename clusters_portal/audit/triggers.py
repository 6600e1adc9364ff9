"""The database itself refuses to change or delete evidence: one set of triggers per table of an AppendOnlyModel.

Installed after every `migrate`, on PostgreSQL and on SQLite, for every such model of every app: a new table is covered
without thinking of it. No column of them may be changed, by design: what comes later is a row of its own (a seal beside
its entry, a signature beside its minutes). docs/adr/0008 says why here and not in each migration.
"""

from django.apps import apps
from django.db import connections, transaction

from .models import AppendOnlyModel

PREFIX = "append_only_"
REFUSAL = "Rows of this table are evidence: they are never changed nor deleted."

# The exception is the one of a broken constraint, so that Django raises IntegrityError on both.
POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION portal_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME; END $$
"""
STATEMENTS = {
    "postgresql": {
        "change": "CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION portal_append_only()",
        "empty": "CREATE TRIGGER {trigger} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only()",
    },
    "sqlite": {
        "update": f"CREATE TRIGGER {{trigger}} BEFORE UPDATE ON {{table}} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        "delete": f"CREATE TRIGGER {{trigger}} BEFORE DELETE ON {{table}} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        # “INSERT OR REPLACE” deletes without waking the trigger above.
        "replace": (
            f"CREATE TRIGGER {{trigger}} BEFORE INSERT ON {{table}} WHEN EXISTS (SELECT 1 FROM {{table}} WHERE id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        ),
    },
}
PRESENT = {
    # A trigger that was switched off guards nothing: it counts as absent.
    "postgresql": (
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND tgenabled <> 'D' AND pg_table_is_visible(pg_class.oid)"
    ),
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
}


def tables() -> list[str]:
    """The tables of evidence, of every app, in the order of their names."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnlyModel))


def missing(connection) -> list[tuple[str, str]]:
    """[(table, kind)] of what guards no more, or not yet; of the tables that exist. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor])
        present = set(cursor.fetchall())
        existing = set(connection.introspection.table_names(cursor))
    kinds = STATEMENTS[connection.vendor]
    wanted = [(table, kind) for table in tables() if table in existing for kind in kinds]
    return [(table, kind) for table, kind in wanted if (name_of(table, kind), table) not in present]


def install(connection) -> list[str]:
    """Create what is missing, all or nothing; returns the tables concerned."""
    lacking = missing(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if lacking and connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for table, kind in lacking:
            quoted = {"trigger": connection.ops.quote_name(name_of(table, kind)), "table": connection.ops.quote_name(table)}
            of_table = " ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {{trigger}}{of_table}".format(**quoted))
            cursor.execute(STATEMENTS[connection.vendor][kind].format(**quoted))
    return sorted({table for table, _kind in lacking})


def name_of(table: str, kind: str) -> str:
    return f"{PREFIX}{table}_{kind}"


def install_after_migrate(sender, using, **kwargs) -> None:
    """Receiver of `post_migrate`, sent once everything is migrated. SQLite rebuilds a table it alters, without its triggers."""
    install(connections[using])
