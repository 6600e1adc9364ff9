"""A worker killed in the middle of a task, as by a power cut: the task is done once, by whoever comes after it."""

import socket
from contextlib import contextmanager
from threading import Event, Thread

import pytest
import redis

from applications.demonstration.samples import read_sample
from tests.stack import walk
from tests.stack.servers import until

pytestmark = pytest.mark.stack


@contextmanager
def silent_antivirus(stack):
    """In the place of clamd somebody who listens and never answers; yields the sign that it was asked."""
    stack.clamd.stop()
    path, asked = stack.clamd.folder / "clamd.sock", Event()
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(path))
        server.listen()
        lines = []

        def listen():
            try:
                while True:
                    lines.append(server.accept()[0])
                    asked.set()
            except OSError:
                return

        Thread(target=listen, daemon=True).start()
        yield asked
        server.shutdown(socket.SHUT_RDWR)
    path.unlink(missing_ok=True)
    stack.clamd.start()


def a_quarter_of_an_hour_later(stack):
    """What a vanished worker had taken is given to another after `queues.TAKEN_BACK_AFTER`: the broker is told that it is over."""
    broker = redis.Redis.from_url(stack.processes["redis"].url)
    for tag in broker.zrange("unacked_index", 0, -1):
        broker.zadd("unacked_index", {tag: 1})


def test_scan_whose_worker_is_killed_is_done_once_by_the_next(stack):
    person = walk.create_account(stack, "scan@cluster.example")
    dossier = walk.open_dossier(person, read_sample("c-agritech"))
    with silent_antivirus(stack) as asked:
        walk.upload(person, dossier, "ADM_STATUTS")
        assert asked.wait(60)
        stack.processes["worker-heavy"].kill()
    row = "SELECT scan FROM applications_document WHERE application_id = %s"
    assert stack.one(row, dossier.split("/")[2]) == "pending"
    a_quarter_of_an_hour_later(stack)
    stack.processes["worker-heavy"].start()
    stack.until(row, "clean", dossier.split("/")[2])
    key = stack.one("SELECT id::text FROM applications_document WHERE application_id = %s", dossier.split("/")[2])
    done = "SELECT count(*) FROM audit_auditentry WHERE action = 'document.scanned' AND data->>'document' = %s"
    assert stack.one(done, key) == 1
    # Given once more by a broker that was not told: nothing more is done.
    stack.send("applications.scan_document", key)
    stack.send("operations.heartbeat", "scan", queue="scan")
    started = stack.one("SELECT now()")
    stack.until("SELECT last_run_at > %s FROM notifications_scheduledrun WHERE name = 'sign of life of the queue scan'", True, started)
    assert stack.one(done, key) == 1


def test_mail_whose_worker_is_killed_before_it_left_comes_once(stack):
    address = "courrier@cluster.example"
    stack.inbox.stalls.add(address)
    stack.queue_mail(address)
    stack.send("notifications.send_waiting")
    until(lambda: address in stack.inbox.reached, "the mail server was never asked")
    stack.processes["worker"].kill()
    stack.inbox.stalls.clear()
    # The mail is still the dead worker's for ten minutes; then it is anybody's.
    assert stack.rows("SELECT state, attempts, next_attempt_at > now() FROM notifications_outgoingmail WHERE recipient = %s", address) == [
        ("waiting", 1, True)
    ]
    stack.rows("UPDATE notifications_outgoingmail SET next_attempt_at = now() WHERE recipient = %s", address)
    a_quarter_of_an_hour_later(stack)
    stack.processes["worker"].start()
    stack.until("SELECT state FROM notifications_outgoingmail WHERE recipient = %s", "sent", address)
    for _again in range(2):
        stack.send("notifications.send_waiting")
    stack.until("SELECT count(*) FROM notifications_outgoingmail WHERE state = 'waiting'", 0)
    assert len(stack.mails_to(address)) == 1
