"""What somebody with the database in his hands can do, and production has no word for: lift the guards of evidence.

Loaded by conftest.py. Tests that commit empty the database afterwards; only there, and in a test that asks by name, are
the triggers of clusters_portal/audit/triggers.py away.
"""

from contextlib import contextmanager

from django.db import connection, transaction
from django.test import TransactionTestCase

from clusters_portal.audit import triggers


@contextmanager
def unguarded():
    """Evidence can be changed in the block, as by whoever owns the database; guarded again after it."""
    connection.check_constraints()  # PostgreSQL drops no trigger of a table whose foreign keys are still to be checked
    with transaction.atomic(), connection.cursor() as cursor:
        for table in triggers.tables():
            for kind in triggers.STATEMENTS[connection.vendor]:
                where = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{triggers.name_of(table, kind)}"{where}')
    try:
        yield
    finally:
        if connection.vendor == "postgresql" and connection.in_atomic_block and not connection.needs_rollback:
            connection.check_constraints()
        triggers.install(connection)


_flush = TransactionTestCase._fixture_teardown


def _emptied(case):
    with unguarded():
        _flush(case)


TransactionTestCase._fixture_teardown = _emptied
