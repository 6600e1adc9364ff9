"""Is this file what it says, and can it be kept and opened safely? Content decides, never the name alone.

Nothing is rewritten: the original stays byte for byte what was sent. Workbooks are inspected by the importer that
reads them, not here.
"""

import hashlib
import logging
import re
import unicodedata
import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PdfReader

from clusters_portal.lib.pdf_content import active_content
from clusters_portal.lib.text import clean_text, listed

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
DEFAULT_ALLOWED = (PDF, JPEG, PNG)
EXTENSIONS = {PDF: ("pdf",), JPEG: ("jpg", "jpeg"), PNG: ("png",)}
MAX_PIXELS = 100_000_000
MAX_NAME = 200
CHUNK = 1024 * 1024
MIB = 1024 * 1024
logger = logging.getLogger(__name__)


class UploadRefused(Exception):
    """The file is not kept. `code` says why (tests and journal), `message` says it to the user, translated."""

    def __init__(self, code, message):
        self.code, self.message = code, message
        super().__init__(code)


@dataclass(frozen=True)
class Inspection:
    """A file that may be kept. `size` in bytes, `pages` 1 for an image, `name` as it may be shown and downloaded."""

    sha256: str
    size: int
    mime: str
    pages: int
    name: str


def inspect_upload(file, *, max_bytes, allowed=DEFAULT_ALLOWED):
    """Inspect an open binary file (Django's UploadedFile or any seekable one). Leaves it at its beginning.

    `allowed` is a collection of MIME types among PDF, JPEG and PNG. Raises UploadRefused with one of the codes
    empty, too_large, type_not_allowed, wrong_content, unreadable, encrypted, active_content, too_many_pixels.
    """
    name = clean_file_name(getattr(file, "name", "") or "")
    digest, size, head = _read_through(file, max_bytes)
    if not size:
        raise UploadRefused("empty", early_refusals(max_bytes, allowed)["empty"])
    mime = sniff(head)
    if mime is None or mime not in allowed:
        raise UploadRefused("type_not_allowed", early_refusals(max_bytes, allowed)["type_not_allowed"])
    extension = PurePosixPath(name).suffix.lower().removeprefix(".")
    if extension not in EXTENSIONS[mime]:
        raise UploadRefused("wrong_content", _("The name of this file does not match its content. Save it again in the right format."))
    file.seek(0)
    pages = _pdf_pages(file) if mime == PDF else _check_image(file, mime)
    file.seek(0)
    return Inspection(sha256=digest, size=size, mime=mime, pages=pages, name=name)


def store(field_file, name, content) -> None:
    """Write an inspected file to the private storage and save its row, in the caller's transaction.

    A storage that is away or full raises UploadRefused with the code "not_stored"; nothing of the file is left.
    """
    row, field, storage = field_file.instance, field_file.field, field_file.storage
    path = field.generate_filename(row, name)
    try:
        stored = storage.save(path, content, max_length=field.max_length)
    except Exception as error:  # each storage has its own
        logger.exception("%s could not be stored", path)
        with suppress(Exception):
            storage.delete(path)  # what was half written: the name is nobody else's
        sentence = _("Your file could not be kept: our store does not answer. It comes from us. Send the file again in a few minutes.")
        raise UploadRefused("not_stored", sentence) from error
    setattr(row, field.attname, stored)
    row.save()


def signed_url(field_file, *, name, content_type) -> str:
    """The address at which S3 gives a kept file, as an attachment under its own name, to whoever asks within the minute."""
    headers = {"ResponseContentDisposition": content_disposition_header(True, name), "ResponseContentType": content_type}
    return field_file.storage.url(field_file.name, parameters=headers)


