"""Imports run down only, rules are pure, services know no request, one door for a status. See tests/house.py."""

from pathlib import Path

import pytest

from tests import house

ROOT = Path(__file__).resolve().parent.parent

# Check, and a file that breaks it: path and content.
PLANTED = [
    (house.arrows_up, "clusters_portal/lib/planted.py", "from applications.models import Call\n"),
    (house.arrows_up, "clusters_portal/audit/planted.py", "from evaluation import models\n"),
    (house.arrows_up, "applications/services/planted.py", "import evaluation.models\n"),
    (house.arrows_up, "applications/services/planted.py", "from evaluation.rules.scoring import total\n"),
    (house.arrows_up, "clusters_portal/lib/planted.py", "from clusters_portal.accounts.models import User\n"),
    (house.arrows_up, "clusters_portal/lib/planted.py", "from ..accounts import models\n"),
    (house.arrows_up, "clusters_portal/audit/planted.py", "from clusters_portal import accounts\n"),
    (house.arrows_up, "clusters_portal/lib/planted.py", "from clusters_portal.accounts.roles import Role\n"),
    (house.layers_up, "applications/models/planted.py", "from applications.services import drafts\n"),
    (house.layers_up, "applications/models/planted.py", "from ..queries import facts_of\n"),
    (house.layers_up, "applications/forms/planted.py", "from applications import views\n"),
    (house.layers_up, "evaluation/queries.py", "from .forms import ScoreForm\n"),
    (house.layers_up, "evaluation/pdf_letters.py", "from .views import letters\n"),
    (house.layers_up, "evaluation/junk_drawer.py", ""),
    (house.impure_rules, "applications/rules/planted.py", "from django.db import models\n"),
    (house.impure_rules, "evaluation/rules/planted.py", "from applications.models import Call\n"),
    (house.impure_rules, "evaluation/rules/planted.py", "from clusters_portal.lib import clock\n"),
    (house.services_that_know_requests, "applications/services/planted.py", "from django.http import HttpResponse\n"),
    (house.services_that_know_requests, "evaluation/services/planted.py", "from django.contrib import messages\n"),
    (house.services_that_know_requests, "evaluation/services/planted.py", "def save(*, request):\n    pass\n"),
    (house.statuses_written_elsewhere, "applications/services/planted.py", "def f(a):\n    a.status = 'draft'\n"),
    (house.statuses_written_elsewhere, "applications/services/planted.py", "def f(a):\n    b, a.status = 1, 'draft'\n"),
    (house.statuses_written_elsewhere, "applications/views/planted.py", "def f(a):\n    a.filter(pk=1).update(status='draft')\n"),
    (house.statuses_written_elsewhere, "applications/views/planted.py", "def f(a, b):\n    a.bulk_update(b, ['status'])\n"),
    (house.statuses_written_elsewhere, "applications/views/planted.py", "def f(a):\n    setattr(a, 'status', 'draft')\n"),
    (house.imports_inside_functions, "applications/services/planted.py", "def f():\n    import json\n"),
    (house.too_long, "applications/services/planted.py", "x = 1\n" * (house.MAX_FILE_LINES + 1)),
    (house.too_long, "applications/services/planted.py", "def f():\n" + "    x = 1\n" * house.MAX_FUNCTION_LINES),
]
PLANTED_NAMES = [f"{check.__name__}-{number}" for number, (check, _, _) in enumerate(PLANTED)]
CHECKS = list(dict.fromkeys(check for check, _, _ in PLANTED))

# The same rules obeyed, side by side: none of the checks may object.
CLEAN = {
    "clusters_portal/urls.py": "from django.urls import include\nfrom clusters_portal.accounts import views\n",
    "clusters_portal/accounts/views.py": "from clusters_portal.audit import journal\nfrom ..lib import clock\n",
    "clusters_portal/lib/pdf.py": "def render():\n    from clusters_portal.lib import pdf_engine\n    return pdf_engine\n",
    "clusters_portal/audit/admin.py": "from clusters_portal.accounts.roles import Role\n",
    "clusters_portal/lib/workflow.py": "class Refused(Exception):\n    def __init__(self, status):\n        self.status = status\n",
    "clusters_portal/audit/lifecycle.py": "def move(row):\n    row.status = 'x'\n",
    "applications/apps.py": "class Config:\n    def ready(self):\n        from applications import models\n",
    "applications/models/calls.py": "from applications.rules import facts\nfrom clusters_portal.lib import clock\n",
    "applications/rules/budget.py": "from decimal import Decimal\nfrom .facts import Facts\nfrom django.utils.translation import gettext\n",
    "applications/services/lifecycle.py": "def move(row):\n    row.status, row.x = 'x', 1\n",
    "applications/services/drafts.py": "from applications.models import Call\n\n\ndef save(*, actor):\n    return actor.status == 'x'\n",
    "evaluation/views/sheet.py": "def show(page):\n    page.update(status=409)\n",
    "evaluation/views/pages.py": "from applications.models import Call\nfrom evaluation.services import grids\n",
}


def write(root: Path, path: str, text: str) -> None:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_project_obeys(check):
    found = house.modules(ROOT)
    assert {module.app for module in found} >= {"clusters_portal"}
    problems = check(found)
    assert problems == [], "\n".join(problems)


def test_project_has_no_notes_to_oneself():
    problems = house.unfinished(ROOT)
    assert problems == [], "\n".join(problems)


@pytest.mark.parametrize(("check", "path", "text"), PLANTED, ids=PLANTED_NAMES)
def test_check_catches_a_planted_violation(check, path, text, tmp_path):
    write(tmp_path, path, text)
    problems = check(house.modules(tmp_path))
    assert len(problems) == 1
    assert problems[0].startswith(path)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_check_accepts_a_clean_house(check, tmp_path):
    for path, text in CLEAN.items():
        write(tmp_path, path, text)
    assert len(house.modules(tmp_path)) == len(CLEAN)
    assert check(house.modules(tmp_path)) == []


NOTE = "TO" + "DO"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("templates/page.html", f"<p>{{# {NOTE} later #}}</p>"),
        ("applications/x.py", f"x = 1  # {NOTE}"),
        ("static/js/x.js", f"// {NOTE}"),
        ("evaluation/x.py", f"def f():\n    '{NOTE}: write'"),
    ],
)
def test_unfinished_catches_a_note(path, text, tmp_path):
    write(tmp_path, path, text)
    assert len(house.unfinished(tmp_path)) == 1


def test_unfinished_accepts_a_state_of_that_name(tmp_path):
    write(tmp_path, "applications/steps.py", f"{NOTE} = 'todo'\nready = 1 if {NOTE} == 'todo' else 2\n")
    assert house.unfinished(tmp_path) == []


def test_migrations_and_tests_are_left_out(tmp_path):
    write(tmp_path, "applications/migrations/0001_initial.py", "import evaluation\n")
    write(tmp_path, "applications/tests/test_x.py", "import evaluation\n")
    assert house.modules(tmp_path) == []
