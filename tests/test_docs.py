"""README, docs/ and SECURITY.md name what exists: commands, words of make, files, sections, variables, tests; the drawing is the plan's."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from scripts import drawing
from tests.test_configuration import names_read

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [path.relative_to(ROOT).as_posix() for path in PAGES]
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
TEST_FILE = re.compile(r"`((?:[a-z_]+/)*test_\w+\.py)`")


def text(path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(path) -> set:
    """Of the headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", text(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_link_leads_somewhere(path):
    lost = []
    for target in LINK.findall(CODE.sub("", text(path))):
        file, _sharp, anchor = target.partition("#")
        if file.startswith(("http", "mailto")):
            continue
        leads_to = path.parent / file if file else path
        if not leads_to.exists() or (anchor and anchor not in anchors(leads_to)):
            lost.append(target)
    assert lost == []


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_command_exists(path):
    makefile = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"manage\.py ([a-z_]+)", text(path))) <= set(get_commands())
    assert set(re.findall(r"`make ([a-z]+)`", text(path))) <= makefile
    assert [name for name in re.findall(r"\bscripts/\w+\.(?:sh|py)", text(path)) if not (ROOT / name).is_file()] == []


def test_every_threat_names_tests_that_exist():
    rows = [line for line in text(ROOT / "SECURITY.md").splitlines() if line.startswith("| ") and "tests/" in line]
    assert len(rows) > 12
    for row in rows:
        named = TEST_FILE.findall(row.split("|")[3])
        assert named, row
        assert [name for name in named if not (ROOT / name).is_file()] == []


def test_readme_lists_every_variable():
    table = text(ROOT / "README.md").partition("| Variable | Meaning | Default |")[2].partition("\n\n")[0]
    assert names_read() - set(re.findall(r"`([A-Z0-9_]+)`", table)) == set()


def test_architecture_decisions_are_numbered_without_a_gap():
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_drawing_of_the_house_is_that_of_its_plan():
    assert text(drawing.TARGET) == drawing.drawing(), "the plan changed: make drawing"
