"""A dossier written from the stamp is the one the services write."""

import pytest

from applications.models import Document
from applications.queries import facts_of
from applications.snapshots import snapshot_of
from clusters_portal.audit.models import AuditEntry

from . import stamp
from .builders import _attach, _save_steps, dossier_of, sample
from .factories import make_application, make_call, make_user

pytestmark = pytest.mark.django_db


def through_services(call):
    user = make_user()
    application = make_application(call=call, user=user, name=sample()["association"]["name_fr"])
    _save_steps(application, user, "a-textile")
    return application, user


def answers(application) -> dict:
    """Everything a deposit would freeze of the answers, without what names this dossier."""
    return snapshot_of(dossier_of(application)) | {"application": "", "documents": []}


def test_printed_dossier_is_the_one_the_services_write():
    call = make_call()
    written, _author = through_services(call)
    kept = stamp.take(written)
    reader = make_user()
    printed = make_application(call=call, user=reader, name="Autre nom")
    stamp.print_on(kept, printed, reader)
    assert answers(printed) == answers(written)
    assert facts_of(dossier_of(printed)) == facts_of(dossier_of(written))
    states = [(state.slug, state.version) for state in written.step_states.order_by("slug")]
    assert [(state.slug, state.version) for state in printed.step_states.order_by("slug")] == states
    assert set(printed.step_states.values_list("saved_by", flat=True)) == {reader.pk}


def test_printed_dossier_of_another_call_names_its_own_rows():
    kept = stamp.take(through_services(make_call("un"))[0])
    other, reader = make_call("deux"), make_user()
    printed = make_application(call=other, user=reader)
    stamp.print_on(kept, printed, reader)
    assert {line.heading.call_id for line in printed.budget_lines.all()} == {other.pk}


def test_call_with_other_rows_has_a_stamp_of_its_own():
    one, other = make_call("un"), make_call("deux")
    assert stamp.terms_of(one) == stamp.terms_of(other)
    other.budget_headings.first().delete()
    assert stamp.terms_of(one) != stamp.terms_of(other)


def test_dossier_already_begun_is_filled_through_the_services():
    application, user = through_services(make_call())
    assert not stamp.is_fresh(application, user)
    assert not stamp.is_fresh(make_application(call=application.call), make_user())


def told(application) -> list:
    entries = AuditEntry.objects.filter(object_id=application.pk, action="document.attached").order_by("pk")
    return [(entry.object_type, entry.after, {**entry.data, "document": ""}, entry.actor_id) for entry in entries]


def files(application) -> list:
    columns = [field.attname for field in Document._meta.concrete_fields if field.name not in ("id", "application", "file", "uploaded_at")]
    rows = application.documents.order_by("requirement__position", "pk")
    return [({name: getattr(row, name) for name in columns}, row.file.read(), row.file.name.count("/")) for row in rows]


def test_printed_pieces_are_those_the_service_attaches():
    call, user = make_call(), make_user()
    written, printed = (make_application(call=call, user=user, name=name) for name in ("Un", "Deux"))
    _attach(written, user)
    stamp.print_pieces(stamp.take_pieces(written), printed, user)
    assert files(printed) == files(written) and len(files(printed)) > 5
    assert told(printed) == told(written)
    assert [(s.slug, s.version, s.saved_by_id) for s in printed.step_states.all()] == [
        (s.slug, s.version, s.saved_by_id) for s in written.step_states.all()
    ]
