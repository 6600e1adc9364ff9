"""Reading the templates, style sheets and scripts as text: what they name, and what they may not hold.

Used by test_consistency.py, which runs each check on the project and on planted violations.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

# Documents made for print or mail are not served under the content security policy and carry their own style.
WITH_OWN_STYLE = ("pdf", "emails")
# Looked up by Django and allauth themselves.
BY_CONVENTION = {"400.html", "403.html", "403_csrf.html", "404.html", "405.html", "413.html", "429.html", "500.html", "robots.txt"}

TEMPLATE_TAG = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", re.DOTALL)
INLINE = {
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*type=[\"']application/json)", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a javascript: address": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
}
OUTSIDE = {
    ".html": re.compile(
        r"<(?!a\b)[a-z][^>]*?\s(?:src|srcset|href|action|formaction|poster|data)\s*=\s*[\"']\s*(?:https?:)?//[^\"']+", re.IGNORECASE
    ),
    ".css": re.compile(r"(?:url\(\s*[\"']?|@import\s+[\"'])(?:https?:)?//[^\"')]+", re.IGNORECASE),
    ".js": re.compile(r"[\"'`](?:https?|wss?):?//(?!www\.w3\.org/)[^\"'`]+", re.IGNORECASE),
}
TEMPLATE_REFERENCE = re.compile(r"{%-?\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")
STATIC_REFERENCE = re.compile(r"{%-?\s*static\s+[\"']([^\"']+)[\"']")
CSS_REFERENCE = re.compile(r"url\(\s*[\"']?(?!data:|#|https?:|//)([^\"')?#]+)")
JS_REFERENCE = re.compile(r"(?:\bfrom|\bimport)\s*\(?\s*[\"'](\.{1,2}/[^\"']+)[\"']")


def without_comments(text: str) -> str:
    """The text with Django's comments blanked, line numbers kept."""
    return TEMPLATE_TAG.sub(lambda match: "\n" * match.group().count("\n"), text)


def files(folder: Path, *suffixes: str) -> Iterator[Path]:
    """Our own files below a folder, without the vendored ones."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in suffixes and "vendor" not in path.parts:
            yield path


def hits(pattern: re.Pattern, text: str) -> Iterator[tuple[int, str]]:
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.end()) + 1, " ".join(match.group().split())[:100]


def inline_code(templates: Path) -> list[str]:
    """Inline style, script and event attributes: the content security policy would refuse them."""
    problems = []
    for path in files(templates, ".html"):
        relative = path.relative_to(templates)
        text = without_comments(path.read_text(encoding="utf-8"))
        for what, pattern in INLINE.items():
            if "style" in what and relative.parts[0] in WITH_OWN_STYLE:
                continue
            problems += [f"{relative}:{line} has {what}: {hit}" for line, hit in hits(pattern, text)]
    return problems


def addresses_outside(root: Path) -> list[str]:
    """What a page would fetch from another machine. Plain links (<a href>) are no fetch."""
    problems = []
    for folder in (root / "templates", root / "static"):
        for path in files(folder, *OUTSIDE):
            text = without_comments(path.read_text(encoding="utf-8"))
            problems += [f"{path.relative_to(root)}:{line} fetches {hit}" for line, hit in hits(OUTSIDE[path.suffix], text)]
    return problems


def missing_static(root: Path) -> list[str]:
    """References from templates, style sheets and scripts to static files that do not exist."""
    problems = []
    static = root / "static"
    for path in files(root / "templates", ".html", ".txt", ".svg"):
        for line, name in references(STATIC_REFERENCE, path):
            if not (static / name).is_file() and not name.startswith("admin/"):
                problems.append(f"{path.relative_to(root)}:{line} names static file {name}, which does not exist")
    for pattern, suffix in ((CSS_REFERENCE, ".css"), (JS_REFERENCE, ".js")):
        for path in files(static, suffix):
            for line, name in references(pattern, path):
                if not (path.parent / name.strip()).is_file():
                    problems.append(f"{path.relative_to(root)}:{line} names {name}, which does not exist")
    return problems


def references(pattern: re.Pattern, path: Path) -> Iterator[tuple[int, str]]:
    text = without_comments(path.read_text(encoding="utf-8"))
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(1)


def template_names(templates: Path) -> set[str]:
    return {
        path.relative_to(templates).as_posix()
        for path in templates.rglob("*")
        if path.is_file() and path.suffix in (".html", ".txt", ".svg")
    }


def named_in_code(folders: list[Path]) -> tuple[set[str], list[re.Pattern]]:
    """Strings of the Python code, and patterns for those put together from pieces (f"emails/{name}.txt")."""
    exact, patterns = set(), []
    for folder in folders:
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    exact.add(node.value)
                elif isinstance(node, ast.JoinedStr):
                    fixed = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
                    # A pattern with no fixed folder would count every template as used.
                    if any(part and re.search(r"\w{2,}/|/\w{2,}", part) for part in fixed):
                        patterns.append(re.compile("".join("[^/]+" if part is None else re.escape(part) for part in fixed)))
    return exact, patterns


def unused_templates(root: Path, *, elsewhere: set[str], folders: tuple[str, ...]) -> list[str]:
    """Templates that neither the code nor another template names. ``elsewhere``: names that packages look up."""
    templates = root / "templates"
    exact, patterns = named_in_code([root / folder for folder in folders])
    for path in files(templates, ".html", ".txt", ".svg"):
        exact |= {name for _, name in references(TEMPLATE_REFERENCE, path)}
    return [
        name
        for name in sorted(template_names(templates) - exact - elsewhere - BY_CONVENTION)
        if not any(pattern.fullmatch(name) for pattern in patterns)
    ]
