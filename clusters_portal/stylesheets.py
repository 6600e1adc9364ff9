"""Style sheets written in parts and served as one file.

A sheet of ``static/css`` may open with lines ``@import url("portal/forms.css");``. A browser would follow them, one more
request each after it has read the sheet; so the finder below hands out the same sheet with its parts written in place.
Development, the demonstration and ``collectstatic`` all ask a finder, and serve the same file.
"""

import os
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

IMPORT = re.compile(r'^@import url\("([^":]+)"\);\n', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)


def whole(sheet: Path) -> str:
    """The text of a sheet with every part it imports in the place of its line, without the comments. OSError when a part is not there."""
    text = sheet.read_text(encoding="utf-8")
    joined = IMPORT.sub(lambda line: (sheet.parent / line[1]).read_text(encoding="utf-8") + "\n", text)
    return text if joined == text else COMMENT.sub("", joined)


class WholeSheets(BaseFinder):
    """Finds the sheets that have parts, first in STATICFILES_FINDERS so that it answers before their source does."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.sources = [Path(folder) for folder in settings.STATICFILES_DIRS if not isinstance(folder, tuple)]
        self.storage = FileSystemStorage(location=settings.DATA_DIR / "sheets")

    def check(self, **kwargs) -> list:
        return []

    def find(self, path, find_all=False, **kwargs):
        for source in self.sources:
            sheet = source / path
            if (
                sheet.parent == source / "css"
                and sheet.suffix == ".css"
                and sheet.is_file()
                and (text := whole(sheet)) != sheet.read_text()
            ):
                return [self.written(path, text)] if find_all else self.written(path, text)
        return []

    def list(self, ignore_patterns):
        for source in self.sources:
            for sheet in sorted((source / "css").glob("*.css")):
                path = f"css/{sheet.name}"
                if self.find(path):
                    yield path, self.storage

    def written(self, path: str, text: str) -> str:
        """The file to serve. Renamed into place: several workers may start at once, none may read half a sheet."""
        target = Path(self.storage.path(path))
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_suffix(f".{os.getpid()}")
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(target)
        return str(target)
