"""French and Arabic are complete: every sentence of today's code and templates, no fuzzy entry, the same placeholders."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fr", "ar")
SOURCES = ("clusters_portal", "applications", "evaluation", "templates", "manage.py")
NAMED = re.compile(r"%\(\w+\)[sd]|{\w+}")


@pytest.fixture(scope="module")
def sentences(tmp_path_factory) -> dict:
    """What makemessages collects now, from a copy: {(context, msgid): plural msgid or ""}."""
    copy = tmp_path_factory.mktemp("messages")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "tests", "migrations"))
        elif source.exists():
            shutil.copy(source, copy / name)
    (copy / "locale").mkdir()
    command = [sys.executable, "manage.py", "makemessages", "--locale", "fr", "--keep-pot"]
    environment = {"PATH": "/usr/bin:/bin:/usr/local/bin", "DEMO_MODE": "1", "DATA_DIR": str(copy / "var"), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = {(entry.msgctxt, entry.msgid): entry.msgid_plural for entry in polib.pofile(str(copy / "locale" / "django.pot"))}
    assert len(found) > 20
    return found


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def placeholder_problems(entry: polib.POEntry) -> list[str]:
    """Placeholders lost or invented. A plural form may leave out the figure (« un dossier »), never invent one."""
    wanted = set(NAMED.findall(entry.msgid + entry.msgid_plural))
    problems = []
    for text in texts(entry):
        found = set(NAMED.findall(text))
        if found - wanted or (not entry.msgid_plural and wanted - found):
            problems.append(f"“{entry.msgid}”: {sorted(wanted)} became {sorted(found)} in “{text}”")
    if entry.msgid_plural and wanted - set(NAMED.findall("".join(texts(entry)))):
        problems.append(f"“{entry.msgid}”: no plural form keeps {sorted(wanted)}")
    return problems


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language, sentences):
    translated = {
        (entry.msgctxt, entry.msgid) for entry in catalogue(language) if not entry.obsolete and all(texts(entry)) and texts(entry)
    }
    missing = sorted(msgid for _, msgid in sentences.keys() - translated)
    assert missing == [], f"{len(missing)} sentences without a translation:\n" + "\n".join(missing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_is_fuzzy(language):
    assert [entry.msgid for entry in catalogue(language) if entry.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive_translation(language):
    problems = [problem for entry in catalogue(language) if not entry.obsolete for problem in placeholder_problems(entry)]
    assert problems == [], "\n".join(problems)


@pytest.mark.parametrize(("language", "forms"), [("fr", 2), ("ar", 6)])
def test_plural_forms_are_complete(language, forms):
    plurals = [entry for entry in catalogue(language) if entry.msgid_plural and not entry.obsolete]
    assert [entry.msgid for entry in plurals if len(entry.msgstr_plural) != forms] == []


@pytest.mark.parametrize(
    ("entry", "count"),
    [
        (polib.POEntry(msgid="%(name)s left", msgstr="%(name)s est parti"), 0),
        (polib.POEntry(msgid="%(name)s left", msgstr="est parti"), 1),
        (polib.POEntry(msgid="{a} of {b}", msgstr="{a} sur {c}"), 1),
        (polib.POEntry(msgid="%(n)s file", msgid_plural="%(n)s files", msgstr_plural={0: "un fichier", 1: "%(n)s fichiers"}), 0),
        (polib.POEntry(msgid="%(n)s file", msgid_plural="%(n)s files", msgstr_plural={0: "un fichier", 1: "fichiers"}), 1),
    ],
)
def test_lost_placeholder_is_found(entry, count):
    assert len(placeholder_problems(entry)) == count
