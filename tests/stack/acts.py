"""Acts around the walk, done in a process of the portal by its own services: people who hold roles, and the days that go by."""

import json
import time
from datetime import timedelta
from itertools import count

from django.utils.timezone import now

from applications import demonstration
from applications.models import Application, Call
from applications.services import deposit, drafts
from applications.tests import factories as people_made
from applications.tests.factories import close, declare_admissible, hand_in
from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role
from clusters_portal.audit import journal
from clusters_portal.operations import backups
from evaluation.services import assignments, evaluators
from evaluation.tests import factories as judging
from tests.walk.people import make_person

CALL = "demonstration"
# Each of these acts is a process of its own, and names the people it makes up after these numbers.
judging._serial = people_made._numbers = count(int(time.time() * 10) % 1_000_000_000)
STAFF = {
    "officer": Role.CASE_OFFICER, "head": Role.DIVISION_HEAD, "evaluator": Role.EVALUATOR, "administrator": Role.ADMINISTRATOR,
    "second": Role.EVALUATOR, "third": Role.EVALUATOR,
}  # fmt: skip


def call():
    return Call.objects.get(slug=CALL)


def people():
    """Somebody for each role, with a verified address."""
    for name, role in STAFF.items():
        make_person(f"{name}@mic.example", role=role, last_name=name.title(), is_staff=role == Role.ADMINISTRATOR)
    judging.adopted_grid(call())


def three_days_left():
    """A moment at which those who joined before it are reminded."""
    Call.objects.filter(slug=CALL).update(deadline_at=now() + timedelta(days=2, seconds=-1))


def second_dossier():
    """Another association's, so that there is something to rank."""
    actor, sample = make_person("hydrogene@cluster.example"), demonstration.read_sample("b-hydrogene")
    made = drafts.create_application(call=call(), association_name=sample["association"]["name_fr"], actor=actor)
    demonstration.fill(made, sample, actor=actor)
    deposit.deposit(application=made, declaration=demonstration.declaration_of(sample, call()), actor=actor)


def close_call():
    """The paper files are brought, the deadline passes."""
    for application in Application.objects.filter(number__gt=""):
        hand_in(application)
    close(call())


def verified():
    """Seals the journal and prints its first fault ("" when none) and how the files differ from their hashes."""
    while journal.seal():
        pass
    print(json.dumps({"journal": journal.first_fault(), "files": len(backups.stored_files())}))


def others_judge():
    """The second dossier is admissible too; everybody is assigned, two of the three evaluators have marked both."""
    other = Application.objects.get(number="DEMO-0002")
    declare_admissible(other, officer=person("officer"), head=person("head"))
    for name in ("second", "third"):
        evaluators.sign_commitment(actor=person(name))
    for application in Application.objects.filter(number__gt="").order_by("number"):
        assignments.assign(application=application, evaluator=person("evaluator"), actor=person("officer"))
        for name in ("second", "third"):
            judging.submitted(judging.accepted(application, person(name), person("officer")), 4 if application != other else 3)


def agree():
    """The consensus of both dossiers on the marks of their first evaluator, validated."""
    for application in Application.objects.filter(number__gt="").order_by("number"):
        judging.agreed(application)


def person(name):
    return User.objects.get(email=f"{name}@mic.example")
