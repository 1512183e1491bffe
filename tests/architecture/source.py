"""Which files are ours, and what do they say once comments and texts are out of the way?"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("accounts", "exams", "scoring", "examsite")  # in the order of dependence, lowest first
OTHERS = "/vendor/"  # folders of other people's code, which tests/architecture/test_vendored.py looks at

# The order matters: what starts first wins, so a slash inside a text is no comment and no expression.
_JS_PARTS = re.compile(
    r"""
    (?P<comment> //[^\n]* | /\*.*?\*/ )
  | (?P<text> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' )
  | (?P<template> `(?:\\.|[^`\\])*` )
  | (?P<expression> (?<=[=(,:!&|?{};\n])\s* /(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]* )
    """,
    re.VERBOSE | re.DOTALL,
)
_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")


def files(suffix: str, *, tests: bool = False) -> list[str]:
    """Paths below the root, with forward slashes, of all our files with this suffix."""
    roots = (*PACKAGES, "tests") if tests else PACKAGES
    found = (path for root in roots for path in (ROOT / root).rglob(f"*{suffix}"))
    return sorted(name for path in found if OTHERS not in (name := path.relative_to(ROOT).as_posix()))


@cache
def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path: str) -> ast.Module:
    return ast.parse(text(path), filename=path)


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imported(path: str) -> list[tuple[ast.Import | ast.ImportFrom, str]]:
    """Every import with the full name of each module it may load; relative ones resolved.

    `from a import b` yields `a.b` where that is a module of ours and `a` otherwise.
    """
    found: list[tuple[ast.Import | ast.ImportFrom, str]] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(node, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(path, node)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                found.append((node, inner if is_module(inner) else base))
    return found


def only_for_types(path: str) -> set[ast.AST]:
    """Imports below `if TYPE_CHECKING`: words for annotations, which nothing loads."""
    blocks = (
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
    )
    return {inner for block in blocks for inner in ast.walk(block)}


def is_module(name: str) -> bool:
    place = ROOT / name.replace(".", "/")
    return place.with_suffix(".py").exists() or (place / "__init__.py").exists()


def _absolute(path: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module_name(path).split(".")
    if not path.endswith("__init__.py"):
        package = package[:-1]
    package = package[: len(package) - (node.level - 1)]
    return ".".join([*package, *([node.module] if node.module else [])])


def bare_javascript(source: str) -> str:
    """The code without comments, texts and regular expressions, with what templates insert; same lines."""

    def blank(match: re.Match[str]) -> str:
        whole = match.group()
        inserted = " ".join(_PLACEHOLDER.findall(whole)) if match.lastgroup == "template" else ""
        return f'""{inserted}' + "\n" * whole.count("\n")

    return _JS_PARTS.sub(blank, source)
