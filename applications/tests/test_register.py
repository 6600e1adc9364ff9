"""S8: the register of labelled clusters, its periods that never share a day, its import, and what recevabilité is told of it."""

from datetime import date
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.functional import Promise
from openpyxl import load_workbook

from applications.forms.register import ClusterForm, EntryForm, PeriodForm
from applications.models import LabelledCluster, RegisteredPeriod
from applications.services import register as service
from applications.services.register_note import register_notes
from applications.tests.factories import make_user
from applications.views.register_plot import timeline_of
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from evaluation.tests import factories as judging

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def head(client):
    person = make_user(roles=[Role.DIVISION_HEAD])
    client.force_login(person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return person


def cluster(head, name="Pôle fictif Argan", *periods, **values):
    made = service.save_cluster(actor=head, name_fr=name, **values)
    for first, last in periods:
        service.save_period(cluster=made, actor=head, starts_on=first, ends_on=last)
    return made


def test_a_period_that_shares_a_day_is_refused_and_nothing_changes(head):
    made = cluster(head, "Pôle A", (date(2015, 1, 1), date(2019, 12, 31)))
    entries = AuditEntry.objects.count()
    for first, last in ((date(2019, 12, 31), date(2021, 1, 1)), (date(2016, 1, 1), date(2016, 2, 1)), (date(2010, 1, 1), date(2030, 1, 1))):
        with pytest.raises(service.RegisterRefused) as refusal:
            service.save_period(cluster=made, actor=head, starts_on=first, ends_on=last)
        assert refusal.value.field == "starts_on"
    assert (RegisteredPeriod.objects.count(), AuditEntry.objects.count()) == (1, entries)
    service.save_period(cluster=made, actor=head, starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 1))
    other = cluster(head, "Pôle B", (date(2015, 1, 1), date(2019, 12, 31)))
    assert (made.periods.count(), other.periods.count()) == (2, 1)


def test_a_period_is_changed_without_meeting_itself(head):
    made = cluster(head, "Pôle A", (date(2015, 1, 1), date(2019, 12, 31)))
    period = made.periods.get()
    service.save_period(cluster=made, actor=head, period=period, starts_on=date(2015, 6, 1), ends_on=date(2020, 1, 31))
    assert str(made.periods.get()) == "01/06/2015 – 31/01/2020"
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.before, entry.after) == ("register.period_changed", "01/01/2015 – 31/12/2019", "01/06/2015 – 31/01/2020")


