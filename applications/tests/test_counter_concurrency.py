"""Two agents, two tabs, or an extension and a deposit at the same instant on two real connections: one act, never two."""

import uuid
from datetime import timedelta
from functools import partial

import pytest

from applications.models import Application, Deposit, PaperDeposit
from applications.services.counter import Checklist, CounterRefused
from applications.services.deposit import DepositRefused, deposit
from applications.services.extensions import extend
from applications.services.walk_in import Contact, open_walk_in
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from tests import racing

from .builders import DECLARATION, deposited_application, filled_application
from .factories import hand_in, make_call, make_user
from .staff_fixtures import copies

pytestmark = pytest.mark.django_db(transaction=True)
together = partial(racing.together, refusals=(CounterRefused, DepositRefused))


def agents(number):
    return [make_user(roles=[Role.COUNTER_AGENT]) for _agent in range(number)]


def test_one_file_recorded_by_two_agents_has_one_acknowledgement():
    application, _deposit = deposited_application(call=make_call(prefix="CL-2026"), user=make_user())
    papers = together(*[lambda agent=agent: hand_in(application, agent=agent) for agent in agents(2)])
    assert papers[0] == papers[1] == PaperDeposit.objects.get()


def test_files_recorded_at_once_are_numbered_without_gap():
    application, _deposit = deposited_application(call=make_call(prefix="CL-2026"), user=make_user())
    files = [application, *copies(application, ["CL-2026-0002", "CL-2026-0003", "CL-2026-0004"])]
    together(*[lambda each=each, agent=agent: hand_in(each, agent=agent) for each, agent in zip(files, agents(4), strict=True)])
    assert sorted(PaperDeposit.objects.values_list("receipt_number", flat=True)) == [f"CL-2026-AR-000{n}" for n in (1, 2, 3, 4)]


def test_one_walk_in_form_in_two_tabs_makes_one_dossier():
    call, agent, pk = make_call(prefix="CL-2026"), agents(1)[0], uuid.uuid4()

    def bring():
        checklist = Checklist(copies=3, depositor_name="R. Alami", all_pages_signed=True, is_sealed=True)
        contact = Contact(name_fr="Cluster Bois", contact_name="R. Alami")
        return open_walk_in(pk=pk, call=call, contact=contact, checklist=checklist, actor=agent)

    papers = together(bring, bring)
    assert papers[0] == papers[1]
    assert (Application.objects.count(), Deposit.objects.count(), PaperDeposit.objects.count()) == (1, 1, 1)


def test_a_deposit_against_an_extension_is_judged_by_one_deadline():
    """The deposit comes one second after the old deadline, the extension is signed at it: refused, or accepted under the new one."""
    call, user, head = make_call(prefix="CL-2026"), make_user(), make_user(roles=[Role.DIVISION_HEAD])
    application, old = filled_application(call=call, user=user), call.deadline_at
    new = old + timedelta(days=7)

    def late_deposit():
        with clock.set_to(old + timedelta(seconds=1)):
            return deposit(application=application, declaration=DECLARATION, actor=user)

    def extension():
        with clock.set_to(old):
            return extend(call=call, new_deadline=new, reason_fr="x", actor=head)

    made, signed = together(late_deposit, extension)
    assert signed.new_deadline_at == new
    application.refresh_from_db()
    if isinstance(made, DepositRefused):
        assert ([obstacle.code for obstacle in made.obstacles], application.number) == (["closed"], None)
    else:
        assert (made.deadline_at, application.status) == (new, "deposited")
