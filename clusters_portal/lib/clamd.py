"""A small client of the clamd antivirus daemon: one file over INSTREAM, by TCP or a Unix socket.

An answer is « clean » only when clamd said so in as many words. Everything else (no daemon, a cut line, a file over its
`StreamMaxLength`, words we do not know) raises ScanFailed: an error is never clean.
"""

import socket
import struct
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

CHUNK = 64 * 1024
CONNECT_TIMEOUT = 5  # seconds
ANSWER_TIMEOUT = 60  # seconds for one exchange; clamd itself gives up on a file after its MaxScanTime (120 s by default)
WHOLE_TIMEOUT = 180  # seconds from the first byte sent to the answer
MAX_ANSWER = 4096
PREFIX, FOUND, OK = "stream: ", " FOUND", "OK"


class ScanFailed(Exception):
    """Nothing is known of the file; `str()` says why, in English, for the person who runs the server."""


class DaemonUnreachable(ScanFailed):
    """The daemon could not be reached or went away: the next file would fare no better."""


@dataclass(frozen=True)
class Result:
    """What clamd said: `found` is the name of what it found, "" for a clean file."""

    found: str = ""

    @property
    def is_clean(self) -> bool:
        return not self.found


def address_of(url: str):
    """What to connect to: a path (`unix:///run/clamav/clamd.ctl`) or a pair (host, port) (`tcp://127.0.0.1:3310`).

    Raises ValueError with a sentence for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme == "unix" and not parts.netloc and len(parts.path) > 1:
        return parts.path
    # `parts.port` raises ValueError for a port out of range.
    if parts.scheme == "tcp" and parts.hostname and parts.port and parts.path in ("", "/"):
        return parts.hostname, parts.port
    raise ValueError(f"“{url}” is neither tcp://host:port nor unix:///path/of/the/socket")


def scan(file, *, url: str) -> Result:
    """Have an open binary file scanned, from where it stands to its end. Raises ScanFailed or DaemonUnreachable."""
    try:
        with _connect(address_of(url)) as line:
            answer = _exchange(line, file)
    except (OSError, ValueError) as error:
        raise DaemonUnreachable(f"clamd cannot be reached at {url}: {error}") from error
    return _read(answer)


def ping(url: str) -> None:
    """Ask the daemon whether it is there. Raises DaemonUnreachable, or ScanFailed when something else answers."""
    try:
        with _connect(address_of(url)) as line:
            line.sendall(b"zPING\0")
            answer = _answer(line, time.monotonic() + CONNECT_TIMEOUT)
    except (OSError, ValueError) as error:
        raise DaemonUnreachable(f"clamd cannot be reached at {url}: {error}") from error
    if answer != "PONG":
        raise ScanFailed(f"clamd answered: {answer[:150] or 'nothing'}")


def _connect(address) -> socket.socket:
    if isinstance(address, tuple):
        line = socket.create_connection(address, timeout=CONNECT_TIMEOUT)
    else:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(CONNECT_TIMEOUT)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
    line.settimeout(ANSWER_TIMEOUT)
    return line


def _exchange(line, file) -> str:
    end = time.monotonic() + WHOLE_TIMEOUT
    try:
        line.sendall(b"zINSTREAM\0")
        while chunk := _next_chunk(file):
            line.sendall(struct.pack(">I", len(chunk)) + chunk)
            _check(end)
        line.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        # clamd hangs up on a file over its limit; why, it has usually said before.
        return _answer(line, end, hung_up=True)
    return _answer(line, end)


def _next_chunk(file) -> bytes:
    try:
        return file.read(CHUNK)
    except Exception as error:  # the storage's own errors: the daemon is well, this file is not
        raise ScanFailed(f"the file cannot be read: {error}") from error


def _answer(line, end, *, hung_up=False) -> str:
    """Everything up to the closing zero byte, or to the end of the line."""
    answer = b""
    try:
        while not answer.endswith(b"\0") and len(answer) < MAX_ANSWER and (part := line.recv(MAX_ANSWER)):
            answer += part
            _check(end)
    except ConnectionResetError:
        if not answer and not hung_up:
            raise
    return answer.decode("utf-8", "replace").strip("\0\r\n ")


def _check(end):
    if time.monotonic() > end:
        raise ScanFailed(f"clamd took more than {WHOLE_TIMEOUT} seconds over the file")


def _read(answer) -> Result:
    said = answer.removeprefix(PREFIX)
    if answer.startswith(PREFIX) and said == OK:
        return Result()
    if answer.startswith(PREFIX) and said.endswith(FOUND) and len(said) > len(FOUND):
        return Result(said.removesuffix(FOUND))
    raise ScanFailed(f"clamd answered: {answer[:150] or 'nothing'}")
