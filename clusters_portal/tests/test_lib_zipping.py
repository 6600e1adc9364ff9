import io
import zipfile

import pytest

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