def sniff(head):
    """The MIME type told by the first bytes, None for anything but PDF, JPEG and PNG."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    # Some scanners write a byte order mark or a newline first. More would let a program hide before a PDF.
    return PDF if head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n ").startswith(b"%PDF-") else None


def hash_stream(file):
    """SHA-256 of an open binary file, read in pieces from its beginning; leaves it at its beginning."""
    return _read_through(file, None)[0]


def clean_file_name(name):
    """The name to show for a file: no folders, no controls, at most 200 characters, Arabic kept. Never empty."""
    name = clean_text(re.split(r"[\\/]", str(name))[-1], multiline=False)
    name = "".join(char for char in name if char not in '<>:"|?*' and unicodedata.category(char) not in ("Cf", "Cc"))
    name = name.strip(" .")
    stem, dot, extension = name.rpartition(".")
    if len(name) > MAX_NAME and dot and len(extension) <= 10:
        name = f"{stem[: MAX_NAME - len(extension) - 1].rstrip()}.{extension}"
    return name[:MAX_NAME] or "document"


def megabytes_text(size):
    """« 20 Mo »-style figure for a limit in bytes: whole when it is, else one decimal cut off."""
    return _decimal(size * 10 // MIB)


def size_text(size):
    """The size of a file in bytes as « 1,5 Mo »: up to the next tenth, so that none over a limit looks as large as it."""
    return _("%(figure)s MB") % {"figure": _decimal(-(-size * 10 // MIB))}


def _decimal(tenths):
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10},{tenths % 10}"


def format_name(mime):
    """« PDF », « JPG », « PNG »: how people call a type of file we accept; the MIME type itself for another."""
    return EXTENSIONS[mime][0].upper() if mime in EXTENSIONS else mime


def early_refusals(max_bytes, allowed=DEFAULT_ALLOWED) -> dict[str, str]:
    """{code: sentence} of what a page can already tell before sending a file; the inspection says the same words."""
    names = listed(format_name(mime) for mime in DEFAULT_ALLOWED if mime in allowed)
    return {
        "empty": _("This file is empty."),
        "too_large": _("This file is too large: the limit is %(limit)s MB.") % {"limit": megabytes_text(max_bytes)},
        "type_not_allowed": _("This kind of file is not accepted here. Send one of these: %(formats)s.") % {"formats": names},
    }


def _read_through(file, max_bytes):
    """Hash while counting, so that a file whose announced size lies is stopped as soon as it passes the limit."""
    digest, size, head = hashlib.sha256(), 0, b""
    file.seek(0)
    while chunk := file.read(CHUNK):
        head = head or chunk[:1024]
        size += len(chunk)
        if max_bytes is not None and size > max_bytes:
            raise UploadRefused("too_large", early_refusals(max_bytes)["too_large"])
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest(), size, head


def _unreadable():
    return UploadRefused("unreadable", _("This file cannot be opened: it is damaged or incomplete. Save it again and send it once more."))


def _too_many_pixels():
    return UploadRefused("too_many_pixels", _("This picture is too large once opened. Scan it again at 300 dots per inch or less."))


def _pdf_pages(file):
    # pypdf raises many unrelated exceptions on damaged input; whichever it is, the file cannot be relied upon.
    try:
        reader = PdfReader(file, strict=False)
        encrypted = reader.is_encrypted
    except Exception as error:
        raise _unreadable() from error
    if encrypted:
        raise UploadRefused("encrypted", _("This PDF is protected by a password or by restrictions. Send it without protection."))
    try:
        pages, active = len(reader.pages), active_content(reader)
    except Exception as error:
        raise _unreadable() from error
    if not pages:
        raise _unreadable()
    if active:
        text = _("This PDF holds a program, an attached file or an automatic action. Print it to PDF again and send the result.")
        raise UploadRefused("active_content", text)
    return pages


def _check_image(file, mime):
    data = file.read()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise _too_many_pixels()
                image.verify()
            # verify() does not decode; a truncated scan is only seen by loading it.
            with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
                image.load()
    except UploadRefused:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except Exception as error:
        raise _unreadable() from error
    return 1
