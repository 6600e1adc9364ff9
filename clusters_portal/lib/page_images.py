"""Pages of a received file as pictures, so that it is read in a page of the portal and its own bytes never are.

The file is opened in a process of its own, with limits on memory and time: one that breaks its reader breaks that
process and nothing else. A picture is kept for an hour, under the fingerprint of the file.
"""

import subprocess
import sys
from pathlib import Path

from django.core.cache import caches

MAX_PAGES = 400  # what a panel leads to; whoever needs the others downloads the file
SECONDS, KEPT = 30, 3600
DRAWING = Path(__file__).with_name("page_drawing.py")


class PageUnreadable(Exception):
    """There is no such page, or it cannot be drawn within the limits."""


def page_png(file, *, mime: str, sha256: str, number: int) -> bytes:
    """The page `number` (from 1) of a file as a PNG. `file` has `open`, as a model's file does. Raises PageUnreadable."""
    key, kept = f"{sha256}-{number}", caches["pages"]
    if found := kept.get(key):
        return found
    with file.open("rb") as opened:
        made = _drawn(opened.read(), mime, number)
    kept.set(key, made, KEPT)
    return made


def _drawn(content, mime, number) -> bytes:
    command = [sys.executable, "-I", str(DRAWING), mime, str(number)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise PageUnreadable(f"page {number} took more than {SECONDS} seconds") from None
    if done.returncode or not done.stdout.startswith(b"\x89PNG"):
        raise PageUnreadable(f"page {number}: {done.stderr.decode(errors='replace').strip()[-200:]}")
    return done.stdout
