"""What the files name exists, what exists is named, and no page holds what its security policy refuses."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs

from scripts import vendor
from tests import pages

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
CODE = ("clusters_portal", "applications", "evaluation")

INLINE = [
    '<p style="color: red">x</p>',
    '<p\n  class="x"\n  style="color: red">x</p>',
    "<style>p {}</style>",
    "<script>alert(1)</script>",
    '<script type="module">import "./x.js"</script>',
    '<button onclick="go()">x</button>',
    '<a href="javascript:go()">x</a>',
]
OUTSIDE = [
    ("templates/x.html", '<script src="https://cdn.example/x.js"></script>'),
    ("templates/x.html", '<link rel="stylesheet" href="//cdn.example/x.css">'),
    ("templates/x.html", '<img src="http://img.example/x.png">'),
    ("templates/x.html", '<form action="https://form.example/">'),
    ("static/css/x.css", "@import 'https://cdn.example/x.css';"),
    ("static/css/x.css", "p { background: url(https://cdn.example/x.png) }"),
    ("static/js/x.js", 'fetch("https://api.example/")'),
]
MISSING = [
    ("templates/x.html", "{% static 'css/nowhere.css' %}"),
    ("static/css/x.css", "p { background: url(../img/nowhere.svg) }"),
    ("static/js/x.js", 'import { go } from "./nowhere.js";'),
]


def write(root: Path, path: str, text: str) -> None:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def names_of_packages() -> set[str]:
    """Templates that installed packages look up: ours of the same name replace them."""
    return {name for folder in get_app_template_dirs("templates") for name in pages.template_names(Path(folder))}


def test_every_template_is_used():
    problems = pages.unused_templates(ROOT, elsewhere=names_of_packages(), folders=CODE)
    assert problems == [], "\n".join(problems)


def test_unused_template_is_found(tmp_path):
    write(tmp_path, "templates/applications/used.html", "{% include 'applications/_part.html' %}")
    write(tmp_path, "templates/applications/_part.html", "")
    write(tmp_path, "templates/emails/welcome.txt", "")
    write(tmp_path, "templates/account/login.html", "")
    write(tmp_path, "templates/applications/forgotten.html", "")
    write(tmp_path, "applications/views.py", "def f(name):\n    return 'applications/used.html', f'emails/{name}.txt'\n")
    assert pages.unused_templates(tmp_path, elsewhere={"account/login.html"}, folders=("applications",)) == ["applications/forgotten.html"]


def test_every_template_compiles():
    names = pages.template_names(TEMPLATES)
    assert names
    for name in sorted(names):
        get_template(name)


def test_every_template_named_in_a_template_exists():
    known = pages.template_names(TEMPLATES) | names_of_packages()
    missing = [
        f"{path.relative_to(ROOT)}:{line} names {name}"
        for path in pages.files(TEMPLATES, ".html", ".txt")
        for line, name in pages.references(pages.TEMPLATE_REFERENCE, path)
        if name not in known
    ]
    assert missing == [], "\n".join(missing)


def test_pages_hold_no_inline_code():
    problems = pages.inline_code(TEMPLATES)
    assert problems == [], "\n".join(problems)


@pytest.mark.parametrize("text", INLINE)
def test_inline_code_is_found(text, tmp_path):
    write(tmp_path, "applications/x.html", text)
    assert len(pages.inline_code(tmp_path)) == 1


def test_harmless_code_is_accepted(tmp_path):
    write(tmp_path, "x.html", '{# style="x" #}<script src="{% static \'js/x.js\' %}" type="module"></script><p class="style">on = "x"</p>')
    write(tmp_path, "pdf/x.html", "<style>p {}</style>")
    assert pages.inline_code(tmp_path) == []


def test_pages_fetch_nothing_from_outside():
    problems = pages.addresses_outside(ROOT)
    assert problems == [], "\n".join(problems)


@pytest.mark.parametrize(("path", "text"), OUTSIDE)
def test_address_outside_is_found(path, text, tmp_path):
    write(tmp_path, path, text)
    assert len(pages.addresses_outside(tmp_path)) == 1


def test_plain_link_is_accepted(tmp_path):
    write(tmp_path, "templates/x.html", '<a class="x" href="https://www.example.ma/">x</a><svg xmlns="http://www.w3.org/2000/svg"></svg>')
    assert pages.addresses_outside(tmp_path) == []


def test_every_static_reference_exists():
    problems = pages.missing_static(ROOT)
    assert problems == [], "\n".join(problems)


@pytest.mark.parametrize(("path", "text"), MISSING)
def test_missing_static_file_is_found(path, text, tmp_path):
    write(tmp_path, path, text)
    assert len(pages.missing_static(tmp_path)) == 1


def test_static_files_can_be_collected_for_production(settings, tmp_path):
    """The hashed storage of production follows every reference and stops at the first that leads nowhere. Every module is
    imported by its hashed name: a browser keeps it for good."""
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["css", "js", "map", "png", "svg", "ttf", "webp", "woff2"]  # it takes long
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "clusters_portal.hashed.HashedFiles"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    collected = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    scripts = [(tmp_path / hashed).read_text() for name, hashed in collected.items() if re.fullmatch(r"js/[^/]+\.js", name)]
    imported = {name for script in scripts for name in re.findall(r"""(?:from |import |import\()"\./([^"]+)\"""", script)}
    assert imported and imported <= {Path(hashed).name for hashed in collected.values()}


def test_vendored_files_are_as_recorded():
    problems = vendor.mismatches()
    assert problems == [], "\n".join(problems)


def test_changed_vendored_file_is_found(tmp_path):
    write(
        tmp_path,
        "static/vendor/manifest.json",
        '{"packages": [{"files": [{"to": "a.css", "sha256": "00"}]}], "kept": [{"to": "b", "sha256": "0"}]}',
    )
    write(tmp_path, "a.css", "changed")
    assert vendor.mismatches(tmp_path) == ["a.css differs from its recorded hash", "b is missing"]
