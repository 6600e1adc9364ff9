"""The client of clamd, against a real one and against lines that lie, stall or hang up."""

import socket
import threading
from io import BytesIO

import pytest

from clusters_portal.lib import clamd as client
from clusters_portal.lib.clamd import DaemonUnreachable, ScanFailed, address_of, scan
from tests.antivirus import EICAR, SIGNATURE, STREAM_LIMIT


def test_clean_file(clamd_daemon):
    result = scan(BytesIO(b"Bonjour" * 50_000), url=clamd_daemon.url)
    assert result.is_clean and result.found == ""


@pytest.mark.parametrize("before", [b"", b"x" * (client.CHUNK - 10)])
def test_eicar_is_found_even_across_two_chunks(clamd_daemon, before):
    result = scan(BytesIO(before + EICAR), url=clamd_daemon.url)
    assert not result.is_clean and SIGNATURE in result.found


def test_file_over_the_limit_of_the_daemon_is_not_clean(clamd_daemon):
    with pytest.raises(ScanFailed):
        scan(BytesIO(b"x" * (STREAM_LIMIT + 1)), url=clamd_daemon.url)


def test_daemon_away():
    with pytest.raises(DaemonUnreachable):
        scan(BytesIO(b"x"), url="unix:///nowhere/clamd.sock")


def test_file_that_cannot_be_read_is_a_failure(clamd_daemon):
    class Broken:
        def read(self, size):
            raise RuntimeError("the bucket is away")

    with pytest.raises(ScanFailed, match="the bucket is away"):
        scan(Broken(), url=clamd_daemon.url)


@pytest.fixture
def daemon_saying():
    """``daemon_saying(b"stream: OK\\0")`` returns the address of a daemon that gives this answer once, over TCP."""
    servers = []

    def serve(answer):
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)

        def talk():
            line, _peer = server.accept()
            with line:
                line.recv(1 << 16)
                if answer is not None:
                    line.sendall(answer)
                    return
                while line.recv(1 << 16):  # nothing to say: until the other side gives up
                    pass

        threading.Thread(target=talk, daemon=True).start()
        return f"tcp://127.0.0.1:{server.getsockname()[1]}"

    yield serve
    for server in servers:
        server.close()


def test_clean_over_tcp(daemon_saying):
    assert scan(BytesIO(b"x"), url=daemon_saying(b"stream: OK\0")).is_clean


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"OK\0", b"stream: OKAY\0", b"stream: \0", b"stream:  FOUND\0", b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0", b"UNKNOWN COMMAND\0", b"\xff\xfe\0",
    ],
)  # fmt: skip
def test_any_other_answer_is_a_failure(daemon_saying, answer):
    with pytest.raises(ScanFailed):
        scan(BytesIO(b"x"), url=daemon_saying(answer))


def test_daemon_that_says_nothing(daemon_saying, monkeypatch):
    monkeypatch.setattr(client, "ANSWER_TIMEOUT", 0.2)
    with pytest.raises(DaemonUnreachable):
        scan(BytesIO(b"x"), url=daemon_saying(None))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("tcp://127.0.0.1:3310", ("127.0.0.1", 3310)),
        ("tcp://antivirus:3310/", ("antivirus", 3310)),
        ("unix:///run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
    ],
)
def test_address(url, address):
    assert address_of(url) == address


@pytest.mark.parametrize(
    "url", ["", "localhost:3310", "tcp://localhost", "tcp://localhost:99999", "http://x:1", "unix://run/clamd", "unix:///"]
)
def test_address_that_is_none(url):
    with pytest.raises(ValueError):
        address_of(url)