def test_the_database_refuses_what_the_service_would(head):
    made = cluster(head, "Pôle A", (date(2015, 1, 1), date(2019, 12, 31)))
    for values in (
        {"starts_on": date(2021, 1, 2), "ends_on": date(2021, 1, 1)},
        {"starts_on": date(2015, 1, 1), "ends_on": date(2015, 1, 1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RegisteredPeriod.objects.create(cluster=made, **values)
    for name in ("PôLE A", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            LabelledCluster.objects.create(name_fr=name, created_by=head, created_at=judging.NOON)


def test_a_period_upside_down_or_a_name_twice_is_refused_beside_its_field(client, head):
    made = cluster(head, "Pôle A")
    answer = client.post(reverse("applications:register_period_new", args=[made.pk]), {"starts_on": "02/01/2020", "ends_on": "01/01/2020"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["ends_on"])
    answer = client.post(reverse("applications:register_new"), {"name_fr": "pole  a", "remarks": "kept"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name_fr"])
    assert "kept" in answer.content.decode()
    assert LabelledCluster.objects.count() == 1


def test_the_second_of_two_editors_is_told_what_the_first_saved(client, head):
    made = cluster(head, "Pôle A")
    address = reverse("applications:register_edit", args=[made.pk])
    seen = client.get(address).context["form"]["seen"].value()
    first, second = ({"name_fr": "Pôle A", "acronym": name, "seen": seen} for name in ("PRE", "DEU"))
    assert [client.post(address, first).status_code for _click in range(2)] == [302, 302]  # the same twice is one
    answer = client.post(address, second)
    form = answer.context["form"]
    assert (answer.status_code, sorted(form.errors), form["acronym"].value()) == (409, ["__all__", "acronym"], "DEU")
    assert "PRE" in str(form.errors["acronym"])
    made.refresh_from_db()
    assert made.acronym == "PRE"
    assert client.post(address, second | {"seen": form["seen"].value()}).status_code == 302
    made.refresh_from_db()
    assert made.acronym == "DEU"


def test_the_second_of_two_editors_of_a_period_is_told_what_the_first_saved(client, head):
    made = cluster(head, "Pôle A")
    period = service.save_period(cluster=made, actor=head, starts_on=date(2016, 1, 1), ends_on=date(2020, 12, 31))
    address = reverse("applications:register_period", args=[made.pk, period.pk])
    seen = client.get(address).context["form"]["seen"].value()
    first, second = ({"starts_on": "01/01/2016", "ends_on": day, "seen": seen} for day in ("30/06/2020", "31/07/2020"))
    assert [client.post(address, first).status_code for _click in range(2)] == [302, 302]  # the same twice is one
    answer = client.post(address, second)
    form = answer.context["form"]
    assert (answer.status_code, sorted(form.errors), form["ends_on"].value()) == (409, ["__all__", "ends_on"], "31/07/2020")
    assert "30 June 2020" in str(form.errors["ends_on"])
    period.refresh_from_db()
    assert period.ends_on == date(2020, 6, 30)
    assert client.post(address, second | {"seen": form["seen"].value()}).status_code == 302
    period.refresh_from_db()
    assert period.ends_on == date(2020, 7, 31)


@pytest.mark.parametrize("form", [ClusterForm, PeriodForm, EntryForm])
def test_labels_wait_for_the_language_of_who_reads(form):
    assert [name for name, field in form.base_fields.items() if field.label and not isinstance(field.label, Promise)] == []


def test_the_head_enters_changes_and_removes(client, head):
    client.post(reverse("applications:register_new"), {"name_fr": "Pôle fictif Argan", "region": "MA-09", "labelled_on": "01/02/2016"})
    made = LabelledCluster.objects.get()
    assert (made.region, made.labelled_on) == ("MA-09", date(2016, 2, 1))
    client.post(
        reverse("applications:register_period_new", args=[made.pk]),
        {"starts_on": "01/03/2016", "ends_on": "28/02/2021", "contract_reference": "CP 1/2016"},
    )
    period = made.periods.get()
    shown = client.get(reverse("applications:register_cluster", args=[made.pk]))
    assert (shown.context["entry"].support.years, shown.context["entry"].support.extra_days) == (5, 0)
    assert shown.context["exceeds_on"] is None
    client.post(reverse("applications:register_period_remove", args=[made.pk, period.pk]))
    assert not made.periods.exists()
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True))[-3:] == [
        "register.cluster_entered", "register.period_entered", "register.period_removed",
    ]  # fmt: skip


def test_the_list_filters_sorts_and_asks_as_much_for_thirty(client, head):
    cluster(head, "Pôle Zellige", (date(2010, 1, 1), date(2014, 12, 31)), region="MA-03")
    cluster(head, "Pôle Argan", (date(2020, 1, 1), date(2099, 12, 31)), region="MA-09", acronym="PARG")

    def names(**query):
        return [entry.cluster.name_fr for entry in client.get(reverse("applications:register"), query).context["entries"]]

    assert names() == ["Pôle Argan", "Pôle Zellige"]
    assert names(sort="-name") == ["Pôle Zellige", "Pôle Argan"]
    assert names(sort="first") == ["Pôle Zellige", "Pôle Argan"]
    assert names(q="parg") == names(region="MA-09") == names(state="supported") == ["Pôle Argan"]
    assert names(state="ended") == ["Pôle Zellige"]
    assert names(region="nowhere", sort="nothing") == ["Pôle Argan", "Pôle Zellige"]

    def asked():
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("applications:register"))
        return len(found)

    few = asked()
    for number in range(30):
        cluster(head, f"Pôle {number:02d}", (date(2015, 1, 1), date(2016, 1, 1)))
    assert (asked(), few <= 10) == (few, True)


def test_exports_hold_every_period_and_no_formula(client, head):
    cluster(head, "=1+1", (date(2010, 1, 1), date(2014, 12, 31)), (date(2016, 1, 1), date(2018, 12, 31)))
    answer = client.get(reverse("applications:register_export", args=["xlsx"]))
    sheet = load_workbook(BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(min_row=2))
    assert [(row[0].value, row[0].data_type, row[6].value.date(), row[9].value, row[10].value) for row in rows] == [
        ("=1+1", "s", date(2010, 1, 1), 8, 0), ("=1+1", "s", date(2016, 1, 1), 8, 0),
    ]  # fmt: skip
    text = client.get(reverse("applications:register_export", args=["csv"])).content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith("'=1+1;")


SHEET = (
    "Nom du cluster;Nom en arabe;Sigle;Région;Début;Fin;Référence du contrat\r\n"
    "Pôle fictif Argan;قطب أركان;PFA;Souss-Massa;01/01/2015;31/12/2019;CP 1\r\n"
    "Pôle fictif Argan;;;MA-09;01/01/2020;31/12/2024;CP 2\r\n"
    "Pôle fictif Argan;;;;31/12/2019;01/02/2020;CP 3\r\n"
    ";;;;01/01/2015;31/12/2019;\r\n"
    "Pôle fictif Zellige;;;Atlantide;01/01/2015;31/02/2019;\r\n"
    "Pôle fictif Safran;;;Oriental;;;\r\n"
)


def test_a_spreadsheet_is_shown_then_entered(client, head):
    address = reverse("applications:register_import")
    upload = SimpleUploadedFile("registre.csv", SHEET.encode())
    shown = client.post(address, {"file": upload})
    assert [(row.number, bool(row.errors)) for row in shown.context["rows"]] == [
        (2, False), (3, False), (4, True), (5, True), (6, True), (7, False),
    ]  # fmt: skip
    assert (shown.context["good"], LabelledCluster.objects.count()) == (3, 0)
    client.post(address, {"rows": shown.context["signed"]})
    argan, safran = LabelledCluster.objects.order_by("name_fr")
    assert (argan.name_ar, argan.acronym, argan.region, argan.periods.count()) == ("قطب أركان", "PFA", "MA-09", 2)
    assert (safran.name_fr, safran.region, safran.periods.count()) == ("Pôle fictif Safran", "MA-02", 0)
    client.post(address, {"rows": shown.context["signed"]})
    assert RegisteredPeriod.objects.count() == 2


def test_rows_of_another_hand_or_person_enter_nothing(client, head):
    address = reverse("applications:register_import")
    shown = client.post(address, {"file": SimpleUploadedFile("registre.csv", SHEET.encode())})
    client.post(address, {"rows": shown.context["signed"][:-2] + "xx"})
    client.force_login(make_user(roles=[Role.DIVISION_HEAD]))
    client.post(address, {"rows": shown.context["signed"]})
    assert not LabelledCluster.objects.exists()


@pytest.mark.parametrize("content", [b"", b"a;b\r\n1;2\r\n", b"Nom;D\xc3\xa9but;Fin\r\n"])
def test_a_file_that_says_nothing_is_refused_in_words(client, head, content):
    answer = client.post(reverse("applications:register_import"), {"file": SimpleUploadedFile("registre.csv", content)})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])


def deposit_of(kind, name="Cluster fictif", years=8):
    call = judging.call(existing_allowed=True, existing_min_support_years=years)
    snapshot = {
        "call": {"terms": {"existing_min_support_years": years}}, "documents": [],
        "steps": {"identite": {"identity": {"applicant_type": kind}}},
    }  # fmt: skip
    return judging.application(call, name=name, snapshot=snapshot).current_deposit


@pytest.mark.parametrize(
    "last, words", [(date(2022, 2, 28), "not strictly more than 8 years"), (date(2022, 3, 1), ", strictly more than 8")]
)
def test_recevabilite_is_told_the_exact_length(head, last, words):
    cluster(head, "Cluster Fictif", (date(2014, 3, 1), last))
    (note,) = register_notes(deposit_of("existing", name="cluster fictif")).values()
    assert words in note
    assert "8 years" in note


def test_recevabilite_is_told_of_a_new_cluster_that_is_known_and_of_one_that_is_not(head):
    known = deposit_of("new")
    assert register_notes(known) == {}
    cluster(head, "Autre nom", association=known.application.association)
    assert list(register_notes(known)) == ["applicant_type"]
    assert register_notes(deposit_of("existing", name="Nulle part"))["support_years"] == "The register knows no cluster of this name."


def test_a_selected_project_enters_the_register_once(head):
    chosen = judging.application(judging.call(), status="selected", region="MA-09", name="Projet retenu")
    period = service.add_selected(application=chosen, actor=head, starts_on=date(2027, 1, 1), ends_on=date(2031, 12, 31))
    assert (period.cluster.name_fr, period.cluster.region, period.call, period.application) == (
        "Projet retenu",
        "MA-09",
        chosen.call,
        chosen,
    )
    with pytest.raises(service.RegisterRefused):
        service.add_selected(application=chosen, actor=head, starts_on=date(2032, 1, 1), ends_on=date(2033, 1, 1))
    refused = judging.application(judging.call(), status="not_selected")
    with pytest.raises(service.RegisterRefused):
        service.add_selected(application=refused, actor=head, starts_on=date(2027, 1, 1), ends_on=date(2031, 12, 31))
    assert (LabelledCluster.objects.count(), RegisteredPeriod.objects.count()) == (1, 1)


def test_the_timeline_holds_five_years_at_least(head):
    made = cluster(head, "Pôle A", (date(2024, 3, 1), date(2024, 9, 1)))
    drawn = timeline_of(made, date(2026, 1, 1))
    assert [year for _x, year in drawn.marks] == [2024, 2025, 2026, 2027, 2028, 2029]
    assert drawn.today_x is not None
    assert timeline_of(cluster(head, "Pôle B"), date(2026, 1, 1)) is None
