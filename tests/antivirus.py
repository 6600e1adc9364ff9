"""A real clamd for tests: its own folder, a Unix socket, and one signature, that of the EICAR test file.

There is no network for freshclam, and none is needed: clamd reads whatever signatures stand in its folder.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

# The test file every antivirus knows, in pieces: no file of this repository may itself be taken for it.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}" + "$EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*").encode()
SIGNATURE = "Eicar-Test-Signature"
STREAM_LIMIT = 2 * 1024 * 1024  # bytes
PATIENCE = 30  # seconds to start; it takes well under one
CONFIGURATION = """
Foreground yes
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
LocalSocket {folder}/clamd.sock
LogFile {folder}/clamd.log
PidFile {folder}/clamd.pid
StreamMaxLength 2M
MaxThreads 2
SelfCheck 0
DisableCertCheck yes
"""


class Daemon:
    """clamd in a folder of its own; `url` is what CLAMD_URL takes."""

    def __init__(self, folder: Path, binary: str):
        self.folder, self.binary, self.process = folder, binary, None
        self.url = f"unix://{folder}/clamd.sock"
        (folder / "signatures").mkdir()
        (folder / "signatures" / "test.ndb").write_text(f"{SIGNATURE}:0:*:{EICAR.hex()}\n", encoding="ascii")
        (folder / "clamd.conf").write_text(CONFIGURATION.format(folder=folder), encoding="utf-8")

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.binary, "--config-file", str(self.folder / "clamd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                log = self.folder / "clamd.log"
                pytest.fail(f"clamd did not start: {log.read_text() if log.exists() else 'it wrote no log'}")
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            try:
                line.connect(str(self.folder / "clamd.sock"))
                line.sendall(b"zPING\0")
                return line.recv(16).startswith(b"PONG")
            except OSError:
                return False


@pytest.fixture(scope="session")
def clamd_daemon():
    """A running clamd, the same for the whole session. Who stops it starts it again."""
    binary = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if binary is None:
        pytest.fail("clamd was not found: apt-get install clamav-daemon")
    folder = Path(tempfile.mkdtemp(prefix="clamd-"))  # short: the path of a socket holds 107 characters
    daemon = Daemon(folder, binary)
    daemon.start()
    yield daemon
    daemon.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def clamd(clamd_daemon, settings):
    """The running clamd, with the portal told to use it."""
    settings.CLAMD_URL = clamd_daemon.url
    return clamd_daemon
