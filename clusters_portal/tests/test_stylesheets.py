import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from clusters_portal.stylesheets import IMPORT, WholeSheets, whole


@pytest.fixture
def sheets(settings, tmp_path):
    """A source folder with one sheet in two parts and a plain one; what is served is written beside it."""
    static = tmp_path / "static"
    (static / "css" / "parts").mkdir(parents=True)
    (static / "css" / "parts" / "first.css").write_text("a { color: red }\n")
    (static / "css" / "parts" / "second.css").write_text("/* A comment\nof two lines. */\nb { color: blue }\n")
    (static / "css" / "sheet.css").write_text(
        '/* Head. */\n@import url("parts/first.css");\n@import url("parts/second.css");\n\nc { color: green }\n'
    )
    (static / "css" / "plain.css").write_text("p { margin: 0 }\n")
    settings.STATICFILES_DIRS = [static]
    settings.DATA_DIR = tmp_path / "data"
    return static


def read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def test_parts_are_served_as_one_sheet_in_their_order(sheets):
    served = read(WholeSheets().find("css/sheet.css"))
    assert served == "a { color: red }\n\nb { color: blue }\n\n\nc { color: green }\n"


def test_changed_part_is_served_at_once(sheets):
    WholeSheets().find("css/sheet.css")
    (sheets / "css" / "parts" / "first.css").write_text("a { color: black }\n")
    assert "a { color: black }" in read(WholeSheets().find("css/sheet.css"))


@pytest.mark.parametrize("path", ["css/plain.css", "css/parts/first.css", "css/nowhere.css", "img/favicon.svg", "../secret.css"])
def test_other_files_are_left_to_the_other_finders(path, sheets):
    assert WholeSheets().find(path) == []
    assert WholeSheets().find(path, find_all=True) == []


def test_part_that_is_not_there_stops_the_collection(sheets):
    (sheets / "css" / "parts" / "second.css").unlink()
    with pytest.raises(FileNotFoundError):
        list(WholeSheets().list(None))


def test_the_portal_s_sheet_is_served_whole_everywhere(settings, tmp_path):
    """The file WhiteNoise finds and the file production collects are the same, and import nothing."""
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    served = read(finders.find("css/portal.css"))
    assert served == whole(settings.BASE_DIR / "static" / "css" / "portal.css")
    assert IMPORT.search(served) is None
    assert "@import" not in served
    assert read(tmp_path / "css" / "portal.css") == served
