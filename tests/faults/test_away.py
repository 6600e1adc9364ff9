"""A server that is away for a while, under people at work: what they see, what is kept, what goes on by itself afterwards."""

import re
import time
from html import unescape

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from applications.demonstration.samples import read_sample
from tests.stack import walk
from tests.stack.portal import PASSWORD
from tests.stack.servers import until

pytestmark = pytest.mark.stack
WAITING = "SELECT count(*) FROM notifications_outgoingmail WHERE state = 'waiting'"


@pytest.fixture(scope="module")
def applicant(stack):
    person = walk.create_account(stack, "pannes@cluster.example")
    person.dossier = walk.open_dossier(person, read_sample("b-hydrogene"))
    person.key = person.dossier.split("/")[2]
    return person


def write(person, text, **options):
    """Save one sentence in a step."""
    page = person.see(f"{person.dossier}etape/start-up/")
    return person.send(page, {"startups-preparation": text}, field="version", **options)


def kept(stack, person):
    return stack.one("SELECT preparation FROM applications_startupsupport WHERE application_id = %s", person.key)


def test_redis_gone_signs_nobody_out_stops_nobody_and_lifts_no_limit(stack, applicant):
    stack.processes["redis"].kill()
    try:
        assert write(applicant, "Sans Redis").status == 200
        assert kept(stack, applicant) == "Sans Redis"
        walk.upload(applicant, applicant.dossier, "ADM_STATUTS")
        scan = "SELECT scan FROM applications_document WHERE application_id = %s"
        assert stack.one(scan, applicant.key) == "pending"
        thief = stack.person(applicant.email)
        answers = [
            thief.send(thief.see("/compte/login/"), {"login": thief.email, "password": f"faux-{n}"}, field="login", expect=None)
            for n in range(7)
        ]
        right = thief.send(thief.see("/compte/login/"), {"login": thief.email, "password": PASSWORD}, field="login", expect=None)
        assert ("sessionid" in thief.line.cookies, right.path) == (False, "/compte/login/")
        assert len({page.words() for page in answers}) > 1  # told that it is for a while
        other = stack.person("nouveau@cluster.example")
        page = other.send(other.see("/compte/password/reset/"), {"email": applicant.email}, field="email")
        assert page.status == 200
    finally:
        stack.processes["redis"].start()
    for queue in ("default", "mail", "scan", "pdf", "exports"):
        stack.send("operations.heartbeat", queue, queue=queue)
    began = stack.one("SELECT now() - interval '1 minute'")
    stack.until("SELECT count(*) FROM notifications_scheduledrun WHERE name LIKE 'sign of life%%' AND last_run_at > %s", 5, began)
    # What the queue never heard of is found by the schedule.
    stack.rows("UPDATE applications_document SET uploaded_at = uploaded_at - interval '6 minutes' WHERE application_id = %s", applicant.key)
    stack.send("applications.scan_waiting")
    stack.send("notifications.send_waiting")
    stack.until(scan, "clean", applicant.key)
    stack.until(WAITING, 0)


def test_store_gone_is_told_beside_the_card_and_hinders_no_other_act(stack, applicant):
    before, rows = stack.objects(), "SELECT count(*) FROM applications_document WHERE application_id = %s"
    count = stack.one(rows, applicant.key)
    stack.store.cut()
    try:
        page = walk.upload(applicant, applicant.dossier, "ADM_PV_AGC", expect=503)
        with translation.override("fr"):
            assert _(
                "Your file could not be kept: our store does not answer. It comes from us. Send the file again in a few minutes."
            ) in unescape(page.text)
        assert write(applicant, "Sans magasin").status == 200
    finally:
        stack.store.mend()
    assert (stack.objects(), stack.one(rows, applicant.key)) == (before, count)
    walk.upload(applicant, applicant.dossier, "ADM_PV_AGC")
    assert len(stack.objects()) == len(before) + 1


