"""Many tables in one query give what each table would give by itself: values, types, order, relations."""

import pytest

from applications.models import Action, Application, BudgetLine, Document, Member
from applications.queries import dossiers_of, with_single_rows
from applications.queries.dossier import TABLES, Dossier
from applications.queries.together import Rows, read_together
from applications.snapshots import answers_in, snapshot_of

from .builders import filled_application
from .factories import make_application, make_call

pytestmark = pytest.mark.django_db


def columns(row):
    return {field.attname: (type(getattr(row, field.attname)), str(getattr(row, field.attname))) for field in row._meta.concrete_fields}


def test_rows_are_those_of_each_table(owner):
    application = filled_application(user=owner)
    Member.objects.filter(application=application).update(name_fr='Sté « A » "B" \\ {x} % نسيج \U0001f9f5', fee="1234567.50")
    querysets = [model.objects.filter(application=application) for model in TABLES]
    # A table without an order of its own comes in any order from PostgreSQL; read together, it comes by key.
    querysets = [rows if rows.ordered else rows.order_by("pk") for rows in querysets]
    found = read_together([Rows(model, "application", (application.pk,)) for model in TABLES])
    for queryset, rows in zip(querysets, found, strict=True):
        assert [columns(row) for row in rows] == [columns(row) for row in queryset]
    assert any(found) and all(not row._state.adding for rows in found for row in rows)


def test_nothing_asked_is_nothing_read(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert read_together([]) == []


def test_whole_dossiers_cost_one_query_and_follow_their_relations(owner, django_assert_num_queries):
    call = make_call()
    for name in ("a-textile", "b-hydrogene"):
        filled_application(call=call, user=owner, name=name)
    make_application(call=call, user=owner, name="Vide")
    applications = list(with_single_rows(Application.objects.select_related("call", "association")).order_by("created_at"))
    with django_assert_num_queries(1):
        first, second, empty = dossiers_of(applications)
        assert [line.heading.code for line in first.rows(BudgetLine)] == [heading.code for heading in first.headings]
        assert {document.requirement.code for document in second.rows(Document)} <= {piece.code for piece in second.requirements}
        assert all(action.category.code for action in first.rows(Action))
        assert [empty.rows(model) for model in TABLES] == [[]] * len(TABLES)
    for dossier in (first, second, empty):
        alone = Dossier(Application.objects.get(pk=dossier.application.pk))
        assert answers_in(snapshot_of(dossier)) == answers_in(snapshot_of(alone))
