"""The manifest of an archive that must still be checked in ten years, and the check itself.

`MANIFEST.json` is the last entry and names every other one with its size and SHA-256, what could not be included and why,
and what is there but is no longer what was recorded. Its own SHA-256 is kept elsewhere (the journal).
"""

import hashlib
import json
import zlib
from collections.abc import Iterator
from zipfile import BadZipFile, ZipFile

from .zipping import CHUNK, Written

NAME, TABLE = "MANIFEST.json", "manifest.csv"


def manifest_json(about: dict, written: list[Written], left_out: list, altered: list) -> Iterator[bytes]:
    """The manifest, piece by piece, one entry a line. `left_out` and `altered` are [(path, why)]; `about` plain values."""
    yield b'{"about":' + _json(about) + b',\n"entries":['
    for number, entry in enumerate(written):
        yield (b",\n" if number else b"\n") + _json({"path": entry.path, "size": entry.size, "sha256": entry.sha256})
    for name, rows in (("left_out", left_out), ("altered", altered)):
        yield f'],\n"{name}":['.encode()
        for number, (path, why) in enumerate(rows):
            yield (b",\n" if number else b"\n") + _json({"path": path, "reason": why})
    yield b"]}\n"


def first_fault(path) -> str:
    """Check every entry of an archive against its manifest; a sentence about the first bad one, "" when all is well."""
    try:
        with ZipFile(path) as book:
            return next(_faults(book), "")
    except (BadZipFile, EOFError, OSError) as error:
        return f"{path}: this is no readable ZIP archive ({error})."


def manifest_of(path) -> tuple[dict, str]:
    """The manifest of an archive as plain values, and its own SHA-256. Raises KeyError, ValueError, BadZipFile, zlib.error."""
    with ZipFile(path) as book:
        content = book.read(NAME)
    return json.loads(content), hashlib.sha256(content).hexdigest()


def _faults(book):
    try:
        entries = json.loads(book.read(NAME))["entries"]
    except KeyError:
        yield f"{NAME}: the archive has no manifest."
        return
    except (ValueError, TypeError, BadZipFile, zlib.error, EOFError, NotImplementedError):
        yield f"{NAME}: the manifest is damaged."
        return
    present, known = set(book.namelist()), {NAME}
    for entry in entries:
        known.add(entry["path"])
        if entry["path"] not in present:
            yield f"{entry['path']}: named by the manifest and not in the archive."
        elif fault := _fault(book, entry):
            yield f"{entry['path']}: {fault}"
    for name in sorted(present - known):
        yield f"{name}: in the archive and not named by the manifest."


def _fault(book, entry) -> str:
    digest, size = hashlib.sha256(), 0
    try:
        with book.open(entry["path"]) as content:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return "this entry is damaged."
    if size != entry["size"]:
        return f"{size} bytes instead of {entry['size']}."
    return "" if digest.hexdigest() == entry["sha256"] else "its SHA-256 is not the one of the manifest."


def _json(value) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