def test_mail_server_gone_loses_no_sign_up_and_the_mail_comes_once(stack):
    email = "inscrite@cluster.example"
    stack.office.stop()
    try:
        person = stack.person(email)
        typed = {"email": email, "password1": PASSWORD, "password2": PASSWORD, "first_name": "Nadia", "last_name": "Zerouali"}
        page = person.send(person.see("/compte/signup/"), typed, field="password1")
        assert page.path == "/compte/confirm-email/"
        row = "SELECT state, attempts FROM notifications_outgoingmail WHERE recipient = %s"
        assert stack.rows(row, email) == [("waiting", 0)]
        later = "UPDATE notifications_outgoingmail SET next_attempt_at = now() WHERE recipient = %s"
        stack.rows(later, email)
        stack.send("notifications.send_waiting")
        stack.until("SELECT attempts > 0 AND last_error <> '' FROM notifications_outgoingmail WHERE recipient = %s", True, email)
    finally:
        stack.open_office()
    stack.rows(later, email)
    stack.send("notifications.send_waiting")
    link = re.search(r"https://[^/\s]+(/compte/confirm-email/\S+)", stack.mail_to(email).get_content())[1]
    person.send(person.see(link), action="/compte/confirm-email/")
    stack.until("SELECT state || body FROM notifications_outgoingmail WHERE recipient = %s", "sent", email)  # and its link is erased
    assert len(stack.mails_to(email)) == 1


def test_mail_that_is_refused_for_good_is_sent_again_from_the_status_page(stack):
    address = "partie@cluster.example"
    stack.inbox.refuses[address] = "550 5.1.1 No such user"
    stack.queue_mail(address)
    stack.send("notifications.send_waiting")
    stack.until("SELECT state FROM notifications_outgoingmail WHERE recipient = %s", "failed", address)
    stack.rows(
        "INSERT INTO operations_failedtask (name, args, kwargs, error, request_id, failed_at)"
        " VALUES ('operations.heartbeat', '[\"exports\"]', '{}', 'RuntimeError: no paper', '', now())"
    )
    administrator = walk.staff(stack, "administrator")
    page = administrator.see("/espace/etat/")
    assert ("550 5.1.1 No such user" in page.text, "RuntimeError: no paper" in page.text) == (True, True)
    stack.inbox.refuses.clear()
    number = stack.one("SELECT id FROM notifications_outgoingmail WHERE recipient = %s", address)
    administrator.send(page, {}, action=f"/courriels/{number}/")
    administrator.send(page, {}, action=f"/taches/{stack.one('SELECT max(id) FROM operations_failedtask')}/")
    stack.mail_to(address)
    stack.until("SELECT count(*) FROM operations_failedtask WHERE retried_at IS NULL", 0)
    assert "No such user" not in administrator.see("/espace/etat/").text


def test_database_restarted_under_people_keeps_what_was_typed(stack, applicant):
    page = applicant.see(f"{applicant.dossier}etape/start-up/")
    stack.database.crash()
    try:
        away = applicant.send(page, {"startups-preparation": "Pendant la panne"}, field="version", expect=503)
        assert away.headers["retry-after"] == "30"
        assert ("startups-preparation", "Pendant la panne") in away.form(field="startups-preparation").values
        assert applicant.see("/", expect=503).headers["retry-after"] == "30"
        assert stack.person().see("/healthz").status == 200  # no reason to kill it
    finally:
        stack.database.come_back()
    until(lambda: applicant.ask("GET", "/dossiers/", expect=None).status == 200, "the portal did not come back")
    saved = applicant.send(away, {}, field="startups-preparation")
    assert ("error-summary" in saved.text, kept(stack, applicant)) == (False, "Pendant la panne")
    began = time.monotonic()
    stack.rows("DELETE FROM notifications_scheduledrun")
    for queue in ("default", "scan"):
        stack.send("operations.heartbeat", queue, queue=queue)
    stack.until("SELECT count(*) FROM notifications_scheduledrun", 2)
    assert time.monotonic() - began < 60
