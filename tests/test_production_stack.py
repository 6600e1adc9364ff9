"""The main job on the servers of production: nginx, gunicorn, two workers, PostgreSQL, Redis, S3, SMTP and clamd, all real.

One walk, from the account to the exported ranking; then the same stack is asked what it kept, how often, and who can see it.
"""

import json
import re
from collections import Counter
from io import BytesIO
from zipfile import ZipFile

import pytest
import requests
from openpyxl import load_workbook

from applications.demonstration.samples import read_sample
from applications.tests.factories import pdf_bytes
from tests.antivirus import EICAR
from tests.stack import walk
from tests.stack.portal import BUCKET, TOKEN
from tests.stack.servers import until

pytestmark = pytest.mark.stack
EMAIL = "textile@cluster.example"
CLEAN = "SELECT count(*) FROM applications_document WHERE application_id = %s AND scan = 'clean' AND replaced_at IS NULL"


@pytest.fixture(scope="module")
def walked(stack):
    """What the walk leaves behind: the people's browsers and what they were given on the way."""
    sample, found = read_sample("a-textile"), {}
    applicant = found["applicant"] = walk.create_account(stack, EMAIL)
    dossier = found["dossier"] = walk.open_dossier(applicant, sample)
    key = found["key"] = dossier.split("/")[2]
    walk.fill_steps(applicant, dossier, sample)
    pieces = found["pieces"] = walk.required_pieces(stack)
    walk.upload(applicant, dossier, pieces[0], pdf_bytes() + b"\n%" + EICAR)
    for code in pieces[1:]:
        walk.upload(applicant, dossier, code)
    stack.until("SELECT count(*) FROM applications_document WHERE scan = 'infected' AND application_id = %s", 1, key)
    walk.upload(applicant, dossier, pieces[0])
    stack.until(CLEAN, len(pieces), key)
    stack.do("three_days_left()")
    for _twice in range(2):
        stack.send("applications.send_reminders")
    stack.mail_to(EMAIL, 3)  # address, infected file, reminder
    found["receipt page"] = walk.deposit(applicant, dossier)
    found["receipt"] = walk.text_of(applicant.see(f"{dossier}recepisse/fr.pdf"))
    stack.do("second_dossier()", "close_call()")
    found |= _judge(stack, key)
    found["letter"] = walk.text_of(applicant.see(f"{dossier}recevabilite/lettre-fr.pdf"))
    return found


def _judge(stack, key):
    officer, head = walk.staff(stack, "officer"), walk.staff(stack, "head")
    found = {"officer": officer, "head": head, "list": officer.see("/instruction/").words()}
    walk.declare_admissible(officer, head, key)
    stack.do("others_judge()")
    evaluator = walk.staff(stack, "evaluator")
    walk.sign_commitment(evaluator)
    codes = [code for (code,) in stack.rows("SELECT code FROM applications_criterion WHERE call_id IN (SELECT call_id FROM "
                                            "applications_application WHERE id = %s)", key)]  # fmt: skip
    for (pk,) in stack.rows("SELECT id::text FROM applications_application WHERE number > '' ORDER BY number"):
        walk.score(evaluator, pk, codes, "4")
    stack.do("agree()")
    ranking = f"/classement/{walk.CALL}/"
    head.send(head.see(ranking), {}, action="/calculer/")
    head.send(head.see(ranking), {}, action="/comite/")
    found["export"] = head.see(f"/comite/{walk.CALL}/liste/xlsx/")
    return found


def test_walk_gives_everybody_what_they_came_for(stack, walked):
    assert walked["receipt page"].path == f"{walked['dossier']}recepisse/"
    assert "DEMO-0001" in walked["receipt"]
    assert ("DEMO-0001" in walked["list"], "DEMO-0002" in walked["list"]) == (True, True)
    assert "DEMO-0001" in walked["letter"]
    sheets = load_workbook(BytesIO(walked["export"].content))
    assert {"DEMO-0001", "DEMO-0002"} <= {value for sheet in sheets for row in sheet.iter_rows(values_only=True) for value in row}
    assert json.loads(stack.do("verified()").splitlines()[-1])["journal"] == ""


