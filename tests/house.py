"""The plan of the house as data, and the checks that compare the code with it (used by test_architecture.py).

Each check takes the modules of a tree and returns one sentence per violation, so that the tests can run it on the
project and on a small tree with a planted violation. docs/architecture.md says why each rule is there.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

APPS = ("clusters_portal", "applications", "evaluation")
FLOOR = {"clusters_portal": 0, "applications": 1, "evaluation": 2}

# Ground floor: what each area may import from the ground besides itself. Modules of clusters_portal itself (settings,
# urls, middleware, context processors) put the house together and may import any area.
GROUND = {
    "lib": set(),
    "audit": {"lib"},
    "accounts": {"audit", "lib"},
    "notifications": {"accounts", "audit", "lib"},
    "operations": {"accounts", "audit", "lib", "notifications"},
    "privacy": {"accounts", "audit", "lib", "notifications", "operations"},
    "templatetags": {"accounts", "lib"},
}
# The names of the roles, a leaf that every area but lib may use.
ROLES = "clusters_portal.accounts.roles"

# Inside an app, from the top down: a module imports its own layer and lower ones.
LAYERS = [
    {"urls", "admin", "management", "demonstration", "tasks"},
    {"views", "templatetags"},
    {"services"},
    {"pdf", "exports"},
    {"snapshots", "recap", "published", "imports", "canevas", "timeline"},
    {"steps"},
    {"forms", "filters"},
    {"queries", "permissions"},
    {"workflow"},
    {"models"},
    {"rules", "reference", "declaration", "search"},
]
LEVEL = {name: len(LAYERS) - position for position, names in enumerate(LAYERS) for name in names}
# pdf_letters.py stands with pdf.py, and so on.
FAMILIES = ("pdf", "exports", "queries")
WITHOUT_LAYER = {"__init__", "apps"}

REQUEST_MODULES = ("django.http", "django.contrib.messages", "django.shortcuts", "django.template.response")
STATUS_WRITERS = ("services/lifecycle.py", "audit/lifecycle.py")
LAZY_IMPORTS = {("clusters_portal/lib/pdf.py", "clusters_portal.lib.pdf_engine")}
MAX_FILE_LINES = 320
MAX_FUNCTION_LINES = 45
# In a comment, or followed by a colon anywhere; a state or a constant of that name is nobody's note.
NOTE = "(?:TO" + "DO|FIX" + "ME)"
UNFINISHED = re.compile(rf"(?:#|//|/\*|<!--|^\s*\*).*\b{NOTE}\b|\b{NOTE}: ")
TEXT_SUFFIXES = {".py", ".html", ".js", ".css", ".sh", ".txt", ".svg"}


@dataclass(frozen=True)
class Module:
    """One Python file: path relative to the root, dotted name, its text and its syntax tree."""

    path: str
    name: str
    text: str
    tree: ast.Module

    @property
    def parts(self) -> list[str]:
        return self.name.split(".")

    @property
    def app(self) -> str:
        return self.parts[0]

    @property
    def layer(self) -> str:
        """First name below the app: "models", "views"… or "__init__"."""
        return self.parts[1] if len(self.parts) > 1 else "__init__"


@dataclass(frozen=True)
class Import:
    target: str
    line: int


def modules(root: Path) -> list[Module]:
    """The code of the three apps, without migrations and tests."""
    found = []
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            relative = path.relative_to(root)
            if {"migrations", "tests"} & set(relative.parts):
                continue
            names = relative.with_suffix("").parts
            name = ".".join(names[:-1] if names[-1] == "__init__" else names)
            text = path.read_text(encoding="utf-8")
            found.append(Module(relative.as_posix(), name, text, ast.parse(text, filename=str(relative))))
    return found


def imports(module: Module, tree: ast.AST | None = None) -> Iterator[Import]:
    """Every import of a module, absolute. ``from package import x`` counts as ``package.x``: x may be a module."""
    package = module.parts if module.path.endswith("__init__.py") else module.parts[:-1]
    for node in ast.walk(tree or module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package[: len(package) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            for alias in node.names:
                yield Import(f"{base}.{alias.name}", node.lineno)


def within(target: str, prefix: str) -> bool:
    return target == prefix or target.startswith(prefix + ".")


def arrows_up(found: list[Module]) -> list[str]:
    """Imports from a lower floor to a higher one, or between areas of the ground against their order."""
    problems = []
    for module in found:
        for item in imports(module):
            parts = item.target.split(".")
            app = parts[0]
            if app not in FLOOR:
                continue
            where = f"{module.path}:{item.line} imports {item.target}"
            if FLOOR[app] > FLOOR[module.app]:
                problems.append(f"{where}: {module.app} stands below {app}")
            area = parts[1] if len(parts) > 1 else ""
            if app == module.app == "clusters_portal" and module.layer in GROUND and area in GROUND:
                roles = within(item.target, ROLES) and module.layer != "lib"
                if area != module.layer and area not in GROUND[module.layer] and not roles:
                    problems.append(f"{where}: {module.layer} may not know {area}")
    return problems


def level(name: str) -> int | None:
    """Height of a layer inside its app, None when it has no place in the plan."""
    family = next((family for family in FAMILIES if name.startswith(f"{family}_")), name)
    return LEVEL.get(family)


def layers_up(found: list[Module]) -> list[str]:
    """Imports from a lower layer to a higher one of the same app, and modules that have no place in the plan."""
    problems = []
    for module in found:
        if module.app == "clusters_portal" or module.layer in WITHOUT_LAYER:
            continue
        if level(module.layer) is None:
            problems.append(f"{module.path}: “{module.layer}” has no place in LAYERS (tests/house.py); put it where it belongs")
            continue
        for item in imports(module):
            parts = item.target.split(".")
            if parts[0] != module.app or len(parts) < 2:
                continue
            if (level(parts[1]) or 0) > level(module.layer):
                problems.append(f"{module.path}:{item.line} imports {item.target}: {module.layer} stands below {parts[1]}")
    return problems


def impure_rules(found: list[Module]) -> list[str]:
    """Rules import the standard library, their own package and translation; nothing else."""
    problems = []
    for module in found:
        if module.app == "clusters_portal" or module.layer != "rules":
            continue
        for item in imports(module):
            own = within(item.target, f"{module.app}.rules")
            pure = item.target.split(".")[0] in sys.stdlib_module_names or within(item.target, "django.utils.translation")
            if not own and not pure:
                problems.append(f"{module.path}:{item.line} imports {item.target}: rules are pure")
    return problems


def services_that_know_requests(found: list[Module]) -> list[str]:
    """Services that import what belongs to a web request, or take one."""
    problems = []
    for module in found:
        if "services" not in module.parts[:-1] and module.layer != "services":
            continue
        for item in imports(module):
            if any(within(item.target, name) for name in REQUEST_MODULES):
                problems.append(f"{module.path}:{item.line} imports {item.target}: a service never sees a request")
        for function in functions(module.tree):
            arguments = function.args
            if any(arg.arg == "request" for arg in arguments.posonlyargs + arguments.args + arguments.kwonlyargs):
                problems.append(f"{module.path}:{function.lineno} {function.name} takes a request: give it values and an actor")
    return problems


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def statuses_written_elsewhere(found: list[Module]) -> list[str]:
    """A status assigned, set or updated anywhere but in the lifecycle modules."""
    problems = []
    for module in found:
        if module.path.endswith(STATUS_WRITERS):
            continue
        own = {id(node) for function in functions(module.tree) if function.name == "__init__" for node in ast.walk(function)}
        for node in ast.walk(module.tree):
            # An object that fills itself (an exception, a value) is no stored row: those have no __init__ of their own.
            if writes_status(node) and id(node) not in own:
                problems.append(f"{module.path}:{node.lineno} writes a status: only services/lifecycle.py moves one")
    return problems


def writes_status(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple | ast.List) else [target])]
        return any(isinstance(name, ast.Attribute) and name.attr == "status" for name in names)
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called == "update":
        # `update(status=409)` on the values of a page is an answer's HTTP status: ours are words.
        return any(keyword.arg == "status" and not is_number(keyword.value) for keyword in node.keywords)
    if called == "bulk_update":
        return any(is_status(part) for argument in [*node.args, *node.keywords] for part in ast.walk(argument))
    return called == "setattr" and len(node.args) > 1 and is_status(node.args[1])


def is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def is_status(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == "status"


def imports_inside_functions(found: list[Module]) -> list[str]:
    """An import inside a function usually hides an arrow up. AppConfig.ready and the slow WeasyPrint are the exceptions."""
    problems = []
    for module in found:
        for function in functions(module.tree):
            if function.name == "ready" and module.path.endswith("apps.py"):
                continue
            for item in imports(module, function):
                if not any(module.path == path and within(item.target, name) for path, name in LAZY_IMPORTS):
                    problems.append(f"{module.path}:{item.line} imports {item.target} inside {function.name}")
    return sorted(set(problems))


def too_long(found: list[Module]) -> list[str]:
    """Files and functions that ask to be two."""
    problems = []
    for module in found:
        lines = module.text.count("\n")
        if lines > MAX_FILE_LINES:
            problems.append(f"{module.path} has {lines} lines, more than {MAX_FILE_LINES}")
        for function in functions(module.tree):
            length = function.end_lineno - function.lineno + 1
            if length > MAX_FUNCTION_LINES:
                problems.append(f"{module.path}:{function.lineno} {function.name} has {length} lines, more than {MAX_FUNCTION_LINES}")
    return problems


def unfinished(root: Path, folders: tuple[str, ...] = (*APPS, "templates", "static", "scripts", "tests")) -> list[str]:
    """Notes to oneself left in the code."""
    problems = []
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in TEXT_SUFFIXES or "vendor" in path.parts:
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
                if UNFINISHED.search(line):
                    problems.append(f"{path.relative_to(root)}:{number} {line.strip()}")
    return problems
