import io
import time
import zipfile
from datetime import UTC, datetime

import pytest

from clusters_portal.lib import clock
from clusters_portal.lib.canonical import sha256_hex
from clusters_portal.lib.zipping import Written, Zip


def test_entries_are_written_and_listed():
    book = Zip()
    content = b"".join([*book.add("a", "é.txt", b"un"), *book.add("", "b.pdf", iter([b"de", b"ux"])), *book.end()])
    opened = zipfile.ZipFile(io.BytesIO(content))
    assert opened.testzip() is None
    assert [(info.filename, opened.read(info)) for info in opened.infolist()] == [("a/é.txt", b"un"), ("b.pdf", b"deux")]
    assert book.written == [Written("a/é.txt", 2, sha256_hex(b"un")), Written("b.pdf", 4, sha256_hex(b"deux"))]


@pytest.mark.parametrize(
    ("names", "paths"),
    [
        (["a.txt", "a.txt", "A.TXT"], ["f/a.txt", "f/a (2).txt", "f/A (3).TXT"]),
        (["e\u0301.txt", "é.txt"], ["f/é.txt", "f/é (2).txt"]),
        (["../../etc/passwd", "c:\\windows\\x.ini"], ["f/passwd", "f/x.ini"]),
        (["nul", "COM1.txt", "console.txt"], ["f/_nul", "f/_COM1.txt", "f/console.txt"]),
        (["..", "", ".bashrc"], ["f/document", "f/document (2)", "f/bashrc"]),
        (["x\u202efdp.exe", "رسالة.pdf"], ["f/xfdp.exe", "f/رسالة.pdf"]),
    ],
)
def test_names_are_safe_and_unique(names, paths):
    book = Zip()
    assert [book.path_of("f", name) for name in names] == paths


def test_entries_bear_the_time_of_morocco_whatever_the_machine_believes(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        archive = Zip()
        with clock.set_to(datetime(2026, 9, 25, 12, 30, tzinfo=UTC)):  # Morocco is on GMT since 20 September 2026
            content = b"".join([*archive.add("a", "x.txt", b"x" * 1000), *archive.add("a", "y.pdf", [b"y", b"z"]), *archive.end()])
    finally:
        monkeypatch.undo()
        time.tzset()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert [(entry.filename, entry.date_time) for entry in book.infolist()] == [
            ("a/x.txt", (2026, 9, 25, 12, 30, 0)), ("a/y.pdf", (2026, 9, 25, 12, 30, 0)),
        ]  # fmt: skip
        assert (book.testzip(), book.read("a/y.pdf"), book.infolist()[0].compress_size < 1000) == (None, b"yz", True)