def test_rows_say_once_what_was_done_once(stack, walked):
    assert stack.rows("SELECT number, sequence FROM applications_deposit ORDER BY number") == [("DEMO-0001", 1), ("DEMO-0002", 1)]
    assert stack.one("SELECT status FROM applications_application WHERE id = %s", walked["key"]) == "in_committee"
    assert stack.one("SELECT count(*) FROM evaluation_ranking") == 1
    stack.until("SELECT count(*) FROM evaluation_rankingadvice", 1)
    # Asked for at each upload, by each deposit and each minute: every file was scanned once, every task gone well.
    scanned = Counter(data["document"] for (data,) in stack.rows("SELECT data FROM audit_auditentry WHERE action = 'document.scanned'"))
    assert (set(scanned.values()), len(scanned)) == (
        {1},
        stack.one("SELECT count(*) FROM applications_document WHERE scan <> 'not_scanned'"),
    )
    assert stack.one("SELECT count(*) FROM applications_reminder WHERE application_id = %s", walked["key"]) == 1
    assert stack.rows("SELECT name, error FROM operations_failedtask WHERE retried_at IS NULL") == []


def test_mails_came_once_each(stack, walked):
    stack.until("SELECT count(*) FROM notifications_outgoingmail WHERE state <> 'sent'", 0)
    ids = Counter(message["Message-ID"] for _address, message in stack.inbox.received if message["Message-ID"].startswith("<avis-"))
    assert (set(ids.values()), len(ids)) == ({1}, stack.one("SELECT count(*) FROM notifications_outgoingmail"))
    subjects = [message["Subject"] for message in stack.mails_to(EMAIL)]
    assert len(subjects) == len(set(subjects)) >= 5


def test_files_are_in_the_bucket_and_nobody_else_s_to_see(stack, walked):
    held = dict(stack.rows("SELECT file, sha256 FROM applications_document"))
    assert set(stack.objects()) == set(held)
    grants = [grant for name in held for grant in stack.bucket.get_object_acl(Bucket=BUCKET, Key=name)["Grants"]]
    assert {grant["Grantee"]["Type"] for grant in grants} == {"CanonicalUser"}  # its owner: no group of everybody
    key = stack.one("SELECT id::text FROM applications_document WHERE application_id = %s AND scan = 'clean' LIMIT 1", walked["key"])
    for person, status in ((walked["applicant"], 302), (walked["officer"], 302), (stack.person(), 200)):
        page = person.ask("GET", f"/documents/{key}/", expect=None)
        assert page.status == status, page.words()[:500]
    signed = walked["applicant"].ask("GET", f"/documents/{key}/", expect=302).headers["location"]
    assert signed.startswith(stack.store_url)
    assert 0 < int(re.search(r"X-Amz-Expires=(\d+)", signed)[1]) <= 60
    answer = requests.get(signed, timeout=10)
    assert (answer.status_code, answer.headers["content-disposition"].startswith("attachment")) == (200, True)


def test_tasks_bear_the_request_that_asked_for_them(stack, walked):
    """nginx numbers a request, the portal and both workers write the number."""
    tasks = {
        line["task"]: line for name in ("worker", "worker-heavy") for line in stack.lines(name, "task_started") if line.get("request_id")
    }
    assert {"applications.scan_document", "applications.draw_receipt", "evaluation.advise_ranking", "notifications.send_waiting"} <= set(
        tasks
    )
    asked = {line["request_id"] for line in stack.lines("web", "request_started")}
    assert {tasks[name]["request_id"] for name in ("applications.scan_document", "applications.draw_receipt")} <= asked
    ran = {name: {line["task"] for line in stack.lines(name, "task_started")} for name in ("worker", "worker-heavy")}
    assert ran["worker"] & {"applications.scan_document", "applications.draw_receipt"} == set()
    assert ran["worker-heavy"] & {"notifications.send_waiting", "applications.send_reminders"} == set()


def test_metrics_and_readiness_tell_the_age_of_each_queue(stack, walked):
    for queue in ("default", "mail", "scan", "pdf", "exports"):
        stack.send("operations.heartbeat", queue, queue=queue)
    stack.until("SELECT count(*) FROM notifications_scheduledrun WHERE name LIKE 'sign of life%%'", 5)
    inside, headers = f"http://127.0.0.1:{stack.ports['web']}", {"Host": stack.host, "Authorization": f"Bearer {TOKEN}"}
    text = requests.get(f"{inside}/metrics", headers=headers, timeout=10).text
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert max(float(values[f'portal_queue_age_seconds{{queue="{queue}"}}']) for queue in ("default", "scan", "exports")) < 60
    assert (values["portal_outbox_waiting"], values["portal_failed_tasks"]) == ("0.0", "0.0")
    ready = requests.get(f"{inside}/readyz", headers=headers, timeout=10)
    assert (ready.status_code, ready.json()["checks"]["schedule"]) == (200, "ok")


