"""Is every file and function still short enough to be read in one go?

A longer one is possible: with an entry below that says why. An entry that is no longer needed fails too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.source import files, text, tree

FILE_LINES = {".py": 400, ".js": 400, ".css": 400, ".html": 120}
MODULE_LINES = 199  # a browser module
FUNCTION_LINES = 60

LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}  # "path::Class.function" → why


def ours(suffix: str) -> list[str]:
    generated = ("/migrations/", "/__pycache__/")
    return [path for path in files(suffix, tests=True) if not any(part in path for part in generated)]


def lines(path: str) -> int:
    return len(text(path).splitlines())


def allowed(path: str) -> int:
    suffix = path[path.rindex(".") :]
    in_browser = suffix == ".js" and "/static/" in path
    return MODULE_LINES if in_browser else FILE_LINES[suffix]


def functions(node: ast.AST, above: str = "") -> Iterator[tuple[str, int]]:
    """(qualified name, lines from `def` to the end) of every function, methods and inner ones included."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):  # nothing is defined in there, and most of a tree is
            continue
        name = above
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{above}.{child.name}".lstrip(".")
            if not isinstance(child, ast.ClassDef):
                yield name, (child.end_lineno or child.lineno) - child.lineno + 1
        yield from functions(child, name)


def test_files_are_within_their_budgets() -> None:
    paths = [path for suffix in FILE_LINES for path in ours(suffix) if path not in LONG_FILES]
    assert {path: lines(path) for path in paths if lines(path) > allowed(path)} == {}


def test_functions_are_within_their_budget() -> None:
    sizes = {f"{path}::{name}": size for path in ours(".py") for name, size in functions(tree(path))}
    long = {name: size for name, size in sizes.items() if size > FUNCTION_LINES}
    assert {name: size for name, size in long.items() if name not in LONG_FUNCTIONS} == {}


def test_modules_say_first_which_question_they_answer() -> None:
    written = [path for path in ours(".py") if text(path).strip()]
    assert [path for path in written if not ast.get_docstring(tree(path))] == []


def test_exceptions_are_still_needed() -> None:
    sizes = {f"{path}::{name}": size for path in ours(".py") for name, size in functions(tree(path))}
    unneeded = [name for name in LONG_FUNCTIONS if sizes.get(name, 0) <= FUNCTION_LINES]
    known = {path for suffix in FILE_LINES for path in ours(suffix)}
    unneeded += [path for path in LONG_FILES if path not in known or lines(path) <= allowed(path)]
    assert unneeded == []
