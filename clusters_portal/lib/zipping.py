"""A ZIP written while it is sent: entries made one at a time, hashed as they pass, nothing kept but their names."""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZIP_STORED

from zipstream import ZipStream
from zipstream.ng import ZipStreamInfo

from . import clock
from .uploads import clean_file_name

CHUNK = 64 * 1024
# Compressed already: to try again costs time and gains nothing.
PACKED = (".pdf", ".png", ".jpg", ".jpeg", ".zip", ".xlsx", ".docx", ".odt", ".ods")
# Names that Windows keeps for itself, whatever their extension.
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


@dataclass(frozen=True)
class Written:
    """An entry of the ZIP: its path, bytes and SHA-256."""

    path: str
    size: int
    sha256: str


class _Stream(ZipStream):
    """Entries dated by the clock of Morocco: the library asks the machine's own tables of time zones, which may be older than the law."""

    def _gen_file_entry(self, *, iterable, arcname, compress_type=ZIP_STORED, **_defaults):
        entry = ZipStreamInfo(arcname, clock.local(clock.now()).timetuple()[:6])
        entry.external_attr = 0o600 << 16
        entry.compress_type = compress_type
        entry.header_offset = self._pos
        for chunk in entry._file_data(iterable, force_zip64=True):  # the size is not known beforehand
            yield self._track(chunk)
        self._filelist.append(entry)


class Zip:
    """Entries one after the other: `yield from zip.add(folder, name, content)`, then `yield from zip.end()`.

    `written` lists what went in. Names are made safe and unique in their folder, Arabic kept.
    """

    def __init__(self):
        self._stream = _Stream()
        self._taken = set()
        self.written = []

    def add(self, folder: str, name: str, content: bytes | Iterable[bytes]) -> Iterator[bytes]:
        """Write one entry; `folder` ("a/b", our own) is taken as it is, `name` (anybody's) is cleaned."""
        path = self.path_of(folder, name)
        digest = hashlib.sha256()
        sizes = []

        def passing():
            for chunk in [content] if isinstance(content, bytes) else content:
                digest.update(chunk)
                sizes.append(len(chunk))
                yield chunk

        kind = ZIP_STORED if path.lower().endswith(PACKED) else ZIP_DEFLATED
        self._stream.add(passing(), path, compress_type=kind)
        yield from self._stream.file()
        self.written.append(Written(path, sum(sizes), digest.hexdigest()))

    def end(self) -> Iterator[bytes]:
        """The table of contents that closes the ZIP."""
        yield from self._stream.finalize()

    def path_of(self, folder: str, name: str) -> str:
        """A free path for this name: on no system do two entries fall on each other or outside their folder."""
        stem, dot, extension = clean_file_name(name).rpartition(".")
        stem, extension = (stem, dot + extension) if stem else (extension, "")
        stem = f"_{stem}" if stem.split(".")[0].strip().lower() in RESERVED else stem
        number, path = 1, ""
        while not path or _key(path) in self._taken:
            path = "/".join(filter(None, (folder, f"{stem}{f' ({number})' if number > 1 else ''}{extension}")))
            number += 1
        self._taken.add(_key(path))
        return path


def _key(path):
    return unicodedata.normalize("NFC", path).casefold()


def chunks_of(file) -> Iterator[bytes]:
    """The content of an open binary file, piece by piece."""
    while chunk := file.read(CHUNK):
        yield chunk