def test_proxy_lets_through_what_it_should(stack, walked):
    person = stack.person()
    plain = requests.get(
        f"http://127.0.0.1:{stack.ports['plain']}/dossiers/", headers={"Host": stack.host}, allow_redirects=False, timeout=10
    )
    assert (plain.status_code, plain.headers["location"]) == (301, f"https://{stack.host}/dossiers/")
    page = person.see("/", headers={"Accept-Encoding": "br"})
    for name in ("Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options", "Permissions-Policy"):
        assert len(page.raw.getlist(name)) == 1, name
    assert page.headers["server"] == "nginx"
    sheet = re.search(r'href="(/static/css/portal\.[0-9a-f]+\.css)"', page.text)[1]
    style = person.see(sheet, headers={"Accept-Encoding": "br"})
    assert ("max-age=31536" in style.headers["cache-control"] or "immutable" in style.headers["cache-control"]) is True
    assert style.headers["content-encoding"] == "br"
    assert person.ask("POST", "/compte/login/", data=b"x" * (31 * 1024 * 1024), expect=None).status == 413
    # What a visitor claims about himself is not believed, neither his address nor that he came by TLS.
    claimed = person.ask("GET", "/", headers={"X-Forwarded-For": "10.9.8.7", "X-Forwarded-Proto": "http"}, expect=200)
    assert claimed.path == "/"
    assert [line for line in stack.lines("web", "request_started") if line.get("ip") == "10.9.8.7"] == []
    for path in ("/readyz", "/metrics"):
        assert person.ask("GET", path, expect=None).status in (200, 404)


def test_archive_is_made_by_a_worker_and_leaves_from_the_bucket_whole_or_in_parts(stack, walked):
    head, page = walked["head"], f"/tableau/{walk.CALL}/archive/"
    head.send(head.see(page), {}, action=page)
    stack.until("SELECT count(*) FROM evaluation_callarchive WHERE state = 'ready'", 1)
    ((pk, size),) = stack.rows("SELECT id, size FROM evaluation_callarchive")
    address = f"{page}{pk}/"
    signed = head.ask("GET", address, expect=302).headers["location"]
    whole = requests.get(signed, timeout=30)
    assert (signed.startswith(stack.store_url), len(whole.content), whole.headers["content-type"]) == (True, size, "application/zip")
    assert json.loads(ZipFile(BytesIO(whole.content)).read("MANIFEST.json"))["entries"]
    end = requests.get(signed, headers={"Range": f"bytes={size - 10}-"}, timeout=10)
    assert (end.status_code, end.content) == (206, whole.content[-10:])
    assert walked["applicant"].ask("GET", address, expect=None).status == 404
    assert stack.one("SELECT count(*) FROM audit_auditentry WHERE action = 'call.archive_taken'") == 1


def test_backup_of_everything_is_restored_and_proven(stack, walked):
    """PostgreSQL and S3: backed up, destroyed, put back, compared: rows, journal, guards, hashes."""
    folder = stack.folder / "backup"
    stack.manage("backup", str(folder))
    before = {name: stack.bucket.get_object(Bucket=BUCKET, Key=name)["ETag"] for name in stack.objects()}
    for name in before:
        stack.bucket.delete_object(Bucket=BUCKET, Key=name)
    stack.rows("DELETE FROM notifications_notice")
    stack.manage("restore", str(folder), "--replace")
    assert {name: stack.bucket.get_object(Bucket=BUCKET, Key=name)["ETag"] for name in stack.objects()} == before
    assert stack.one("SELECT count(*) FROM notifications_notice") > 0
    assert json.loads(stack.do("verified()").splitlines()[-1])["journal"] == ""
    until(lambda: walked["applicant"].ask("GET", "/", expect=None).status == 200, "the portal does not serve after a restore")
