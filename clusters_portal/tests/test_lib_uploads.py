"""Files as people send them (quality.md, X17): what is kept, what is refused, and why."""

import hashlib
import struct
import zlib
from dataclasses import FrozenInstanceError
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from clusters_portal.lib.uploads import (
    JPEG,
    MIB,
    PDF,
    PNG,
    UploadRefused,
    clean_file_name,
    format_name,
    hash_stream,
    inspect_upload,
    megabytes_text,
    size_text,
    sniff,
)


def pdf(pages=1, change=None, password=None):
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=200, height=200)
    if change:
        change(writer)
    if password:
        writer.encrypt(password)
    return written(writer)


def written(writer):
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def picture(kind="PNG", size=(20, 10)):
    buffer = BytesIO()
    Image.new("RGB", size, "white").save(buffer, kind)
    return buffer.getvalue()


def png_announcing(width, height):
    """A tiny PNG whose header announces an enormous picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10)) + chunk(b"IEND", b"")


def inspect(data, name="statuts.pdf", max_bytes=5 * MIB, **kwargs):
    return inspect_upload(SimpleUploadedFile(name, data), max_bytes=max_bytes, **kwargs)


def refusal(data, name="statuts.pdf", **kwargs):
    with translation.override("en"), pytest.raises(UploadRefused) as caught:
        inspect(data, name, **kwargs)
    assert caught.value.message.endswith(".")
    return caught.value.code


# Kept -----------------------------------------------------------------------------------------------------------
def test_pdf_is_kept_with_its_figures():
    data = pdf(pages=3)
    found = inspect(data)
    assert (found.sha256, found.size, found.mime, found.pages, found.name) == (
        hashlib.sha256(data).hexdigest(),
        len(data),
        PDF,
        3,
        "statuts.pdf",
    )
    with pytest.raises(FrozenInstanceError):
        found.pages = 4


@pytest.mark.parametrize(("kind", "name", "mime"), [("PNG", "scan.PNG", PNG), ("JPEG", "scan.jpeg", JPEG), ("JPEG", "scan.jpg", JPEG)])
def test_pictures_are_one_page(kind, name, mime):
    found = inspect(picture(kind), name)
    assert (found.mime, found.pages) == (mime, 1)


def test_file_is_left_at_its_beginning():
    upload = SimpleUploadedFile("a.pdf", pdf())
    upload.read(10)
    inspect_upload(upload, max_bytes=MIB)
    assert upload.tell() == 0


def test_plain_links_and_bookmarks_are_kept():
    def link(writer):
        action = DictionaryObject({NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject("https://example.org")})
        note = DictionaryObject(
            {NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action}
        )
        writer.pages[0][NameObject("/Annots")] = ArrayObject([note])
        writer.add_outline_item("Titre", 0)

    assert inspect(pdf(change=link)).pages == 1


def test_x17_arabic_name_is_kept():
    assert inspect(pdf(), "عقد تأسيس.pdf").name == "عقد تأسيس.pdf"


# Refused --------------------------------------------------------------------------------------------------------
def test_empty_file():
    assert refusal(b"") == "empty"


def test_limit_is_inclusive_to_the_byte():
    data = pdf()
    assert inspect(data, max_bytes=len(data)).size == len(data)
    assert refusal(data, max_bytes=len(data) - 1) == "too_large"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\x00" + b"\0" * 200, "statuts.pdf"),
        (b"PK\x03\x04" + b"\0" * 200, "statuts.pdf"),
        (b"%!PS-Adobe", "a.pdf"),
        (b"<html>%PDF-1.4", "a.pdf"),
        (b"GIF89a", "a.gif"),
        (b"text", "a.pdf"),
    ],
)
def test_x17_content_decides_not_the_name(data, name):
    assert refusal(data, name) == "type_not_allowed"


@pytest.mark.parametrize("name", ["statuts.exe", "statuts", "statuts.jpg", "statuts.pdf.exe"])
def test_name_that_lies_about_its_content(name):
    assert refusal(pdf(), name) == "wrong_content"


def test_only_the_formats_asked_for():
    assert refusal(picture(), "scan.png", allowed=(PDF,)) == "type_not_allowed"


@pytest.mark.parametrize("password", ["secret", ""])
def test_x17_encrypted_pdf(password):
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    writer.encrypt(user_password=password, owner_password="owner")
    assert refusal(written(writer)) == "encrypted"


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4\n" + b"x" * 500, pdf()[:200]])
def test_damaged_pdf(data):
    assert refusal(data) == "unreadable"


def _javascript(writer):
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('x')")})
    tree = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("run"), writer._add_object(script)])})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): tree})


def _attachment(writer):
    writer.add_attachment("virus.exe", b"MZ")


def _action(kind):
    def change(writer):
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject(kind), NameObject("/F"): TextStringObject("calc.exe")}
        )

    return change


def _annotation(subtype, **entries):
    def change(writer):
        note = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject(subtype)})
        note.update({NameObject(f"/{key}"): value for key, value in entries.items()})
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])

    return change


_NESTED = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x")})
_CHAIN = DictionaryObject({NameObject("/S"): NameObject("/URI"), NameObject("/Next"): ArrayObject([_NESTED])})


@pytest.mark.parametrize(
    "change",
    [
        _javascript,
        _attachment,
        _action("/Launch"),
        _action("/SubmitForm"),
        _action("/GoToR"),
        _annotation("/FileAttachment"),
        _annotation("/RichMedia"),
        _annotation("/Link", A=_CHAIN),
    ],
)
def test_active_content(change):
    assert refusal(pdf(change=change)) == "active_content"


def test_active_content_with_a_disguised_name():
    data = pdf(change=_action("/Launch"))
    disguised = data.replace(b"/S /Launch", b"/S /L#61unch")
    assert disguised != data
    assert refusal(disguised) == "active_content"


def test_truncated_picture():
    assert refusal(picture(size=(300, 300))[:-40], "scan.png") == "unreadable"


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (11_000, 10_000)])
def test_picture_that_would_fill_the_memory(width, height):
    assert refusal(png_announcing(width, height), "scan.png") == "too_many_pixels"


# Names ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\x\\statuts.pdf", "statuts.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\x00b\n.pdf", "ab .pdf"),
        ("عقد تأسيس.pdf", "عقد تأسيس.pdf"),
        ("  . ", "document"),
        ("", "document"),
        ('a<b>:"c|?*.pdf', "abc.pdf"),
        ("e\u0301tat.pdf", "état.pdf"),
        (".htaccess", "htaccess"),
    ],
)
def test_clean_file_name(sent, kept):
    assert clean_file_name(sent) == kept


def test_long_name_keeps_its_extension():
    name = clean_file_name("ع" * 400 + ".pdf")
    assert len(name) == 200 and name.endswith("ع.pdf")


@given(st.text())
def test_any_name_becomes_a_safe_one(text):
    name = clean_file_name(text)
    assert 1 <= len(name) <= 200
    assert not set(name) & set('/\\<>:"|?*\x00\n\u202e') and not name.startswith(".")


@given(st.binary(max_size=300))
def test_any_bytes_are_kept_or_refused_with_a_sentence(data):
    try:
        inspect(b"%PDF-1.5\n" + data)
    except UploadRefused as refused:
        assert refused.message


def test_hash_stream_and_sniff():
    assert hash_stream(BytesIO(b"abc")) == hashlib.sha256(b"abc").hexdigest()
    assert [sniff(pdf()), sniff(picture()), sniff(picture("JPEG")), sniff(b"\n%PDF-1.4"), sniff(b"")] == [PDF, PNG, JPEG, PDF, None]


@pytest.mark.parametrize(("size", "text"), [(20 * MIB, "20"), (MIB * 5 // 2, "2,5"), (MIB // 2, "0,5")])
def test_megabytes_text(size, text):
    assert megabytes_text(size) == text


@pytest.mark.parametrize(
    ("size", "text"), [(1, "0,1 MB"), (MIB, "1 MB"), (MIB + 1, "1,1 MB"), (20 * MIB, "20 MB"), (20 * MIB + 1, "20,1 MB")]
)
def test_size_never_looks_smaller_than_it_is(size, text):
    with translation.override("en"):
        assert size_text(size) == text


@pytest.mark.parametrize(("mime", "name"), [(PDF, "PDF"), (JPEG, "JPG"), (PNG, "PNG"), ("text/plain", "text/plain")])
def test_format_name(mime, name):
    assert format_name(mime) == name
