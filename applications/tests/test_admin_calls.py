"""The administration site: who sees what, terms that lock, copies, and no content of a dossier for those without title."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from applications.admin.calls import TERMS_FIELDS
from applications.models import Application, Association, Call, Deposit
from applications.services import calls
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from .shipped import load_all

pytestmark = pytest.mark.django_db
CHANGELIST = "admin:applications_call_changelist"


@pytest.fixture
def editions():
    return load_all(clock.now())


@pytest.fixture
def future(editions):
    return calls.copy_call(call=editions["2026"], actor=None, now=clock.now())


@pytest.fixture
def as_role(client, settings):
    """`as_role(Role.X)`: the client, signed in as a member of staff of that role, in English."""

    def sign_in(*roles, **fields):
        user = get_user_model().objects.create_user(
            f"{'-'.join(roles) or 'root'}@clusters.example", "a long password", is_staff=True, **fields
        )
        user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


@pytest.fixture
def deposit(editions):
    author = get_user_model().objects.create_user("author@clusters.example", "a long password")
    call = editions["2026"]
    application = Application(
        call=call, association=Association.objects.create(name_fr="Cluster Déposé"), created_by=author,
        number="CL-2026-0001", deposited_at=call.deadline_at,
    )  # fmt: skip
    application.status = Application.Status.DEPOSITED
    application.save()
    Application.objects.create(call=call, association=Association.objects.create(name_fr="Cluster Brouillon"), created_by=author)
    return Deposit.objects.create(
        application=application, number=application.number, received_at=call.deadline_at, deadline_at=call.deadline_at,
        deposited_by=author, snapshot='{"secret": "contenu"}', sha256="0" * 64, name_fr="Cluster Déposé",
    )  # fmt: skip


def change_address(call):
    return reverse("admin:applications_call_change", args=(call.pk,))


def form_data(client, call):
    """What the browser would send back unchanged: every field of the form and of its inlines."""
    context = client.get(change_address(call)).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += (
            [inline.formset.management_form, *inline.formset.initial_forms]
            if inline.has_change_permission
            else [inline.formset.management_form]
        )
    data = {}
    for form in forms:
        for bound in form:
            widget, value = bound.field.widget, bound.value()
            if hasattr(widget, "decompress"):
                parts = widget.decompress(bound.field.to_python(value) if isinstance(value, list) else value)
                rendered = [part.format_value(item) for part, item in zip(widget.widgets, parts, strict=True)]
                data |= {f"{bound.html_name}_{number}": text or "" for number, text in enumerate(rendered)}
            elif value is not False and value is not None:
                data[bound.html_name] = value if value is not True else "on"
    return data


# --- Who ----------------------------------------------------------------------------------------------------------
def test_strangers_are_sent_to_the_portals_own_sign_in(client):
    answer = client.get(reverse("admin:login"))
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize(
    "role, reads, writes",
    [
        (Role.ADMINISTRATOR, True, True),
        (Role.DIVISION_HEAD, True, True),
        (Role.CASE_OFFICER, True, False),
        (Role.AUDITOR, True, False),
        (Role.COUNTER_AGENT, False, False),
        (Role.EVALUATOR, False, False),
        (Role.COMMITTEE_MEMBER, False, False),
        (Role.COMMITTEE_CHAIR, False, False),
    ],
)
def test_calls_in_the_administration_by_role(as_role, future, role, reads, writes):
    client = as_role(role)
    page = client.get(change_address(future))
    assert page.status_code == (200 if reads else 403)
    if reads:
        assert (b'name="_save"' in page.content) == writes
    assert client.get(reverse("admin:applications_call_add")).status_code == (200 if writes else 403)


def test_superuser_configures_calls_but_reads_no_dossier(as_role, future, deposit):
    client = as_role(is_superuser=True)
    assert client.get(change_address(future)).status_code == 200
    assert client.get(reverse("admin:applications_deposit_changelist")).status_code == 403
    assert client.get(reverse("admin:applications_deposit_change", args=(deposit.pk,))).status_code == 403


@pytest.mark.parametrize(
    "role, reads", [(Role.DIVISION_HEAD, True), (Role.AUDITOR, True), (Role.ADMINISTRATOR, False), (Role.EVALUATOR, False)]
)
@pytest.mark.parametrize("name", ["application", "deposit", "admissibilitycheck"])
def test_dossiers_are_browsed_by_those_with_title_to_read(as_role, deposit, name, role, reads):
    response = as_role(role).get(reverse(f"admin:applications_{name}_changelist"))
    assert response.status_code == (200 if reads else 403)


def test_drafts_are_not_in_the_administration(as_role, deposit):
    client = as_role(Role.AUDITOR)
    html = client.get(reverse("admin:applications_application_changelist")).content.decode()
    assert ("Cluster Déposé" in html, "Cluster Brouillon" in html) == (True, False)
    draft = Application.objects.get(status="draft")
    assert client.get(reverse("admin:applications_application_change", args=(draft.pk,))).status_code == 302


def test_dossiers_are_never_written_there(as_role, deposit):
    client = as_role(Role.DIVISION_HEAD)
    address = reverse("admin:applications_application_change", args=(deposit.application_id,))
    assert b'name="_save"' not in client.get(address).content
    assert client.post(address, {"status": "selected"}).status_code == 403
    assert Application.objects.get(pk=deposit.application_id).status == "deposited"


def test_deposit_page_shows_the_frozen_dossier(as_role, deposit):
    client = as_role(Role.AUDITOR)
    assert "contenu" in client.get(reverse("admin:applications_deposit_change", args=(deposit.pk,))).content.decode()
    assert client.get(reverse("admin:applications_deposit_changelist") + "?q=CL-2026-0001").context["cl"].result_count == 1


# --- Terms --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["2026", "demonstration"])
def test_terms_of_an_opened_call_are_read_only_with_the_reason(as_role, editions, slug):
    page = as_role(Role.ADMINISTRATOR).get(change_address(editions[slug]))
    assert "The call has opened: applicants rely on its terms" in page.content.decode()
    assert set(page.context["adminform"].form.fields).isdisjoint(TERMS_FIELDS)
    writable = {inline.opts.model.__name__ for inline in page.context["inline_admin_formsets"] if inline.has_change_permission}
    assert writable == {"StepGuidance"}


def test_posting_a_locked_term_changes_nothing(as_role, editions):
    client, call = as_role(Role.ADMINISTRATOR), editions["demonstration"]
    before = Call.objects.filter(pk=call.pk).values().get()
    client.post(change_address(call), form_data(client, call) | {"min_members": "1", "places": "99"})
    assert Call.objects.filter(pk=call.pk).values().get() == before


def test_contact_of_an_opened_call_is_saved_and_journalled(as_role, editions):
    client, call = as_role(Role.ADMINISTRATOR), editions["demonstration"]
    response = client.post(change_address(call), form_data(client, call) | {"contact_phone": "05 11 22 33 44"})
    assert response.status_code == 302
    assert Call.objects.get(pk=call.pk).contact_phone == "05 11 22 33 44"
    entry = AuditEntry.objects.get(action="call.changed")
    assert (entry.data, entry.actor_label) == ({"contact_phone": ["", "05 11 22 33 44"]}, "administrator@clusters.example")


def test_the_deadline_of_an_open_call_moves_on_its_own_page(as_role, editions):
    client, call = as_role(Role.ADMINISTRATOR), editions["demonstration"]
    day = clock.local(call.deadline_at + timedelta(days=1)).date().isoformat()
    assert client.post(change_address(call), form_data(client, call) | {"deadline_at_0": day}).status_code == 302
    assert Call.objects.get(pk=call.pk).deadline_at == call.deadline_at
    assert reverse("applications:call_extend", args=[call.slug]) in client.get(change_address(call)).content.decode()


def test_free_call_takes_new_terms_and_rows(as_role, future):
    client = as_role(Role.ADMINISTRATOR)
    rows = {"criteria-0-label_fr": "Nouvel intitulé"}
    response = client.post(change_address(future), form_data(client, future) | {"min_members": "20"} | rows)
    assert response.status_code == 302
    assert Call.objects.get(pk=future.pk).min_members == 20
    assert future.criteria.first().label_fr == "Nouvel intitulé"
    assert AuditEntry.objects.filter(action="call.rows_changed", note="criteria").count() == 1


def test_publishing_and_correcting_rows_in_one_save(as_role, future):
    client, now = as_role(Role.ADMINISTRATOR), clock.local(timezone.now())
    dates = {"published_at": now - timedelta(hours=1), "opens_at": now - timedelta(hours=1), "deadline_at": now + timedelta(days=30)}
    typed = {f"{name}_0": moment.date().isoformat() for name, moment in dates.items()}
    typed |= {f"{name}_1": moment.time().isoformat("seconds") for name, moment in dates.items()}
    response = client.post(change_address(future), form_data(client, future) | typed | {"criteria-0-label_fr": "Nouvel intitulé"})
    assert response.status_code == 302
    assert future.criteria.first().label_fr == "Nouvel intitulé"
    assert calls.terms_locked(Call.objects.get(pk=future.pk), now=clock.now())


def test_copy_action_makes_an_unpublished_edition(as_role, editions):
    client = as_role(Role.ADMINISTRATOR)
    data = {"action": "copy_edition", "_selected_action": [editions["2026"].pk]}
    response = client.post(reverse(CHANGELIST), data, follow=True)
    copy = Call.objects.exclude(slug__in=editions).get()
    assert (copy.published_at, copy.criteria.count()) == (None, 10)
    assert change_address(copy) in response.content.decode()


def test_readers_may_not_copy(as_role, editions):
    client = as_role(Role.AUDITOR)
    client.post(reverse(CHANGELIST), {"action": "copy_edition", "_selected_action": [editions["2026"].pk]})
    assert Call.objects.count() == 3


def test_an_opened_call_is_not_deleted(as_role, editions, future):
    client = as_role(Role.ADMINISTRATOR)
    assert client.post(reverse("admin:applications_call_delete", args=(editions["2026"].pk,)), {"post": "yes"}).status_code == 403
    assert client.post(reverse("admin:applications_call_delete", args=(future.pk,)), {"post": "yes"}).status_code == 302
    assert set(Call.objects.values_list("slug", flat=True)) == set(editions)


@pytest.mark.parametrize("name", ["call", "application", "deposit", "admissibilitycheck"])
def test_lists_filter_and_search(as_role, deposit, name):
    client = as_role(Role.DIVISION_HEAD)
    for query in ("?q=Cluster", "?e=1", ""):
        assert client.get(reverse(f"admin:applications_{name}_changelist") + query, follow=True).status_code == 200
