"""Does every import point downwards, and does nothing heavy load with a web process?"""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest

from tests.architecture.source import (
    PACKAGES,
    ROOT,
    files,
    imported,
    is_module,
    module_name,
    only_for_types,
    text,
    tree,
)

# Whatever is no step and none of these, which exist to face Django or the outside, is pure: it knows nothing
# of Django, and can be read, tested and reused without it.
EDGES = {
    "adapters", "admin", "apps", "consumers", "context_processors", "exports", "hashers", "inputs",
    "live", "management", "middleware", "migrations", "receivers", "routing", "templatetags", "urls", "views",
    "worker",
}  # fmt: skip
# Steps inside an app, lowest first; an edge stands above all of them. Enums and errors are the shared words:
# their base classes are Django's, but nothing of Django is reached through them.
STEPS = {"enums": 0, "errors": 0, "signals": 0, "models": 2, "queries": 3, "permissions": 3, "actions": 4}
PURE, EDGE = 1, 5

# Module → why it uses Django although it is neither a step nor an edge.
NOT_PURE = {
    "exams.intake.borrowed": "lends the intake's SQL to pages, on Django's own connection",
    "exams.player_config": "asks settings where the message catalogues lie",
    "scoring.reference": "asks settings where the reference data lie",
}

FRAMEWORK = {"django", "channels", "allauth", "csp", "whitenoise"}
IRT_MAY_USE = {"numpy", "scipy", *sys.stdlib_module_names}
REASON = re.compile(r"# noqa: PLC0415\W+\w+\W+\w+")


def step(module: str) -> int:
    """How high in its app a module stands; everything in examsite is an edge."""
    package, _, rest = module.partition(".")
    part = rest.split(".")[0]
    if package == "examsite" or part in EDGES:
        return EDGE
    return STEPS.get(part, PURE)


def ours(path: str) -> set[str]:
    return {name for _, name in imported(path) if name.split(".")[0] in PACKAGES}


def loaded(path: str) -> set[str]:
    """Our modules that this one loads; a bare package (as in `import exams`) is none."""
    for_types = only_for_types(path)
    return {
        name for node, name in imported(path) if node not in for_types and name in ours(path) and "." in name
    }


def roots(path: str) -> set[str]:
    return {name.split(".")[0] for _, name in imported(path)}


def application_modules() -> list[str]:
    return [path for path in files(".py") if not path.startswith("examsite/") and path.count("/") > 0]


def pure_modules() -> list[str]:
    named = [path for path in application_modules() if not path.endswith("__init__.py")]
    candidates = {path: module_name(path) for path in named}
    return [path for path, module in candidates.items() if step(module) == PURE and module not in NOT_PURE]


def inside_functions(module: ast.Module) -> set[ast.AST]:
    functions = (
        node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return {
        node
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }


def test_packages_import_only_what_lies_below_them() -> None:
    upward = {
        path: above
        for path in files(".py")
        if (above := {name for name in ours(path) if rank(name) > rank(module_name(path))})
    }
    assert upward == {}


def rank(module: str) -> int:
    return PACKAGES.index(module.split(".")[0])


def test_production_code_never_imports_tests() -> None:
    assert [path for path in files(".py") if roots(path) & {"tests", "pytest"}] == []


def test_steps_inside_an_app_import_only_earlier_steps() -> None:
    later = {
        path: above
        for path in application_modules()
        if (above := {name for name in loaded(path) if step(name) > step(module_name(path))})
    }
    assert later == {}


def test_pure_modules_know_nothing_of_django() -> None:
    impure = {path: found for path in pure_modules() if (found := roots(path) & FRAMEWORK)}
    assert impure == {}


def test_irt_uses_numpy_scipy_and_itself() -> None:
    foreign = {
        path: found
        for path in files(".py")
        if path.startswith("scoring/irt/")
        and (found := {name for _, name in imported(path) if not name.startswith("scoring.irt")})
        and (found := {name for name in found if name.split(".")[0] not in IRT_MAY_USE})
    }
    assert foreign == {}


def test_imports_inside_functions_give_their_reason() -> None:
    # The reason stands on the line, behind what silences ruff: … PLC0415  only where PostgreSQL is used
    silent = [
        f"{path}:{node.lineno}"
        for path in files(".py")
        for node in inside_functions(tree(path))
        if not REASON.search(text(path).splitlines()[node.lineno - 1])  # type: ignore[attr-defined]
    ]
    assert silent == []


def test_outside_irt_scipy_is_imported_only_inside_functions() -> None:
    """In irt, modules of their own may; that no web process loads them is tested at the end of this file."""
    early = {
        path
        for path in files(".py")
        if not path.startswith("scoring/irt/")
        for node, name in imported(path)
        if name.split(".")[0] == "scipy" and node not in inside_functions(tree(path))
    }
    assert early == set()


def test_listed_exceptions_are_still_needed() -> None:
    paths = {module: f"{module.replace('.', '/')}.py" for module in NOT_PURE}
    assert [
        module for module in NOT_PURE if not is_module(module) or not roots(paths[module]) & FRAMEWORK
    ] == []


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("exams.enums", 0),
        ("exams.intake.writer", PURE),
        ("exams.timing", PURE),
        ("exams.models.sitting", 2),
        ("scoring.actions.score", 4),
        ("exams.views.player", EDGE),
        ("accounts.middleware", EDGE),
        ("examsite.bridge", EDGE),
    ],
)
def test_step_of_a_module(module: str, expected: int) -> None:
    assert step(module) == expected


def test_a_web_process_starts_without_scipy() -> None:
    program = (
        "import sys, examsite.asgi, django.urls; django.urls.get_resolver().url_patterns;"
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'scipy'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("[]\n", "", 0)
