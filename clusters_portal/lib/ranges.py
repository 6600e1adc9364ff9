"""Handing out a stored file so that an interrupted download goes on where it stopped (RFC 9110, one range)."""

import re

from django.http import FileResponse, HttpResponse

RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
CHUNK = 64 * 1024


def asked_range(request, *, size: int, etag: str) -> tuple[int, int] | None:
    """(first, last) byte that was asked for, None for the whole. Raises ValueError when the file has no such bytes.

    What is not one plain range, or is meant for another version of the file (`If-Range`), asks for the whole.
    """
    found = RANGE.match(request.headers.get("Range", ""))
    if found is None or request.headers.get("If-Range", etag) != etag or not any(found.groups()):
        return None
    start, end = found.groups()
    if not start:
        first, last = max(size - int(end), 0), size - 1
    else:
        first, last = int(start), min(int(end), size - 1) if end else size - 1
    if first > last:
        raise ValueError
    return first, last


def response(request, stored, *, name: str, size: int, content_type: str, etag: str) -> HttpResponse:
    """The file, or the part of it the browser asks for, as a private attachment. `etag` is quoted. Raises FileNotFoundError."""
    try:
        part = asked_range(request, size=size, etag=etag)
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = part or (0, size - 1)
    content = _Part(stored.open("rb"), first, last - first + 1)
    answer = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    answer.block_size = CHUNK
    answer["Content-Length"] = last - first + 1
    answer["Accept-Ranges"], answer["ETag"] = "bytes", etag
    if part:
        answer.status_code, answer["Content-Range"] = 206, f"bytes {first}-{last}/{size}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


class _Part:
    """`length` bytes of an open file from `first` on, as a file to read and close."""

    def __init__(self, file, first, length):
        file.seek(first)
        self._file, self._left = file, length

    def read(self, size):
        chunk = self._file.read(min(size, self._left))
        self._left -= len(chunk)
        return chunk

    def close(self):
        self._file.close()
